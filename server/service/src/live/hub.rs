//! Hands what changed to every open stream of this process, and counts the streams.

use model::{Refusal, live::Changed};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{broadcast, watch};

/// So many streams one operator may have open: one for each tab that is seen, on all of their screens.
const MOST_OF_ONE: usize = 10;
/// So many streams one process keeps open.
const MOST: usize = 2_000;
/// So many tellings wait for a slow stream; one that is behind is told to look again.
const WAITING: usize = 64;

pub(crate) struct Hub {
    tell: broadcast::Sender<Changed>,
    stop: watch::Sender<bool>,
    seats: Arc<Seats>,
}

/// How many streams each operator has open.
#[derive(Default)]
struct Seats(Mutex<HashMap<i64, usize>>);

/// A stream's place, given back when it is dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    operator: i64,
}

/// What a stream hears.
pub(super) struct Told {
    pub changes: broadcast::Receiver<Changed>,
    pub stop: watch::Receiver<bool>,
    _seat: Seat,
}

impl Hub {
    pub fn new() -> Hub {
        Hub { tell: broadcast::channel(WAITING).0, stop: watch::channel(false).0, seats: Arc::default() }
    }

    /// Tells every open stream.
    pub fn tell(&self, changed: Changed) {
        // Nobody may be listening.
        let _ = self.tell.send(changed);
    }

    /// Ends every stream, now and from now on.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// A place to hear from.
    pub(super) fn listen(&self, operator: i64) -> Result<Told, Refusal> {
        let seat = self.seats.take(operator).ok_or(Refusal::Busy)?;
        Ok(Told { changes: self.tell.subscribe(), stop: self.stop.subscribe(), _seat: seat })
    }
}

impl Seats {
    fn take(self: &Arc<Seats>, operator: i64) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.get(&operator).copied().unwrap_or_default();
        if own >= MOST_OF_ONE || taken.values().sum::<usize>() >= MOST {
            return None;
        }
        taken.insert(operator, own + 1);
        Some(Seat { seats: Arc::clone(self), operator })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = taken.get(&self.operator).copied().unwrap_or_default().saturating_sub(1);
        match left {
            0 => drop(taken.remove(&self.operator)),
            left => drop(taken.insert(self.operator, left)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_has_ten_streams_and_gets_the_place_of_one_that_ended() {
        let hub = Hub::new();
        let mut open: Vec<Told> = (0..MOST_OF_ONE).map(|_| hub.listen(1).unwrap()).collect();
        assert_eq!(hub.listen(1).err(), Some(Refusal::Busy));
        assert!(hub.listen(2).is_ok(), "somebody else is not concerned");
        open.pop();
        assert!(hub.listen(1).is_ok());
    }
}
