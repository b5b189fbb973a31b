//! Fresh databases for tests, here and in the crates above: the same schema as `serve` makes, nothing in it.

use crate::{Answer, Db, Error, Tx};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
};

/// The environment variable with the address of a PostgreSQL server where tests may create databases, such as
/// `postgres://postgres@localhost/postgres?host=/socket/folder`.
pub const POSTGRES: &str = "PROVOST_TEST_POSTGRES";

/// An empty SQLite database in memory.
///
/// # Errors
/// Those of [`Db::open`].
pub async fn memory() -> Answer<Db> {
    Db::open("sqlite::memory:").await
}

/// A database of its own on the PostgreSQL server named by [`POSTGRES`]; nothing when that is not set.
///
/// # Errors
/// [`Error::Address`] when it is not set and `CI` is `true`: there PostgreSQL is a duty. Else those of the server.
pub async fn postgres() -> Answer<Option<Scratch>> {
    let Ok(url) = std::env::var(POSTGRES) else {
        return match std::env::var("CI") {
            Ok(ci) if ci == "true" => Err(Error::Address(format!("{POSTGRES} is not set, and CI may not leave PostgreSQL out."))),
            _ => Ok(None),
        };
    };
    Scratch::make(&url).await.map(Some)
}

/// A PostgreSQL database made for one test. It stays on the server when the test fails.
pub struct Scratch {
    /// The database.
    pub db: Db,
    /// Its address, for a second node on the same data.
    pub url: String,
    name: String,
    server: PgConnectOptions,
}

impl Scratch {
    async fn make(url: &str) -> Answer<Scratch> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let server = PgConnectOptions::from_str(url)?.disable_statement_logging();
        let name = format!("provost_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect_with(&server).await?;
        let template = template(&server, &mut connection).await?;
        order(&mut connection, format!("drop database if exists {name}")).await?;
        order(&mut connection, format!("create database {name} template {template}")).await?;
        connection.close().await?;
        let url = address(&server, &name);
        Ok(Scratch { db: Db::open(&url).await?, url, name, server })
    }

    /// Closes and drops the database.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn drop(self) -> Answer<()> {
        self.db.close().await;
        let mut connection = PgConnection::connect_with(&self.server).await?;
        order(&mut connection, format!("drop database if exists {} with (force)", self.name)).await?;
        Ok(connection.close().await?)
    }
}

/// A migrated database that the tests' databases are copies of, made once for each schema and server.
async fn template(server: &PgConnectOptions, connection: &mut PgConnection) -> Answer<String> {
    let name = format!("provost_template_{:016x}", crate::migrate::fingerprint());
    // One at a time, also from several test binaries; renamed when ready, so that a half-made template is never copied.
    sqlx::query("select pg_advisory_lock(7083202)").execute(&mut *connection).await?;
    let there: Option<(i32,)> =
        sqlx::query_as("select 1 from pg_database where datname = $1").bind(&name).fetch_optional(&mut *connection).await?;
    if there.is_none() {
        let making = format!("{name}_new");
        order(connection, format!("drop database if exists {making} with (force)")).await?;
        order(connection, format!("create database {making}")).await?;
        Db::open(&address(server, &making)).await?.close().await;
        order(connection, format!("alter database {making} rename to {name}")).await?;
    }
    sqlx::query("select pg_advisory_unlock(7083202)").execute(&mut *connection).await?;
    Ok(name)
}

async fn order(connection: &mut PgConnection, sql: String) -> Answer<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}

fn address(server: &PgConnectOptions, database: &str) -> String {
    server.clone().database(database).to_url_lossy().to_string()
}

/// A message with what is sealed in it, as only its reader will see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SealedMessage {
    /// The Message-ID without its angle brackets.
    pub message_id: String,
    /// What it is for.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// The enrollment's generation it was written for.
    pub generation: Option<i64>,
    /// Link and code, sealed; nothing in a final state.
    pub secret: Option<Vec<u8>>,
}

impl Tx {
    /// Every message to an address, oldest first. For tests: nothing else reads what is sealed before it is sent.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sealed_messages_to(&mut self, address: &str) -> Answer<Vec<SealedMessage>> {
        on_db!(self, all SealedMessage,
            "select message_id, kind, state, generation, secret from outbox where to_address = $1 order by id", address)
    }
}
