//! Pauses: full jitter, so that what failed together is not tried again together; and one breaker for the relay.

use crate::ids::Ids;
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// The shortest pause before a message is tried again, in milliseconds.
pub const SHORTEST: i64 = 1_000;
/// The longest pause before a message is tried again, in milliseconds.
pub const LONGEST: i64 = 15 * 60_000;
/// How long a message that may have arrived waits before the same bytes go out again, in milliseconds.
pub const AFTER_UNCERTAIN: i64 = 60_000;
/// How many tries a message gets: some hours at the longest pauses.
pub const MOST_TRIES: i64 = 60;
/// What a try that may have arrived counts for: a relay that always breaks off after the dot gets five copies, not sixty.
pub const UNCERTAIN_COUNTS: i64 = MOST_TRIES / 5;
/// The longest pause between two attempts to reach a relay, in milliseconds: it bounds how late mail resumes after it is back.
const LONGEST_AWAY: i64 = 30_000;

/// A pause after so many tries: evenly between the shortest and twice as long with every try, up to `longest`. In milliseconds.
fn jittered(tries: i64, longest: i64, ids: &dyn Ids) -> i64 {
    let doublings = u32::try_from(tries.clamp(0, 20)).unwrap_or(20);
    let ceiling = (SHORTEST << doublings).min(longest);
    let mut bytes = [0; 4];
    ids.fill(&mut bytes);
    let share = i64::from(u32::from_le_bytes(bytes));
    SHORTEST + (ceiling - SHORTEST) * share / i64::from(u32::MAX)
}

/// How long a message waits after its try number `tries` failed, in milliseconds.
pub fn before_next_try(tries: i64, ids: &dyn Ids) -> i64 {
    jittered(tries, LONGEST, ids)
}

/// One breaker for the relay: while it is away nobody knocks, and after the pause one message tries first.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: i64,
    until: Option<Instant>,
}

impl Breaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The relay could not be used. Answers how long everything waits, in milliseconds; many workers that fail together are one failure.
    pub fn trip(&self, ids: &dyn Ids) -> i64 {
        let mut state = self.state();
        if let Some(left) = left(&state) {
            return i64::try_from(left.as_millis()).unwrap_or(LONGEST_AWAY);
        }
        state.failures += 1;
        let pause = jittered(state.failures, LONGEST_AWAY, ids);
        state.until = Some(Instant::now() + Duration::from_millis(pause.unsigned_abs()));
        pause
    }

    /// The relay took, or refused, a message: it is there.
    pub fn close(&self) {
        *self.state() = State::default();
    }

    /// How long everything still waits; nothing when mail may flow.
    pub fn open_for(&self) -> Option<Duration> {
        left(&self.state())
    }

    /// The pause is over, and nobody has reached the relay yet: one message tries.
    pub fn is_probing(&self) -> bool {
        let state = self.state();
        state.failures > 0 && left(&state).is_none()
    }
}

fn left(state: &State) -> Option<Duration> {
    state.until.and_then(|until| until.checked_duration_since(Instant::now())).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Seeded;

    #[test]
    fn pauses_grow_to_a_quarter_of_an_hour_and_differ() {
        let ids = Seeded::new(1);
        for tries in 0..100 {
            let pauses: Vec<i64> = (0..50).map(|_| before_next_try(tries, &ids)).collect();
            let ceiling = (SHORTEST << tries.min(20)).min(LONGEST);
            assert!(pauses.iter().all(|pause| (SHORTEST..=ceiling).contains(pause)), "{tries}: {pauses:?}");
            assert!(tries < 3 || pauses.iter().any(|pause| *pause != pauses[0]), "{tries}: no jitter");
        }
        assert!((0..200).any(|_| before_next_try(30, &ids) > LONGEST * 9 / 10));
    }

    #[tokio::test(start_paused = true)]
    async fn workers_that_fail_together_are_one_failure_and_one_tries_first() {
        let (ids, breaker) = (Seeded::new(1), Breaker::default());
        assert_eq!((breaker.open_for(), breaker.is_probing()), (None, false));
        let first = breaker.trip(&ids);
        assert!(breaker.trip(&ids) <= first);
        assert!(breaker.open_for().is_some() && !breaker.is_probing());
        tokio::time::advance(Duration::from_millis(first.unsigned_abs())).await;
        assert!(breaker.open_for().is_none() && breaker.is_probing());
        breaker.close();
        assert!(!breaker.is_probing());
    }
}
