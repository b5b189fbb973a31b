//! Authentication types (spec §1); the list is open.

use serde::{Deserialize, Serialize};

/// A kind of authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AuthenticationType {
    /// OATH TOTP in an app (RFC 6238).
    App,
    /// FIDO2/WebAuthn.
    Passkey,
    /// OATH by serial number.
    Hardware,
    /// A code by e-mail; weak, off by default.
    EmailCode,
}

impl AuthenticationType {
    /// Every type, in the order of the specification.
    pub const ALL: [AuthenticationType; 4] =
        [AuthenticationType::App, AuthenticationType::Passkey, AuthenticationType::Hardware, AuthenticationType::EmailCode];

    /// The name on screen, which is also the accessible name of its radio button.
    pub const fn name(self) -> &'static str {
        match self {
            AuthenticationType::App => "Authenticator app",
            AuthenticationType::Passkey => "Passkey",
            AuthenticationType::Hardware => "Hardware token",
            AuthenticationType::EmailCode => "E-mail code",
        }
    }

    /// The short word in addresses, forms and the database.
    pub const fn code(self) -> &'static str {
        match self {
            AuthenticationType::App => "app",
            AuthenticationType::Passkey => "passkey",
            AuthenticationType::Hardware => "hardware",
            AuthenticationType::EmailCode => "email",
        }
    }

    /// The type of that short word.
    pub fn of_code(code: &str) -> Option<AuthenticationType> {
        AuthenticationType::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
