//! Reading on PostgreSQL.
//!
//! Reads are what a shop does most, so they have connections of their own, over a driver that sends one statement
//! after the other without waiting: what opens a transaction goes with its first statement, what ends it is not
//! waited for, and the statements of one level of a query are under way together. Nothing is ever written here.
//!
//! Each transaction begins as one string with its role and store, as every other; where that fails, the statements
//! behind it fail too.

mod address;
mod told;
mod trust;
pub(super) mod value;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::{Client, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures::FutureExt;
use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr, Statement};
use tokio_postgres::types::{ToSql, Type};

use super::connect::{DatabaseSettings, PING_AFTER_IDLE, PING_WITHIN, STATEMENT_CACHE};
use super::server::{ROUND_TRIP, SLACK};
use crate::kernel::error::{Error, Result};
use value::Parameter;

/// Ends a transaction that wrote nothing.
const END: &str = "ROLLBACK";

/// The connections to one server.
#[derive(Clone)]
pub(super) struct Reader {
    pool: Pool,
    /// How long one statement is waited for.
    patience: Duration,
}

impl Reader {
    /// Connections to the server that a URL names, opened when they are first wanted; a request waits as long as
    /// `patience` for one. `None` where the URL asks for what only the other driver can do: then that one reads.
    ///
    /// # Errors
    /// `Internal` where the certificates that it names can't be read.
    pub(super) fn new(settings: &DatabaseSettings, url: &str, patience: Duration) -> Result<Option<Self>> {
        let Some(address) = address::read(url)? else {
            tracing::info!("reads go through the driver of the writes: the database's URL asks for what only that can");
            return Ok(None);
        };
        let mut config = address.config;
        config.application_name("stoa reader").connect_timeout(patience).options(settings.session_options());
        let how = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, address.tls, how);
        let pool = Pool::builder(manager)
            .max_size(settings.pool_size as usize)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(patience))
            .create_timeout(Some(patience))
            .pre_recycle(Hook::async_fn(|client, metrics| {
                Box::pin(async move {
                    if metrics.last_used() > PING_AFTER_IDLE {
                        let ping = tokio::time::timeout(PING_WITHIN, client.batch_execute(""));
                        ping.await
                            .map_err(|_| HookError::message("it does not answer"))?
                            .map_err(HookError::Backend)?;
                    }
                    Ok(())
                })
            }))
            .build()
            .map_err(Error::internal)?;
        Ok(Some(Self { pool, patience: settings.statement_timeout + SLACK }))
    }

    /// Takes a connection for one transaction, which opens with `begin` when it is first used.
    ///
    /// # Errors
    /// `Busy` where none is free in time, or the server is away.
    pub(super) async fn begin(&self, begin: String) -> Result<Reading> {
        let client = self.pool.get().await.map_err(told::connection)?;
        Ok(Reading(Mutex::new(Some(Arc::new(Session::new(client, begin, self.patience))))))
    }

    /// Connections in use, and open.
    pub(super) fn size(&self) -> (u32, u32) {
        let status = self.pool.status();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (number(status.size.saturating_sub(status.available)), number(status.size))
    }

    /// Gives nobody a connection any more.
    pub(super) fn close(&self) {
        self.pool.close();
    }
}

/// One transaction that reads.
pub(super) struct Reading(Mutex<Option<Arc<Session>>>);

impl Reading {
    /// Opens it now, where others would wait for its first statement.
    ///
    /// # Errors
    /// What the server says.
    pub(super) async fn open(&self) -> Result<()> {
        self.run(async |_| Ok(())).await?;
        Ok(())
    }

    /// Says something before the next statement.
    pub(super) fn say_first(&self, sql: &str) {
        if let Ok(session) = self.session() {
            session.say_first(sql);
        }
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// What the server says.
    pub(super) async fn rows(&self, statement: &Statement) -> Result<Vec<tokio_postgres::Row>, DbErr> {
        let values = statement.values.as_ref().map_or(&[][..], |values| &values.0);
        let rows = self.run(async |client| {
            let statement = prepared(client, &statement.sql, values).await?;
            let parameters: Vec<_> = values.iter().map(Parameter).collect();
            let parameters: Vec<_> = parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
            client.query(&statement, &parameters).await.map_err(told::statement)
        });
        rows.await.map_err(query_error)
    }

    /// Ends it, and gives the connection back.
    pub(super) fn end(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn session(&self) -> Result<Arc<Session>, sqlx::Error> {
        let session = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        session.ok_or_else(|| sqlx::Error::Protocol("a statement was sent after its transaction had ended".to_owned()))
    }

    async fn run<T>(&self, ask: impl AsyncFnOnce(&Client) -> Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        let session = self.session()?;
        let client = session.client.as_ref().ok_or(sqlx::Error::PoolClosed)?;
        session.under_way.fetch_add(1, Ordering::AcqRel);
        let answer = async {
            let Some(first) = session.take_first() else { return ask(client).await };
            session.open.store(true, Ordering::Release);
            // Sent in this order, and answered in it.
            let (said, outcome) = futures::join!(client.batch_execute(&first), ask(client));
            said.map_err(told::statement).and(outcome)
        };
        let Ok(outcome) = tokio::time::timeout(session.patience, answer).await else {
            tracing::warn!("a connection to the database fell silent: it is closed");
            session.silent.store(true, Ordering::Release);
            return Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()));
        };
        // Not reached where the caller gives up: then nobody knows when the connection is free again.
        session.under_way.fetch_sub(1, Ordering::AcqRel);
        outcome
    }
}

/// A connection with a transaction on it, or about to be.
struct Session {
    client: Option<Client>,
    /// What has to be said before the next statement.
    first: Mutex<Option<String>>,
    open: AtomicBool,
    under_way: AtomicU32,
    /// Whether it did not answer in time.
    silent: AtomicBool,
    patience: Duration,
}

impl Session {
    fn new(client: Client, begin: String, patience: Duration) -> Self {
        let (first, open, silent) = (Mutex::new(Some(begin)), AtomicBool::new(false), AtomicBool::new(false));
        Self { client: Some(client), first, open, under_way: AtomicU32::new(0), silent, patience }
    }

    fn say_first(&self, sql: &str) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        *first = Some(match first.take() {
            Some(before) => format!("{before}; {sql}"),
            None => sql.to_owned(),
        });
    }

    fn take_first(&self) -> Option<String> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Ends the transaction without waiting: whoever has the connection next speaks after it. Where a statement was
/// given up, the connection is back when its answer has come, or closed where it does not come.
impl Drop for Session {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.silent.load(Ordering::Acquire) {
            drop(Client::take(client));
        } else if self.under_way.load(Ordering::Acquire) > 0 {
            give_back_later(client, self.patience);
        } else if self.open.load(Ordering::Acquire)
            && let Some(Err(_)) = client.batch_execute(END).now_or_never()
        {
            drop(Client::take(client));
        }
    }
}

/// Waits for what is under way on a connection, as long as a server that lives may take: it goes on with a statement
/// whose client is gone, so callers who go away could have it run more at once than there are places.
fn give_back_later(client: Client, patience: Duration) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        drop(Client::take(client));
        return;
    };
    runtime.spawn(async move {
        let ended = tokio::time::timeout(patience.max(ROUND_TRIP), client.batch_execute(END)).await;
        if !matches!(ended, Ok(Ok(()))) {
            drop(Client::take(client));
        }
    });
}

/// The statement as the connection has it prepared. Texts hold no values, so that there are few of them; where
/// there are many all the same, the connection forgets them all rather than growing.
async fn prepared(
    client: &Client,
    sql: &str,
    values: &[sea_orm::Value],
) -> Result<tokio_postgres::Statement, sqlx::Error> {
    let types = values.iter().map(|value| {
        value::type_of(value).ok_or_else(|| sqlx::Error::Protocol(format!("{value:?} can't be sent in a statement")))
    });
    let types = types.collect::<Result<Vec<Type>, _>>()?;
    if client.statement_cache.size() >= STATEMENT_CACHE {
        client.statement_cache.clear();
    }
    client.prepare_typed_cached(sql, &types).await.map_err(told::statement)
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}
