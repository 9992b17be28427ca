//! The connections that read one file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Pool, PoolError, RecycleResult};
use rusqlite::config::DbConfig;
use rusqlite::{InterruptHandle, OpenFlags};
use sea_orm::sqlx;

use super::{Reading, told};
use crate::kernel::db::connect::{DatabaseSettings, STATEMENT_CACHE};
use crate::kernel::db::used_and_open;
use crate::kernel::error::{Error, Result};

/// What each connection goes by: it writes nothing, and keeps 16 MiB of the file.
const SETTINGS: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY";

/// The connections to one file.
#[derive(Clone)]
pub(in crate::kernel::db) struct Reader {
    pool: Pool<File>,
    patience: Duration,
}

impl Reader {
    /// Connections to a file, opened when they are first wanted.
    ///
    /// # Errors
    /// `Internal` where the pool can't be made.
    pub(in crate::kernel::db) fn new(settings: &DatabaseSettings, path: &Path) -> Result<Self> {
        let pool = Pool::builder(File { path: path.to_owned(), lock_timeout: settings.lock_timeout })
            .max_size(settings.pool_size as usize)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(settings.acquire_timeout))
            .build()
            .map_err(Error::internal)?;
        Ok(Self { pool, patience: settings.statement_timeout })
    }

    /// Takes a connection for one snapshot, which begins with its first statement.
    ///
    /// # Errors
    /// `Busy` where none is free in time, or the file can't be opened.
    pub(in crate::kernel::db) async fn begin(&self) -> Result<Reading> {
        let connection = self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => told(error),
            PoolError::Closed => sqlx::Error::PoolClosed,
            _ => sqlx::Error::PoolTimedOut,
        })?;
        Ok(Reading::new(connection, self.patience))
    }

    #[cfg(test)]
    pub(super) async fn connection(&self) -> deadpool::managed::Object<File> {
        self.pool.get().await.expect("a connection")
    }

    /// Connections in use, and open.
    pub(in crate::kernel::db) fn size(&self) -> (u32, u32) {
        used_and_open(&self.pool.status())
    }

    /// Gives nobody a connection any more.
    pub(in crate::kernel::db) fn close(&self) {
        self.pool.close();
    }
}

/// How a connection is opened.
pub(super) struct File {
    path: PathBuf,
    lock_timeout: Duration,
}

/// One connection.
pub(super) struct Connection {
    pub(super) sqlite: rusqlite::Connection,
    pub(super) stop: Arc<Stop>,
}

impl Manager for File {
    type Type = Connection;
    type Error = rusqlite::Error;

    async fn create(&self) -> Result<Connection, rusqlite::Error> {
        // Whoever only reads writes all the same: into the file by which readers and writers know of each other.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sqlite = rusqlite::Connection::open_with_flags(&self.path, flags)?;
        sqlite.busy_timeout(self.lock_timeout)?;
        sqlite.execute_batch(SETTINGS)?;
        // Planned once, and not again for each value.
        sqlite.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        sqlite.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
        let stop = Arc::new(Stop { handle: sqlite.get_interrupt_handle(), is_running: Mutex::new(false) });
        Ok(Connection { sqlite, stop })
    }

    async fn recycle(&self, _: &mut Connection, _: &Metrics) -> RecycleResult<rusqlite::Error> {
        Ok(())
    }
}

/// Stops what runs on a connection, and nothing that runs there later.
pub(super) struct Stop {
    handle: InterruptHandle,
    is_running: Mutex<bool>,
}

impl Stop {
    pub(super) fn stop(&self) {
        if *self.lock() {
            self.handle.interrupt();
        }
    }

    /// Something runs, until what this gives is dropped.
    pub(super) fn running(&self) -> Running<'_> {
        *self.lock() = true;
        Running(self)
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Stop::running`].
pub(super) struct Running<'s>(&'s Stop);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.0.lock() = false;
    }
}
