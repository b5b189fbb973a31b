//! What a use case ends with when it does not end well: a refusal for a person, or a cause that is logged and not shown.

use crate::{Service, keys::Unsealable};
use model::Refusal;
use store::Error;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A sentence for the person.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] Error),
    /// A secret at rest cannot be opened.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// Something of ours is not as it must be.
    #[error("{0}")]
    Broken(&'static str),
    /// The pending key of an enrollment cannot be read.
    #[error(transparent)]
    Authenticator(#[from] crate::authenticators::Broken),
    /// A value of ours cannot be read or written as JSON.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<model::problem::Problems> for Fault {
    fn from(problems: model::problem::Problems) -> Fault {
        Fault::Refused(Refusal::Invalid(problems))
    }
}

/// What the modules of this crate answer to one another.
pub type Outcome<T> = Result<T, Fault>;

impl Service {
    /// The one door from a use case to whoever asked: an accident is logged once, with the reference that the person sees.
    pub(crate) fn answer<T>(&self, outcome: Outcome<T>) -> model::Answer<T> {
        outcome.map_err(|fault| match fault {
            Fault::Refused(refusal) => refusal,
            Fault::Store(error @ Error::Busy(_)) => {
                tracing::warn!(%error, "refused as busy");
                Refusal::Busy
            }
            // The same form is being handled at this moment, or its key is being forgotten.
            Fault::Store(Error::Constraint(store::Constraint::IdempotencyKey)) => Refusal::Busy,
            accident => {
                let reference = self.ids.reference();
                tracing::error!(reference, error = %accident, "accident");
                Refusal::Accident { reference }
            }
        })
    }
}
