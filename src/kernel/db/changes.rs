//! How others learn what was committed: messages on PostgreSQL, the version of the file on SQLite.

use std::sync::atomic::Ordering;

use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};
use sea_orm::sqlx::{self, Row};
use tokio::time::Instant;

use super::{Db, Pools};
use crate::kernel::error::{Error, Result};

impl Db {
    /// The channel of what all nodes tell each other. Whoever changes rows behind Stoa's back says so there:
    /// `NOTIFY stoa, 'changed'`.
    pub const CHANNEL: &str = "stoa";

    /// Opens a connection of its own, beside the pool, that listens to all nodes and to one channel more.
    /// It does not come back by itself once it is lost.
    ///
    /// # Errors
    /// `Busy` where the server can't be reached; `Internal` on SQLite.
    pub async fn listener(&self, own: &str) -> Result<PgListener> {
        let Pools::Postgres { primary, .. } = &*self.0 else {
            return Err(Error::internal("a file has no messages"));
        };
        let primary = primary.pool();
        let patience = primary.options().get_acquire_timeout();
        let options = (*primary.connect_options()).clone();
        // Its own messages need not outlive a crash: no commit of it waits for the disk.
        let options = options.application_name("stoa listener").options([("synchronous_commit", "off")]);
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(patience)
            .connect_lazy_with(options);
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        let listening = tokio::time::timeout(patience, listener.listen_all([Self::CHANNEL, own])).await;
        listening.map_err(|_| Error::Busy)??;
        Ok(listener)
    }

    /// Sends one message on a listening connection, outside of any transaction.
    ///
    /// # Errors
    /// What the database says.
    pub async fn notify_on(listener: &mut PgListener, channel: &str, text: &str) -> Result<()> {
        sqlx::query("SELECT pg_notify($1, $2)").bind(channel).bind(text).execute(listener).await?;
        Ok(())
    }

    /// Which version the file has, as far as others wrote it: another one means that another process
    /// committed, or that the connection is a new one, which can't tell. With the moment that it was read
    /// at, or a little before.
    ///
    /// # Errors
    /// `Busy` where the writer is not free in time; `Internal` on PostgreSQL.
    pub async fn file_version(&self) -> Result<((u64, i64), Instant)> {
        let Pools::Sqlite { writer, openings, .. } = &*self.0 else {
            return Err(Error::internal("a server has no file"));
        };
        // The writer's own commits do not move the version that it sees, those of all others do. While it
        // is busy nobody else can commit.
        let mut writer = writer.acquire().await?;
        let read_at = Instant::now();
        let row = sqlx::query("PRAGMA data_version").fetch_one(&mut *writer).await?;
        Ok(((openings.load(Ordering::Acquire), row.try_get(0)?), read_at))
    }
}

/// Tells messages inside the transaction that they are about.
pub(super) async fn notify_in(transaction: &mut sqlx::PgConnection, texts: &[&str]) -> Result<(), sqlx::Error> {
    let sql = "SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text";
    sqlx::query(sql).bind(Db::CHANNEL).bind(texts).execute(transaction).await?;
    Ok(())
}
