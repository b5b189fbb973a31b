//! The schema's steps, embedded, and the runner that brings a database to the newest.
//!
//! Not `sqlx::migrate!`: all missing steps run in one transaction under a lock, so that two starts at once or a kill in the middle
//! leave a database that is either as it was or at the newest step; and both folders are one list here, so they cannot drift.

use crate::{Answer, Error, Tx};
use model::authentication::AuthenticationType;

/// One step: its number, its name, and its text for either database.
pub(crate) struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

/// Every step, oldest first. A released step is never changed.
pub(crate) const STEPS: &[Step] = steps![
    1 "0001_people",
    2 "0002_tasks",
    3 "0003_mail",
    4 "0004_records",
    5 "0005_stop_dates",
    6 "0006_enrollment_list",
    7 "0007_people_in_tasks",
    8 "0008_bulk",
    9 "0009_task_filters",
    10 "0010_counted"
];

/// The newest schema this version knows.
pub(crate) fn newest() -> i64 {
    STEPS.iter().map(|step| step.version).max().unwrap_or(0)
}

/// A short text that changes when any step does; names the template database of tests.
pub(crate) fn fingerprint() -> u64 {
    let texts = STEPS.iter().flat_map(|step| step.name.bytes().chain(step.postgres.bytes()));
    texts.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// The schema that the database is at.
///
/// # Errors
/// Those of the database.
pub(crate) async fn current(tx: &mut Tx) -> Answer<i64> {
    let (found,) = on_db!(tx, one(i64,), "select cast(coalesce(max(version), 0) as bigint) from schema_steps")?;
    Ok(found)
}

/// Brings the database to the newest schema inside `tx`, a writer.
///
/// # Errors
/// [`Error::Newer`] when the database is beyond it.
pub(crate) async fn migrate(tx: &mut Tx) -> Answer<()> {
    if let Tx::Postgres(_) = tx {
        on_db!(tx, execute "select pg_advisory_xact_lock(7083201)")?;
    }
    on_db!(tx, execute "create table if not exists schema_steps (version bigint primary key, name text not null)")?;
    let found = current(tx).await?;
    let known = newest();
    if found > known {
        return Err(Error::Newer { found, known });
    }
    for step in STEPS.iter().filter(|step| step.version > found) {
        match &mut *tx {
            Tx::Sqlite(tx) => sqlx::raw_sql(step.sqlite).execute(&mut **tx).await.map(drop)?,
            Tx::Postgres(tx) => sqlx::raw_sql(step.postgres).execute(&mut **tx).await.map(drop)?,
        }
        on_db!(tx, execute "insert into schema_steps (version, name) values ($1, $2)", step.version, step.name)?;
        tracing::info!(step = step.name, "database brought forward");
    }
    settle_roles(tx).await?;
    settle_inventory(tx).await
}

/// The built-in roles are as this version defines them.
async fn settle_roles(tx: &mut Tx) -> Answer<()> {
    for role in model::rights::BuiltIn::ALL {
        on_db!(tx, execute
            "insert into roles (name, rights, built_in) values ($1, $2, true)
             on conflict (name) do update set rights = excluded.rights, built_in = true where roles.rights <> excluded.rights",
            role.name(), role.rights().to_names())?;
    }
    Ok(())
}

/// Every authentication type has its row of the inventory; only hardware tokens run out.
async fn settle_inventory(tx: &mut Tx) -> Answer<()> {
    for kind in AuthenticationType::ALL {
        let unlimited = kind != AuthenticationType::Hardware;
        on_db!(tx, execute "insert into inventory (type, unlimited) values ($1, $2) on conflict (type) do nothing", kind.code(), unlimited)?;
    }
    Ok(())
}
