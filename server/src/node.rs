//! One running Provost: the database, the key, the service and the way out for mail, put together from the settings.

use crate::config::{MailWay, Settings};
use anyhow::{Context, Result, anyhow};
use service::{
    Outlet, Parts, Service,
    clock::{Clock, System as SystemClock},
    ids::{Ids, System as SystemIds},
    keys::Keys,
    mail::{Transport, dispatcher, folder::Folder, smtp},
    passwords::Passwords,
};
use std::sync::Arc;
use store::Db;

/// Everything a verb works with.
pub struct Node {
    /// The database, migrated.
    pub db: Db,
    /// The use cases.
    pub service: Arc<Service>,
    /// The machine's clock, which follows the database's.
    pub clock: Arc<SystemClock>,
    mail: dispatcher::Parts,
    base_url: String,
}

impl Node {
    /// Opens the database (migrating it first), the key and the way out for mail.
    ///
    /// # Errors
    /// A sentence that says what is wrong and with which setting.
    pub async fn open(settings: &Settings) -> Result<Node> {
        let transport = transport(settings).map_err(|why| anyhow!(why))?;
        let db = Db::open(&settings.database_url).await.context("PROVOST_DATABASE_URL")?;
        let clock = Arc::new(SystemClock::new());
        clock.follow(&db).await?;
        let ids: Arc<dyn Ids> = Arc::new(SystemIds);
        let keys = Keys::open(&settings.secret_key_file, &db, &*ids, clock.now()).await.context("PROVOST_SECRET_KEY_FILE")?;
        let outlet = Outlet { name: transport.name(), ..Outlet::default() };
        let mail = dispatcher::Parts {
            db: db.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            keys: keys.clone(),
            transport,
            nudge: outlet.nudge.clone(),
        };
        let passwords = Passwords::new(&*ids).map_err(|fault| anyhow!("{fault}"))?;
        let parts = Parts {
            db: db.clone(),
            clock: clock.clone(),
            ids,
            keys,
            passwords,
            outlet,
            base_url: settings.base.origin().to_owned(),
        };
        let base_url = settings.base.origin().to_owned();
        Ok(Node { db, service: Arc::new(Service::new(parts)), clock, mail, base_url })
    }

    /// The use cases on the same database and key at another time, and whoever sends their mail, which leaves by `transport`: sample data
    /// has a past.
    ///
    /// # Errors
    /// When passwords cannot be hashed.
    pub fn at(&self, clock: Arc<dyn Clock>, transport: Transport) -> Result<(Service, dispatcher::Dispatcher)> {
        let (ids, keys) = (self.mail.ids.clone(), self.mail.keys.clone());
        let outlet = Outlet { name: transport.name(), ..Outlet::default() };
        let nudge = outlet.nudge.clone();
        let service = Service::new(Parts {
            db: self.db.clone(),
            clock: clock.clone(),
            passwords: Passwords::new(&*ids).map_err(|fault| anyhow!("{fault}"))?,
            ids: ids.clone(),
            keys: keys.clone(),
            outlet,
            base_url: self.base_url.clone(),
        });
        let mail = dispatcher::Parts { db: self.db.clone(), clock, ids, keys, transport, nudge };
        Ok((service, dispatcher::Dispatcher::new(mail)))
    }

    /// A dispatcher for this node's mail; it does nothing until it is run.
    pub fn dispatcher(&self) -> dispatcher::Dispatcher {
        dispatcher::Dispatcher::new(self.mail.clone())
    }
}

fn transport(settings: &Settings) -> Result<Transport, String> {
    match &settings.mail {
        MailWay::Smtp(url) => {
            let hello = settings.base.host();
            smtp::Settings::from_url(url, hello).map(Transport::Smtp).map_err(|why| format!("PROVOST_SMTP_URL: {why}"))
        }
        MailWay::Folder(path) => Folder::open(path).map(Transport::Folder).map_err(|why| format!("PROVOST_MAIL_DIR: {why}")),
    }
}
