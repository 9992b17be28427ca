//! One PostgreSQL server: a connection from its pool and back, with a limit of time on every wait.
//!
//! sqlx waits without one: for an answer, and on the way back to the pool, where it asks whether the
//! connection lives. A peer that is gone without a word, as behind a middlebox that forgot the
//! connection, would keep its place in the pool for ever; sqlx sets no keep-alive on its sockets
//! either. So each thing that is asked has a time here by which a server that lives has answered; then
//! the connection is closed, and its place is free at once.
//!
//! What a caller did not wait for to its end is waited for here, until that same time. It is not closed
//! sooner: a server goes on with the statement of a client that is gone, so callers who go away could
//! have it run more at once than there are places.

use std::io;
use std::time::Duration;

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, Executor, PgConnection, PgPool, Postgres};
use tokio::time::{Instant, timeout, timeout_at};

/// How long a server may take to answer what costs it nothing: to begin, to roll back, to say that it lives.
pub(super) const ROUND_TRIP: Duration = Duration::from_secs(2);

/// How much later than its own timeout a server may tell that it ended a statement.
pub(super) const SLACK: Duration = Duration::from_secs(1);

/// How long a pool that closes waits for what still runs.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// The connections to one server. Cheap to clone.
#[derive(Clone)]
pub(super) struct Server {
    pool: PgPool,
    /// How long one statement is waited for.
    patience: Duration,
}

impl Server {
    /// A server behind a pool, that ends each statement by itself at `statement_timeout`.
    pub(super) fn new(pool: PgPool, statement_timeout: Duration) -> Self {
        Self { pool, patience: statement_timeout + SLACK }
    }

    /// The pool itself, for what is no request.
    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Begins a transaction on a connection that lives. One that the server has closed while it rested, as in
    /// a restart, fails before anything ran; then the next one is tried, until the pool has to open a new one.
    ///
    /// # Errors
    /// What the server says, or that there is no connection or no answer in time.
    pub(super) async fn begin(&self, sql: &str) -> Result<Lease, sqlx::Error> {
        let mut left = self.pool.size();
        loop {
            match self.begin_once(sql).await {
                Err(error) if left > 0 && was_closed(&error) => left -= 1,
                begun => return begun,
            }
        }
    }

    async fn begin_once(&self, sql: &str) -> Result<Lease, sqlx::Error> {
        let mut lease = self.lease().await?;
        let (connection, asking) = lease.ask_within(ROUND_TRIP)?;
        asking.answer(connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())))).await?;
        Ok(lease)
    }

    /// Asks whether the server answers.
    ///
    /// # Errors
    /// Where it does not, or has no connection.
    pub(super) async fn ping(&self) -> Result<(), sqlx::Error> {
        let mut lease = self.lease().await?;
        let (connection, asking) = lease.ask_within(ROUND_TRIP)?;
        asking.answer(connection.ping()).await?;
        lease.standing = Standing::Through;
        Ok(())
    }

    async fn lease(&self) -> Result<Lease, sqlx::Error> {
        let connection = Some(self.pool.acquire().await?);
        Ok(Lease { connection, standing: Standing::Through, patience: self.patience })
    }

    /// Closes every connection, after what runs on it has ended; what does not end soon is not waited for.
    pub(super) async fn close(&self) {
        if timeout(CLOSE_WITHIN, self.pool.close()).await.is_err() {
            tracing::warn!("connections to the database are still in use: they are left to themselves");
        }
    }
}

/// A connection in a transaction. Dropping it rolls back and gives the connection back to the pool, or
/// closes it where the server does not answer.
pub(super) struct Lease {
    /// None once it is on its way back.
    connection: Option<PoolConnection<Postgres>>,
    standing: Standing,
    patience: Duration,
}

/// How a connection stands.
#[derive(Clone, Copy)]
enum Standing {
    /// No transaction is open.
    Through,
    /// A transaction is open, and all that was asked is answered.
    Open,
    /// Something was asked, and the answer was not waited for to its end: a server that lives is ready by then.
    Asked { until: Instant },
    /// The server did not answer in time, or the connection broke.
    Lost,
}

impl Lease {
    /// The connection for one statement, and what its answer is to be waited for with.
    ///
    /// # Errors
    /// Where the connection is lost.
    pub(super) fn ask(&mut self) -> Result<(&mut PgConnection, Asking<'_>), sqlx::Error> {
        self.ask_within(self.patience)
    }

    fn ask_within(&mut self, patience: Duration) -> Result<(&mut PgConnection, Asking<'_>), sqlx::Error> {
        let Self { connection: Some(connection), standing, .. } = self else { return Err(lost()) };
        if matches!(standing, Standing::Lost) {
            return Err(lost());
        }
        let until = Instant::now() + patience;
        *standing = Standing::Asked { until };
        Ok((&mut **connection, Asking { standing, until }))
    }

    /// Makes what was written last.
    ///
    /// # Errors
    /// What the server says. Where the connection is lost meanwhile, whether it was written is not known.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        let patience = self.patience;
        self.end("COMMIT", patience).await
    }

    /// Ends the transaction without writing.
    ///
    /// # Errors
    /// Where the connection is lost; then the server rolls back.
    pub(super) async fn rollback(self) -> Result<(), sqlx::Error> {
        self.end("ROLLBACK", ROUND_TRIP).await
    }

    async fn end(mut self, sql: &'static str, patience: Duration) -> Result<(), sqlx::Error> {
        let (connection, asking) = self.ask_within(patience)?;
        asking.answer(connection.execute(sqlx::raw_sql(sql))).await?;
        self.standing = Standing::Through;
        Ok(())
    }
}

/// What waits for the answer to one statement. Where it is dropped before, the connection knows.
pub(super) struct Asking<'a> {
    standing: &'a mut Standing,
    until: Instant,
}

impl Asking<'_> {
    /// Waits for an answer, as long as a server that lives may take.
    pub(super) async fn answer<T>(self, asked: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
        let answer = timeout_at(self.until, asked).await.unwrap_or_else(|_| {
            tracing::warn!("a connection to the database fell silent: it is closed");
            Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()))
        });
        let is_lost = matches!(answer, Err(sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)));
        *self.standing = if is_lost { Standing::Lost } else { Standing::Open };
        answer
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let ready_by = match self.standing {
            Standing::Lost => return discard(connection),
            Standing::Through => None,
            Standing::Open => Some(Instant::now() + ROUND_TRIP),
            Standing::Asked { until } => Some(until.max(Instant::now() + ROUND_TRIP)),
        };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(give_back(connection, ready_by))),
            // Nobody is left to wait for the server.
            Err(_) => discard(connection),
        }
    }
}

/// Brings a connection back to the pool; first rolls back, once the server is ready to, where a transaction may be
/// open.
async fn give_back(mut connection: PoolConnection<Postgres>, ready_by: Option<Instant>) {
    if let Some(ready_by) = ready_by
        && !matches!(timeout_at(ready_by, connection.execute(sqlx::raw_sql("ROLLBACK"))).await, Ok(Ok(_)))
    {
        return discard(connection);
    }
    // What dropping it would begin, without an end. The place in the pool is free once this is dropped, too.
    let _ = timeout(ROUND_TRIP, connection.return_to_pool()).await;
}

/// Closes a connection without a word, and frees its place at once.
fn discard(connection: PoolConnection<Postgres>) {
    drop(connection.detach());
}

fn lost() -> sqlx::Error {
    sqlx::Error::Io(io::ErrorKind::NotConnected.into())
}

/// Whether the server had closed the connection before anything ran. One that does not answer is not worth
/// a second wait.
fn was_closed(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(cause) => cause.kind() != io::ErrorKind::TimedOut,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
