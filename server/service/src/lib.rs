//! The use cases of Provost. [`Service`] implements the two ports of `model`; each use case checks the right, reads the clock once
//! and opens one transaction, and every change that speaks of mail writes the message in that transaction.
//!
//! Start reading at `console.rs` and `enrolling.rs`: one line for each use case, naming the module it stands in.

mod account;
mod acting;
mod audit;
pub mod authenticators;
pub mod bulk;
pub mod clock;
mod console;
mod cursor;
mod dashboard;
mod enrolling;
mod enrollment;
mod export;
pub mod fault;
mod forms;
pub mod housekeeping;
pub mod ids;
pub mod keys;
mod links;
pub mod live;
pub mod mail;
mod messages;
pub mod operators;
pub mod passwords;
mod policy;
mod provision;
mod reports;
mod resend;
mod session;
mod stop_dates;
mod task_edit;
mod tasks;
pub mod testing;
mod trail;
pub mod typed_code;
mod users;
pub mod zone;

use clock::Clock;
use ids::Ids;
use keys::Keys;
use passwords::Passwords;
use std::sync::Arc;
use store::Db;
use tokio::sync::Notify;

/// Everything Provost can do. Made once, shared by all requests.
pub struct Service {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) keys: Keys,
    pub(crate) passwords: Passwords,
    pub(crate) outlet: Outlet,
    /// Links are built from this and never from a request; without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) hub: live::Hub,
    /// Wakes the runner of acts over many enrollments.
    pub(crate) bulk: Notify,
}

/// What a [`Service`] is made of.
pub struct Parts {
    /// The database, migrated.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub ids: Arc<dyn Ids>,
    /// The secret key that belongs to the database.
    pub keys: Keys,
    /// How passwords are hashed.
    pub passwords: Passwords,
    /// The way out for mail.
    pub outlet: Outlet,
    /// The address of the console, such as `https://provost.example.org`.
    pub base_url: String,
}

/// The way out for mail, as far as use cases see it: they write rows, and wake whoever sends them.
#[derive(Clone, Debug, Default)]
pub struct Outlet {
    /// Wakes the dispatcher of this process.
    pub nudge: Arc<Notify>,
    /// Where mail goes, in words: `the folder mail` or `smtp.example.org`.
    pub name: String,
    /// Why nothing can be sent; nothing when it can.
    pub obstacle: Option<String>,
}

impl Service {
    /// The service of these parts.
    pub fn new(parts: Parts) -> Service {
        Service {
            db: parts.db,
            clock: parts.clock,
            ids: parts.ids,
            keys: parts.keys,
            passwords: parts.passwords,
            outlet: parts.outlet,
            base_url: parts.base_url.trim_end_matches('/').to_owned(),
            hub: live::Hub::new(),
            bulk: Notify::new(),
        }
    }

    /// The database, for what serves rather than decides: readiness, the dispatcher, the command line.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Wakes the dispatcher, after a commit that wrote a message.
    pub(crate) fn nudge(&self) {
        self.outlet.nudge.notify_one();
    }
}
