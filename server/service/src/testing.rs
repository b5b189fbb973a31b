//! The rig: the real service on a fresh database, with a clock that stands still, seeded ids and named people. For tests only.

use crate::{
    Outlet, Parts, Service,
    clock::Fixed,
    fault::Outcome,
    ids::{Ids, Seeded},
    keys::Keys,
    mail::{Dispatcher, Transport, dispatcher, memory::Memory},
    operators::NewOperator,
    passwords::Passwords,
    tasks,
};
use model::{
    actor::{Actor, Client},
    console::Console,
    forms::UserForm,
    query::Shelf,
    rights::BuiltIn,
    task::TaskQuery,
};
use std::{future::Future, sync::Arc};
use store::{Db, keyset::Place, testing};

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
        let service = Arc::new(service(db, clock.clone(), ids.clone())?);
        let olga = operator(&service, "olga", "Olga Operator", BuiltIn::Operator).await?;
        let paul = operator(&service, "paul", "Paul Provisioning", BuiltIn::Provisioning).await?;
        let hedy = operator(&service, "hedy", "Hedy Help", BuiltIn::HelpDesk).await?;
        let audrey = operator(&service, "audrey", "Audrey Auditor", BuiltIn::Auditor).await?;
        Ok(Rig { service, clock, ids, olga, paul, hedy, audrey })
    }
}

impl Rig {
    /// The rig on every database there is: SQLite in memory, and PostgreSQL when the environment names one ([`testing::POSTGRES`]).
    ///
    /// # Errors
    /// Those of making them, and those of `test`.
    pub async fn everywhere<F: Future<Output = Outcome<()>>>(test: impl Fn(Rig) -> F) -> Outcome<()> {
        test(Rig::new().await?).await?;
        if let Some(scratch) = testing::postgres().await? {
            test(Rig::on(scratch.db.clone()).await?).await?;
            scratch.drop().await?;
        }
        Ok(())
    }

    /// One more node on the rig's database, with randomness of its own.
    ///
    /// # Errors
    /// Those of making it.
    pub fn node(&self, seed: u64) -> Outcome<Arc<Service>> {
        Ok(Arc::new(service(self.service.db().clone(), self.clock.clone(), Arc::new(Seeded::new(seed)))?))
    }

    /// Whoever sends this rig's mail into a mailbox: call `drain` after a use case to have everything due sent.
    pub fn post(&self, mailbox: &Memory) -> Dispatcher {
        Dispatcher::new(dispatcher::Parts {
            db: self.service.db().clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            keys: Keys::new(&[7; 32]),
            transport: Transport::Memory(mailbox.clone()),
            nudge: Arc::default(),
        })
    }

    /// A key for a form.
    pub fn key(&self) -> String {
        self.service.form_key()
    }

    /// Adds a user called `user_id`, whose address is `{user_id}@people.example`, and answers the row.
    ///
    /// # Errors
    /// Those of adding.
    pub async fn user(&self, user_id: &str, first_name: &str, last_name: &str) -> Outcome<i64> {
        Ok(self.service.add_user(&self.olga, &self.form(user_id, first_name, last_name)).await?)
    }

    /// A filled form for a new user.
    pub fn form(&self, user_id: &str, first_name: &str, last_name: &str) -> UserForm {
        UserForm {
            user_id: user_id.to_owned(),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            email: format!("{}@people.example", user_id.to_lowercase()),
            key: self.key(),
            ..UserForm::default()
        }
    }
}

/// A client at that address.
pub fn client(address: &str) -> Client {
    Client { address: address.to_owned() }
}

fn service(db: Db, clock: Arc<Fixed>, ids: Arc<dyn Ids>) -> Outcome<Service> {
    Ok(Service::new(Parts {
        db,
        clock,
        ids: ids.clone(),
        keys: Keys::new(&[7; 32]),
        passwords: Passwords::quick(&*ids)?,
        outlet: Outlet { name: "memory".to_owned(), ..Outlet::default() },
        base_url: "http://localhost:3000".to_owned(),
    }))
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

/// The cursor that a page of Provisioning Task Management would give out for that place: a bench begins in the middle of a million rows
/// without walking there.
pub fn task_cursor(service: &Service, query: &TaskQuery, place: Place) -> String {
    service.seal_cursor(&tasks::scope(Shelf::Management, query), place)
}
