//! Authentication types: one trait, one file for each type.
//!
//! To add a type: write its file beside [`app`], name it in [`of`], give `model::enrolling::Step` what its page shows, and put it
//! into the policy's allowed types. Nothing else asks which type it has before it.

pub mod app;
pub mod otpauth;
pub mod qr;

use model::{authentication::AuthenticationType, enrolling::Step, forms::VerifyForm, policy::Policy};
use std::fmt;

/// What an enrollment session holds until the authenticator is proven. The secret is sealed before it is stored, and wiped when
/// the session ends.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// The key that the authenticator and we share.
    pub secret: Vec<u8>,
    /// What the type must remember beside it: JSON, nothing secret.
    pub data: String,
}

/// Shows nothing of the key, so that no log can.
impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("data", &self.data).finish_non_exhaustive()
    }
}

/// What a proven authenticator's token keeps.
#[derive(Clone, PartialEq, Eq)]
pub struct Proven {
    /// The shared key.
    pub secret: Vec<u8>,
    /// The hash function's short name; empty where the type has none.
    pub algorithm: &'static str,
    /// Digits of a code.
    pub digits: u8,
    /// Seconds of a time step.
    pub period: u8,
    /// The time step or counter that proved it, which is never accepted again.
    pub step: i64,
}

/// Shows nothing of the key.
impl fmt::Debug for Proven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proven").field("step", &self.step).finish_non_exhaustive()
    }
}

/// What a typed code is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Right.
    Proven(Proven),
    /// A code, but not the right one: it counts as an attempt.
    Wrong,
    /// Not a code at all: nothing was checked, and nothing counts.
    NotACode {
        /// How many digits a code has.
        digits: u8,
    },
}

/// What the page of a session needs to know beside the pending key.
#[derive(Clone, Copy, Debug)]
pub struct PageFacts<'a> {
    /// The organisation, as the app will show it.
    pub organisation: &'a str,
    /// The UserID, as the app will show it.
    pub user_id: &'a str,
    /// Wrong codes left until the enrollment locks.
    pub attempts_left: u8,
    /// The last day.
    pub stop: model::day::Day,
    /// Minutes the session still lasts.
    pub minutes_left: u16,
}

/// A pending enrollment that no version of ours wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pending enrollment cannot be read: {0}")]
pub struct Broken(pub &'static str);

/// One authentication type.
pub trait Authenticator: Send + Sync {
    /// Which type it is.
    fn kind(&self) -> AuthenticationType;

    /// A new key with the policy's parameters. `fill` draws random bytes.
    fn begin(&self, policy: &Policy, fill: &mut dyn FnMut(&mut [u8])) -> Pending;

    /// What the page of the session shows.
    ///
    /// # Errors
    /// [`Broken`] when `pending` is not what [`Authenticator::begin`] made.
    fn page(&self, pending: &Pending, facts: PageFacts<'_>) -> Result<Step, Broken>;

    /// Checks what was typed, at `at` milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// As [`Authenticator::page`].
    fn prove(&self, pending: &Pending, form: &VerifyForm, at: i64) -> Result<Verdict, Broken>;
}

/// The authenticator of that type; nothing for a type that cannot be enrolled yet, which is then never offered.
pub fn of(kind: AuthenticationType) -> Option<&'static dyn Authenticator> {
    match kind {
        AuthenticationType::App => Some(&app::App),
        AuthenticationType::Passkey | AuthenticationType::Hardware | AuthenticationType::EmailCode => None,
    }
}
