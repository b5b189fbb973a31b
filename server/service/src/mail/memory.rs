//! Mail that stays in memory, for tests: what was sent, and failures on order.

use super::{
    failure::{Failure, Reply},
    message::Mail,
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// A mailbox that everything arrives in. Clones are the same mailbox.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct State {
    mails: Vec<Mail>,
    failures: VecDeque<Failure>,
    break_off: bool,
}

impl Memory {
    /// An empty mailbox.
    pub fn new() -> Memory {
        Memory::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next messages fail like this, one failure each, in this order.
    pub fn fail(&self, failures: impl IntoIterator<Item = Failure>) {
        self.state().failures.extend(failures);
    }

    /// Handing over the next message panics, as a mistake in the program would.
    pub fn break_off(&self) {
        self.state().break_off = true;
    }

    /// No more failures.
    pub fn mend(&self) {
        self.state().failures.clear();
    }

    /// Everything that arrived, in its order.
    pub fn mails(&self) -> Vec<Mail> {
        self.state().mails.clone()
    }

    /// Waits until so many messages have arrived.
    pub async fn wait_for(&self, count: usize) -> Vec<Mail> {
        loop {
            let arrived = self.0.arrived.notified();
            let mails = self.mails();
            if mails.len() >= count {
                return mails;
            }
            arrived.await;
        }
    }

    pub(super) fn send(&self, mail: &Mail) -> Result<Reply, Failure> {
        let mut state = self.state();
        assert!(!std::mem::take(&mut state.break_off), "a mistake in the program, on order");
        if let Some(failure) = state.failures.pop_front() {
            // What was not confirmed has arrived all the same: the worse of the two cases.
            if super::classify(&failure) == super::Verdict::Uncertain {
                state.mails.push(mail.clone());
            }
            return Err(failure);
        }
        state.mails.push(mail.clone());
        drop(state);
        self.0.arrived.notify_waiters();
        Ok(Reply { code: 250, text: "kept in memory".to_owned() })
    }
}
