//! Who asks: an operator with a live session, or the machine itself.

use crate::{Answer, Refusal, rights::Right, rights::Rights};
use serde::{Deserialize, Serialize};

/// The operator on whose behalf a use case runs. Made by the session layer only, never from anything a request says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The operator's row.
    pub id: i64,
    /// The operator's UserID, as tasks and the audit trail keep it.
    pub user_id: String,
    /// The operator's name, as the page shows it.
    pub name: String,
    /// What the operator may do.
    pub rights: Rights,
    /// The client's address (IP), for the audit trail; nothing on the command line.
    pub address: Option<String>,
}

impl Actor {
    /// Passes when the operator holds `right`.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] naming the right.
    pub fn require(&self, right: Right) -> Answer<()> {
        if self.rights.has(right) { Ok(()) } else { Err(Refusal::Forbidden(right)) }
    }
}

/// Where a request comes from, as far as limits and the audit trail care.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The client's address: the right-most untrusted hop (spec §7), IPv6 whole. Limits cut IPv6 to its /64.
    pub address: String,
}
