//! Tokens: one authenticator each.

use crate::{authentication::AuthenticationType, day::Moment};
use serde::{Deserialize, Serialize};

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TokenState {
    /// Bound to nobody.
    Inventory,
    /// Bound to a user, not yet usable.
    Assigned,
    /// Usable.
    Active,
    /// Put aside, by an operator or by "This was not me".
    Suspended,
    /// Too many wrong codes.
    Locked,
    /// Reported lost.
    Lost,
    /// Reported broken.
    Faulty,
    /// Never to be used again.
    Revoked,
}

impl TokenState {
    /// Every state.
    pub const ALL: [TokenState; 8] = [
        TokenState::Inventory,
        TokenState::Assigned,
        TokenState::Active,
        TokenState::Suspended,
        TokenState::Locked,
        TokenState::Lost,
        TokenState::Faulty,
        TokenState::Revoked,
    ];

    /// The word on screen.
    pub const fn name(self) -> &'static str {
        match self {
            TokenState::Inventory => "Inventory",
            TokenState::Assigned => "Assigned",
            TokenState::Active => "Active",
            TokenState::Suspended => "Suspended",
            TokenState::Locked => "Locked",
            TokenState::Lost => "Lost",
            TokenState::Faulty => "Faulty",
            TokenState::Revoked => "Revoked",
        }
    }

    /// The state of that word in small letters, as the database keeps it.
    pub fn of_code(code: &str) -> Option<TokenState> {
        TokenState::ALL.into_iter().find(|state| state.name().eq_ignore_ascii_case(code))
    }
}

/// A token as lists show it. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// The serial number; ten digits for software types.
    pub serial: String,
    /// Its type.
    pub kind: AuthenticationType,
    /// Its state.
    pub state: TokenState,
    /// Since when its owner has it.
    pub since: Moment,
}
