//! How the pools are opened: addresses, timeouts, the settings that each database needs.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Connection};

use super::Pools;
use super::postgres::Reader;
use super::replica::{self, Replica};
use super::server::Server;
use super::sqlite;
use crate::kernel::error::{Error, Result};

/// Statements that one connection keeps prepared.
pub(super) const STATEMENT_CACHE: usize = 512;

/// A connection that rested longer than this is asked whether it still lives before it is used.
pub(super) const PING_AFTER_IDLE: Duration = Duration::from_secs(1);

/// How long it may take to answer that, so that there is time left to open another one.
pub(super) const PING_WITHIN: Duration = Duration::from_millis(500);

/// Where the data is kept.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A server, with everything that its URL says. The URL can hold a password.
    Postgres(String),
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// Says where, without the password.
impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(text) => match url::Url::parse(text) {
                Ok(url) => {
                    let port = url.port().unwrap_or(5432);
                    write!(f, "postgres://{}:{port}{}", url.host_str().unwrap_or("localhost"), url.path())
                }
                Err(_) => f.write_str("postgres"),
            },
        }
    }
}

/// Why a `DATABASE_URL` can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a database URL starts with `sqlite:` and a path, or with `postgres://`")]
pub struct UrlError;

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            let path = path.split('?').next().unwrap_or(path);
            return if path.is_empty() { Err(UrlError) } else { Ok(Self::Sqlite(path.into())) };
        }
        let is_postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
        if is_postgres && PgConnectOptions::from_str(text).is_ok() {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(UrlError)
    }
}

/// How to open the pools.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// The primary.
    pub url: DatabaseUrl,
    /// A standby that queries may read from; PostgreSQL only. Roles and policies come to it with the
    /// data. Set `hot_standby_feedback = on` there: else the primary cleans away rows that a long query
    /// on the standby still reads, and the standby cancels it (the query is then asked of the primary).
    pub read_url: Option<DatabaseUrl>,
    /// Connections to each server for reading, and as many for writing; or readers of the file.
    pub pool_size: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// How long one statement may run; on SQLite one that reads.
    pub statement_timeout: Duration,
    /// How long a statement waits for another transaction's row.
    pub lock_timeout: Duration,
}

impl DatabaseSettings {
    /// What every session of PostgreSQL goes by.
    fn session(&self) -> [(&'static str, String); 6] {
        let milliseconds = |time: Duration| time.as_millis().to_string();
        [
            ("statement_timeout", milliseconds(self.statement_timeout)),
            ("lock_timeout", milliseconds(self.lock_timeout)),
            // A client that went away must not hold a snapshot or a lock.
            ("idle_in_transaction_session_timeout", "60000".to_owned()),
            // Each statement is one text with its lists as arrays: planned once, and not again for each list.
            ("plan_cache_mode", "force_generic_plan".to_owned()),
            // A plan is kept as long as its connection, those of foreign keys too: made while a table was small, it would
            // go on reading all of it.
            ("enable_seqscan", "off".to_owned()),
            // To compile a plan takes longer than any page, and plans for any values are guessed to be dear.
            ("jit", "off".to_owned()),
        ]
    }

    /// The same, as a session is started with it.
    pub(super) fn session_options(&self) -> String {
        self.session().map(|(name, value)| format!("-c {name}={value}")).join(" ")
    }
}

pub(super) async fn pools(settings: &DatabaseSettings) -> Result<Pools> {
    match &settings.url {
        DatabaseUrl::Sqlite(path) => sqlite(settings, path).await,
        DatabaseUrl::Postgres(url) => postgres(settings, url),
    }
}

fn postgres(settings: &DatabaseSettings, url: &str) -> Result<Pools> {
    let primary = postgres_server(settings, url, settings.acquire_timeout)?;
    let reader = Reader::new(settings, url, settings.acquire_timeout, false)?;
    let patience = settings.acquire_timeout.min(replica::PATIENCE);
    let replica = match &settings.read_url {
        Some(DatabaseUrl::Postgres(url)) => {
            let server = postgres_server(settings, url, patience)?;
            Some(Box::new(Replica::new(server, Reader::new(settings, url, patience, true)?, patience)))
        }
        Some(DatabaseUrl::Sqlite(_)) => {
            return Err(Error::internal("DATABASE_READ_URL must be a PostgreSQL server, as DATABASE_URL is"));
        }
        None => None,
    };
    Ok(Pools::Postgres { primary, reader, replica, roles: tokio::sync::OnceCell::new() })
}

fn postgres_server(settings: &DatabaseSettings, url: &str, patience: Duration) -> Result<Server> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("stoa")
        .statement_cache_capacity(STATEMENT_CACHE)
        .options(settings.session())
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(settings.pool_size)
        .acquire_timeout(patience)
        .test_before_acquire(false)
        .before_acquire(|conn, about| {
            Box::pin(async move {
                if about.idle_for > PING_AFTER_IDLE {
                    let silent = |_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
                    tokio::time::timeout(PING_WITHIN, conn.ping()).await.map_err(silent)??;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options);
    Ok(Server::new(pool, settings.statement_timeout))
}

async fn sqlite(settings: &DatabaseSettings, path: &Path) -> Result<Pools> {
    if settings.read_url.is_some() {
        return Err(Error::internal("DATABASE_READ_URL needs a PostgreSQL DATABASE_URL"));
    }
    create_private(path).map_err(Error::internal)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // In WAL mode only FULL keeps the last commits over a power failure.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(settings.lock_timeout)
        .statement_cache_capacity(STATEMENT_CACHE)
        .pragma("cache_size", "-16384")
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging();
    // One writer: SQLite has one anyway, and here the queue is ours, bounded by the acquire timeout.
    let openings = Arc::<AtomicU64>::default();
    let opened = Arc::clone(&openings);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .after_connect(move |_, _| {
            opened.fetch_add(1, Ordering::AcqRel);
            Box::pin(async { Ok(()) })
        })
        .acquire_timeout(settings.acquire_timeout)
        .test_before_acquire(false)
        .connect_with(options.clone())
        .await?;
    let inspectors = SqlitePoolOptions::new()
        .max_connections(settings.pool_size)
        .acquire_timeout(settings.acquire_timeout)
        .test_before_acquire(false)
        .connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Pools::Sqlite { writer, openings, reader: sqlite::Reader::new(settings, path)?, inspectors })
}

/// Makes the file, readable by its owner alone, where it is not there yet: what SQLite would make
/// itself could be read by everybody.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}

/// Asks the primary once, outside of any pool. Nothing is asked where the data is kept in a file.
///
/// # Errors
/// What stands in the way, in words for the operator and without the password.
pub async fn reach(settings: &DatabaseSettings) -> Result<(), String> {
    match &settings.url {
        DatabaseUrl::Sqlite(_) => Ok(()),
        DatabaseUrl::Postgres(url) => ask(settings, url, "SELECT 1").await.map(drop),
    }
}

/// Whether the standby, where there is one, answers and is one of the primary.
///
/// # Errors
/// What is wrong with it, in words for the operator.
pub async fn check_replica(settings: &DatabaseSettings) -> Result<(), String> {
    let (DatabaseUrl::Postgres(primary), Some(DatabaseUrl::Postgres(standby))) = (&settings.url, &settings.read_url)
    else {
        return Ok(());
    };
    let question = "SELECT pg_is_in_recovery()::text || ' ' || current_database()";
    let answer = ask(settings, standby, question).await?;
    let Some(database) = answer.strip_prefix("true ") else {
        return Err("it follows no primary: name a streaming standby, or take DATABASE_READ_URL away".to_owned());
    };
    let question = "SELECT system_identifier::text || ' ' || current_database() FROM pg_control_system()";
    let (here, there) = (ask(settings, primary, question).await?, ask(settings, standby, question).await?);
    if here != there {
        return Err(format!("its database {database} is not a copy of the primary's: name a standby of this primary"));
    }
    Ok(())
}

async fn ask(settings: &DatabaseSettings, url: &str, question: &'static str) -> Result<String, String> {
    let asking = async {
        let options = PgConnectOptions::from_str(url)?.disable_statement_logging();
        let mut connection = sqlx::PgConnection::connect_with(&options).await?;
        let sql = AssertSqlSafe(format!("SELECT ({question})::text"));
        let answer: String = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(answer)
    };
    match tokio::time::timeout(settings.acquire_timeout, asking).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(sqlx::Error::Database(cause))) => Err(cause.message().to_owned()),
        Ok(Err(sqlx::Error::Io(cause))) => Err(cause.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it does not answer in time".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        assert_eq!("sqlite://data/a.db?mode=rwc".parse(), Ok(DatabaseUrl::Sqlite("data/a.db".into())));
        assert_eq!("sqlite:/var/a.db".parse(), Ok(DatabaseUrl::Sqlite("/var/a.db".into())));
        for wrong in ["", "sqlite:", "mysql://a/b", "postgres:/", "file.db"] {
            assert_eq!(wrong.parse::<DatabaseUrl>(), Err(UrlError), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let url: DatabaseUrl = "postgres://stoa:s3cret@db.internal/shop".parse().expect("a good address");
        assert_eq!(format!("{url:?} {url}"), "postgres://db.internal:5432/shop postgres://db.internal:5432/shop");
    }
}
