//! Opening a database by its address, and beginning transactions.

use crate::{Answer, Error, Open, Tx, live, migrate};
use model::live::Changed;
use sqlx::{
    ConnectOptions, Connection, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr, time::Duration};
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// How long a transaction waits for its turn before it answers [`Error::Busy`].
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection to PostgreSQL that was idle for so long is asked whether it is still there.
const RESTED: Duration = Duration::from_secs(1);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

/// A database, brought to the newest schema. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db(Pools);

#[derive(Clone, Debug)]
enum Pools {
    /// One connection that writes, some that read; in memory one connection for both.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        tell: Sender<Changed>,
    },
    Postgres(PgPool),
}

impl Db {
    /// Opens `sqlite://path` (made when missing, for its owner only), `sqlite::memory:` or `postgres://…`, and migrates it.
    ///
    /// # Errors
    /// [`Error::Address`] for an address that is neither, [`Error::Newer`] for a database of a newer version, [`Error::Busy`] when
    /// it is locked or away.
    pub async fn open(url: &str) -> Answer<Db> {
        let db = Db::connect(url).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Brings the database to the newest schema; all missing steps or none.
    ///
    /// # Errors
    /// [`Error::Newer`], and those of the database.
    pub async fn migrate(&self) -> Answer<()> {
        let mut tx = self.write().await?;
        migrate::migrate(&mut tx).await?;
        tx.commit().await
    }

    async fn connect(url: &str) -> Answer<Db> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => sqlite(url).await,
            Some("postgres" | "postgresql") => postgres(url).await,
            _ => Err(Error::Address("The database's address must begin with sqlite:// or postgres://.".to_owned())),
        }
    }

    /// Begins a writer. On SQLite it has the write lock from here on, so keep it short; a use case opens one.
    ///
    /// # Errors
    /// [`Error::Busy`] when its turn does not come within ten seconds.
    pub async fn write(&self) -> Answer<Tx> {
        Ok(match &self.0 {
            Pools::Sqlite { writer, tell, .. } => {
                Tx::Sqlite(Open::writer(writer.begin_with("begin immediate").await?, Some(tell.clone())))
            }
            Pools::Postgres(pool) => Tx::Postgres(Open::writer(pool.begin().await?, None)),
        })
    }

    /// Begins a reader: one snapshot, no writing.
    ///
    /// # Errors
    /// [`Error::Busy`] when no connection is free within ten seconds.
    pub async fn read(&self) -> Answer<Tx> {
        Ok(match &self.0 {
            Pools::Sqlite { readers, .. } => Tx::Sqlite(Open::reader(readers.begin().await?)),
            Pools::Postgres(pool) => {
                Tx::Postgres(Open::reader(pool.begin_with("begin isolation level repeatable read read only").await?))
            }
        })
    }

    /// A reader for a single statement, which is a snapshot by itself: two ways to the database and back less than [`Db::read`].
    ///
    /// # Errors
    /// [`Error::Busy`] when no connection is free within ten seconds.
    pub async fn glance(&self) -> Answer<Tx> {
        Ok(match &self.0 {
            Pools::Sqlite { readers, .. } => Tx::Sqlite(Open::glance(readers.acquire().await?)),
            Pools::Postgres(pool) => Tx::Postgres(Open::glance(pool.acquire().await?)),
        })
    }

    /// The PostgreSQL pool, for what only it has (notifications, advisory locks); nothing on SQLite.
    pub fn postgres(&self) -> Option<&PgPool> {
        match &self.0 {
            Pools::Sqlite { .. } => None,
            Pools::Postgres(pool) => Some(pool),
        }
    }

    /// What is told in this process; on PostgreSQL nothing ever is.
    pub(crate) fn told(&self) -> Receiver<Changed> {
        match &self.0 {
            Pools::Sqlite { tell, .. } => tell.subscribe(),
            Pools::Postgres(_) => channel(1).1,
        }
    }

    /// The database's clock in milliseconds since 1970-01-01; nothing on SQLite, whose clock is the machine's.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clock(&self) -> Answer<Option<i64>> {
        let Some(pool) = self.postgres() else { return Ok(None) };
        let sql = "select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)";
        Ok(Some(sqlx::query_scalar(sql).fetch_one(pool).await?))
    }

    /// The newest schema this version knows, and so the one this database is at.
    pub fn schema() -> i64 {
        migrate::newest()
    }

    /// Does it answer, and is its schema the one this version knows?
    ///
    /// # Errors
    /// Those of the database.
    pub async fn at_newest(&self) -> Answer<bool> {
        let mut tx = self.read().await?;
        Ok(migrate::current(&mut tx).await? == migrate::newest())
    }

    /// Copies a SQLite database, as of now, into a new file; may be done while others write. False on PostgreSQL, where nothing is done.
    ///
    /// # Errors
    /// Those of the database, such as a file that exists.
    pub async fn back_up(&self, file: &std::path::Path) -> Answer<bool> {
        match &self.0 {
            Pools::Sqlite { writer, .. } => {
                make_private(file)?;
                sqlx::query("vacuum into $1").bind(file.display().to_string()).execute(writer).await?;
                Ok(true)
            }
            Pools::Postgres(_) => Ok(false),
        }
    }

    /// Closes every connection once its transaction has ended.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn sqlite(url: &str) -> Answer<Db> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|error| Error::Address(format!("The database's address is not right: {error}.")))?
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(256)
        .pragma("temp_store", "memory")
        .disable_statement_logging();
    // An open file stays open: there is no connection that might be gone.
    let one = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
    let one = one.test_before_acquire(false);
    let path = options.get_filename().to_owned();
    if url.contains(":memory:") || url.contains("mode=memory") {
        // One connection for both: a shared cache would lock whole tables, and a second connection would see another database.
        let pool = one.connect_with(options.shared_cache(false)).await?;
        return Ok(Db(Pools::Sqlite { writer: pool.clone(), readers: pool, tell: channel(live::WAITING).0 }));
    }
    make_private(&path)?;
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let writer = one.clone().connect_with(options.clone()).await?;
    let readers = one.max_connections(SQLITE_READERS).connect_lazy_with(options.pragma("query_only", "on"));
    Ok(Db(Pools::Sqlite { writer, readers, tell: channel(live::WAITING).0 }))
}

/// Makes an empty file that only its owner may read; SQLite gives its journals the same mode. An existing file stays as it is.
fn make_private(path: &std::path::Path) -> Answer<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::Address(format!("The database file {} cannot be made: {error}.", path.display()))),
    }
}

async fn postgres(url: &str) -> Answer<Db> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| Error::Address(format!("The database's address is not right: {error}.")))?
        .application_name("provost")
        .options([("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s"), ("timezone", "UTC")])
        // Compiling a statement takes longer than any of ours runs, and starting helpers for it as long as most.
        .options([("jit", "off"), ("parallel_setup_cost", "3000")])
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(PATIENCE);
    // One that was at work a moment ago needs no asking.
    let pool = pool.test_before_acquire(false).before_acquire(|connection, meta| {
        Box::pin(async move {
            if meta.idle_for > RESTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    Ok(Db(Pools::Postgres(pool.connect_with(options).await?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamic::Values;

    /// `.cargo/config.toml` takes the shared one out (docs/decisions/0015).
    #[tokio::test]
    async fn each_connection_to_sqlite_has_a_page_cache_of_its_own() {
        let db = Db::open("sqlite::memory:").await.unwrap();
        let mut tx = db.read().await.unwrap();
        let options: Vec<(String,)> = tx.dynamic("pragma compile_options".to_owned(), &Values::default()).await.unwrap();
        let built_with = |name: &str| options.iter().any(|(option,)| option == name);
        assert!(built_with("ENABLE_FTS5"), "{options:?}");
        assert!(!built_with("ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
    }
}
