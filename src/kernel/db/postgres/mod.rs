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
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool_postgres::{Client, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures::FutureExt;
use sea_orm::sqlx;
use sea_orm::{DbErr, Statement};
use tokio_postgres::types::{ToSql, Type};

use super::connect::{DatabaseSettings, PING_AFTER_IDLE, PING_WITHIN, STATEMENT_CACHE};
use super::server::{ROUND_TRIP, SLACK};
use super::told::{ended, query_error};
use super::used_and_open;
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
    /// Whether it is a standby's: that closes connections which its replay has to get past.
    standby: bool,
}

impl Reader {
    /// Connections to the server that a URL names, opened when they are first wanted; a request waits as long as
    /// `patience` for one. `None` where the URL asks for what only the other driver can do: then that one reads.
    ///
    /// # Errors
    /// `Internal` where the certificates that it names can't be read.
    pub(super) fn new(
        settings: &DatabaseSettings,
        url: &str,
        patience: Duration,
        standby: bool,
    ) -> Result<Option<Self>> {
        let Some(address) = address::read(url)? else {
            tracing::info!("reads go through the driver of the writes: the database's URL asks for what only that can");
            return Ok(None);
        };
        let mut config = address.config;
        config.application_name("stoa").connect_timeout(patience).options(settings.session_options());
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
        Ok(Some(Self { pool, patience: settings.statement_timeout + SLACK, standby }))
    }

    /// Takes a connection for one transaction, which opens with `begin` when it is first used.
    ///
    /// # Errors
    /// `Busy` where none is free in time, or the server is away.
    pub(super) async fn begin(&self, begin: String) -> Result<Reading> {
        let session = Mutex::new(Some(Arc::new(self.session(begin).await?)));
        Ok(Reading { reader: self.clone(), session })
    }

    async fn session(&self, begin: String) -> Result<Session, sqlx::Error> {
        let client = self.pool.get().await.map_err(told::connection)?;
        Ok(Session {
            client: Some(client),
            first: Mutex::new(Some(begin)),
            said: Mutex::default(),
            open: AtomicBool::new(false),
            under_way: AtomicU32::new(0),
            silent: AtomicBool::new(false),
            patience: self.patience,
        })
    }

    /// Connections in use, and open.
    pub(super) fn size(&self) -> (u32, u32) {
        used_and_open(&self.pool.status())
    }

    /// Gives nobody a connection any more.
    pub(super) fn close(&self) {
        self.pool.close();
    }
}

/// One transaction that reads.
pub(super) struct Reading {
    reader: Reader,
    /// `None` once it has ended.
    session: Mutex<Option<Arc<Session>>>,
}

impl Reading {
    /// Opens it now, where others would wait for its first statement.
    ///
    /// # Errors
    /// What the server says.
    pub(super) async fn open(&self) -> Result<()> {
        self.run(None).await?;
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
        self.run(Some(statement)).await.map_err(query_error)
    }

    /// Ends it, and gives the connection back.
    pub(super) fn end(&self) {
        drop(self.lock().take());
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Session>>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn session(&self) -> Result<Arc<Session>, sqlx::Error> {
        let session = self.lock().clone();
        session.ok_or_else(ended)
    }

    /// Runs a statement. Where it would have been the first, and the server has closed the connection while it
    /// rested, as in a restart, the next one is tried, until the pool has to open a new one.
    async fn run(&self, statement: Option<&Statement>) -> Result<Vec<tokio_postgres::Row>, sqlx::Error> {
        let mut left = self.reader.size().1;
        loop {
            let session = self.session()?;
            let is_first = !session.open.load(Ordering::Acquire);
            match session.run(statement).await {
                Err(error) if is_first && left > 0 && told::was_closed(&error) => {
                    left -= 1;
                    let next = self.reader.session(session.said()).await?;
                    *self.lock() = Some(Arc::new(next));
                }
                // The same can be asked of the primary.
                Err(error) if self.reader.standby && told::was_closed(&error) => return Err(told::stood_in_the_way()),
                outcome => return outcome,
            }
        }
    }
}

/// A connection with a transaction on it, or about to be.
struct Session {
    client: Option<Client>,
    /// What has to be said before the next statement.
    first: Mutex<Option<String>>,
    /// What was said before the first.
    said: Mutex<String>,
    open: AtomicBool,
    under_way: AtomicU32,
    /// Whether it did not answer in time.
    silent: AtomicBool,
    patience: Duration,
}

impl Session {
    fn say_first(&self, sql: &str) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        *first = Some(match first.take() {
            Some(before) => format!("{before}; {sql}"),
            None => sql.to_owned(),
        });
    }

    fn take_first(&self) -> Option<String> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(first) = &first
            && !self.open.swap(true, Ordering::AcqRel)
        {
            self.said.lock().unwrap_or_else(PoisonError::into_inner).clone_from(first);
        }
        first
    }

    /// What opened the transaction.
    fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs a statement, or only says what has to be said before it.
    async fn run(&self, statement: Option<&Statement>) -> Result<Vec<tokio_postgres::Row>, sqlx::Error> {
        let client = self.client.as_ref().ok_or(sqlx::Error::PoolClosed)?;
        self.under_way.fetch_add(1, Ordering::AcqRel);
        let answer = async {
            let Some(first) = self.take_first() else { return rows(client, statement).await };
            // Sent in this order, and answered in it.
            let (said, outcome) = futures::join!(client.batch_execute(&first), rows(client, statement));
            said.map_err(told::statement).and(outcome)
        };
        let Ok(outcome) = tokio::time::timeout(self.patience, answer).await else {
            tracing::warn!("a connection to the database fell silent: it is closed");
            self.silent.store(true, Ordering::Release);
            return Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()));
        };
        // Not reached where the caller gives up: then nobody knows when the connection is free again.
        self.under_way.fetch_sub(1, Ordering::AcqRel);
        outcome
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

async fn rows(client: &Client, statement: Option<&Statement>) -> Result<Vec<tokio_postgres::Row>, sqlx::Error> {
    let Some(statement) = statement else { return Ok(Vec::new()) };
    let values = statement.values.as_ref().map_or(&[][..], |values| &values.0);
    let prepared = prepared(client, &statement.sql, values).await?;
    let parameters: Vec<_> = values.iter().map(Parameter).collect();
    let parameters: Vec<_> = parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    client.query(&prepared, &parameters).await.map_err(told::statement)
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
