//! The rig: the real service on a fresh database, with a clock that stands still, seeded ids and named people. For tests only.

use crate::{
    Outlet, Parts, Service,
    clock::Fixed,
    fault::Outcome,
    ids::{Ids, Seeded},
    keys::Keys,
    operators::NewOperator,
    passwords::Passwords,
};
use model::{
    actor::{Actor, Client},
    rights::BuiltIn,
};
use std::sync::Arc;
use store::{Db, testing};

/// Sunday 22 November 2026, 12:00 UTC.
pub const NOON: i64 = 1_795_348_800_000;

/// The password of every operator of the rig.
pub const PASSWORD: &str = "correct horse battery";

/// The service with everything around it in a test's hand.
pub struct Rig {
    /// The service.
    pub service: Arc<Service>,
    /// Its clock, at [`NOON`] until it is moved.
    pub clock: Arc<Fixed>,
    /// Its randomness.
    pub ids: Arc<dyn Ids>,
    /// May do everything.
    pub olga: Actor,
    /// Role Provisioning.
    pub paul: Actor,
    /// Role Help Desk.
    pub hedy: Actor,
    /// Role Auditor.
    pub audrey: Actor,
}

impl Rig {
    /// The rig on SQLite in memory.
    ///
    /// # Errors
    /// Those of making it.
    pub async fn new() -> Outcome<Rig> {
        Rig::on(testing::memory().await?).await
    }

    /// The rig on a database that is empty.
    ///
    /// # Errors
    /// Those of making it.
    pub async fn on(db: Db) -> Outcome<Rig> {
        let clock = Arc::new(Fixed::at(NOON));
        let ids: Arc<dyn Ids> = Arc::new(Seeded::new(1));
        let service = Arc::new(Service::new(Parts {
            db,
            clock: clock.clone(),
            ids: ids.clone(),
            keys: Keys::new(&[7; 32]),
            passwords: Passwords::quick(&*ids)?,
            outlet: Outlet { name: "memory".to_owned(), ..Outlet::default() },
            base_url: "http://localhost:3000".to_owned(),
        }));
        let olga = operator(&service, "olga", "Olga Operator", BuiltIn::Operator).await?;
        let paul = operator(&service, "paul", "Paul Provisioning", BuiltIn::Provisioning).await?;
        let hedy = operator(&service, "hedy", "Hedy Help", BuiltIn::HelpDesk).await?;
        let audrey = operator(&service, "audrey", "Audrey Auditor", BuiltIn::Auditor).await?;
        Ok(Rig { service, clock, ids, olga, paul, hedy, audrey })
    }
}

/// A client at that address.
pub fn client(address: &str) -> Client {
    Client { address: address.to_owned() }
}

async fn operator(service: &Service, user_id: &str, name: &str, role: BuiltIn) -> Outcome<Actor> {
    let new = NewOperator {
        user_id: user_id.to_owned(),
        name: name.to_owned(),
        email: format!("{user_id}@console.example"),
        role: role.name().to_owned(),
        password: PASSWORD.to_owned(),
    };
    let id = service.add_operator(&new).await?;
    Ok(Actor {
        id,
        user_id: user_id.to_owned(),
        name: name.to_owned(),
        rights: role.rights(),
        address: Some("192.0.2.1".to_owned()),
    })
}
