//! One open transaction, as SeaORM sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use entity::row::Row;
use rules::ids::StoreId;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, Postgres, Sqlite, Transaction};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, StatementBuilder};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

use super::server::Lease;
use super::told::query_error;
use super::{Line, postgres, sqlite};
use crate::kernel::error::Result;

/// How a transaction was opened.
pub(super) enum Open {
    /// On a reading connection of PostgreSQL.
    Postgres(postgres::Reading),
    /// On a reading connection of a file.
    Sqlite(sqlite::Reading),
    /// On a connection of the driver beneath SeaORM, until it ends.
    Driver(DbBackend, Mutex<Option<Driver>>),
}

pub(super) enum Driver {
    Postgres(Lease),
    Sqlite(Transaction<'static, Sqlite>),
}

impl From<Lease> for Open {
    fn from(lease: Lease) -> Self {
        Self::Driver(DbBackend::Postgres, Mutex::new(Some(Driver::Postgres(lease))))
    }
}

impl From<Transaction<'static, Sqlite>> for Open {
    fn from(transaction: Transaction<'static, Sqlite>) -> Self {
        Self::Driver(DbBackend::Sqlite, Mutex::new(Some(Driver::Sqlite(transaction))))
    }
}

/// A connection that is inside a transaction, from its first statement to its end.
///
/// SeaORM's own transaction can't be opened with the string that row-level security needs, and its
/// pool costs a round trip for every statement outside one; so this stands in for it. Concurrent
/// statements of one operation wait for each other, but on a reading connection of PostgreSQL, which sends them all.
/// Dropping it rolls back.
pub struct Conn {
    open: Open,
    /// The role to take when a store is entered later; PostgreSQL only.
    app_role: Option<String>,
    statements: Arc<AtomicU32>,
}

impl Conn {
    pub(super) fn new(open: Open, app_role: Option<String>, statements: Arc<AtomicU32>) -> Self {
        Self { open, app_role, statements }
    }

    /// Puts the transaction into a store, with the rights of a request. On SQLite there is nothing to do.
    ///
    /// # Errors
    /// What the database says.
    pub async fn enter(&self, store: StoreId) -> Result<()> {
        let Some(role) = &self.app_role else { return Ok(()) };
        let sql = super::enter_sql(role, Some(store));
        match &self.open {
            Open::Postgres(reading) => reading.say_first(&sql),
            Open::Sqlite(_) => {}
            Open::Driver(..) => {
                self.execute_unprepared(&sql).await?;
            }
        }
        Ok(())
    }

    /// Reads all rows of a statement, each by the places of its columns.
    ///
    /// # Errors
    /// What the database says, or `read`.
    pub async fn lines<T>(
        &self,
        statement: Statement,
        read: impl Fn(&Line<'_>) -> Result<T, DbErr> + Send,
    ) -> Result<Vec<T>, DbErr> {
        match &self.open {
            Open::Postgres(reading) => {
                self.count();
                reading.rows(&statement).await?.iter().map(|row| read(&Line::Postgres(row))).collect()
            }
            Open::Sqlite(reading) => {
                self.count();
                reading.rows(statement).await?.iter().map(|row| read(&Line::Sqlite(row))).collect()
            }
            Open::Driver(..) => {
                let rows = self.query_all_raw(statement).await?;
                rows.iter().map(|row| read(&Line::Driver(row))).collect()
            }
        }
    }

    /// Reads all rows of a query as what their columns make, in their order.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read<T: Row>(&self, query: &impl StatementBuilder) -> Result<Vec<T>, DbErr> {
        self.lines(self.get_database_backend().build(query), |line| T::read(line)).await
    }

    /// Makes what was written last, and tells every node that listens. A file tells nobody.
    ///
    /// # Errors
    /// What the database says; then nothing was written, or the outcome is not known where the
    /// connection broke.
    pub async fn commit(&self, messages: &[&str]) -> Result<()> {
        let driver = self.driver()?.lock().await.take();
        match driver {
            Some(Driver::Postgres(mut lease)) => {
                if !messages.is_empty() {
                    let (connection, asking) = lease.ask().map_err(exec_error)?;
                    asking.answer(super::changes::notify_in(connection, messages)).await.map_err(exec_error)?;
                }
                lease.commit().await.map_err(query_error)?;
            }
            Some(Driver::Sqlite(transaction)) => transaction.commit().await.map_err(query_error)?,
            None => return Err(closed().into()),
        }
        Ok(())
    }

    /// Ends the transaction without writing, and gives the connection back.
    pub async fn rollback(&self) {
        let driver = match &self.open {
            Open::Postgres(reading) => {
                reading.end();
                return;
            }
            Open::Sqlite(reading) => {
                reading.end();
                return;
            }
            Open::Driver(_, driver) => driver.lock().await.take(),
        };
        let ended = match driver {
            Some(Driver::Postgres(lease)) => lease.rollback().await,
            Some(Driver::Sqlite(transaction)) => transaction.rollback().await,
            None => Ok(()),
        };
        if let Err(error) = ended {
            // The connection is broken and thrown away, and the server rolls back.
            tracing::debug!(%error, "rollback failed");
        }
    }

    /// The driver beneath SeaORM, where it has the connection: what writes, and what SeaORM reads by itself.
    fn driver(&self) -> Result<&Mutex<Option<Driver>>, DbErr> {
        match &self.open {
            Open::Driver(_, driver) => Ok(driver),
            Open::Postgres(_) | Open::Sqlite(_) => Err(DbErr::Custom(
                "on a reading connection rows are read by `Conn::lines`, and nothing is written".to_owned(),
            )),
        }
    }

    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }
}

impl super::Db {
    /// Commits no longer wait for the disk, until [`Self::sync`]: for filling a new file that nobody misses
    /// where the power fails. PostgreSQL goes on as ever.
    ///
    /// # Errors
    /// What the database says.
    pub async fn defer_sync(&self) -> Result<()> {
        self.pragmas("PRAGMA synchronous = OFF").await
    }

    /// Brings everything to the disk, and lets commits wait for it again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sync(&self) -> Result<()> {
        self.pragmas("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)").await
    }

    /// Sets what the one writer of a file goes by.
    async fn pragmas(&self, sql: &str) -> Result<()> {
        if self.backend() == DbBackend::Sqlite {
            self.owner().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

fn closed() -> DbErr {
    DbErr::Custom("a statement was sent after its transaction had ended".to_owned())
}

fn exec_error(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn values(statement: &Statement) -> SqlxValues {
    SqlxValues(statement.values.clone().unwrap_or_else(|| sea_orm::Values(Vec::new())))
}

#[async_trait]
impl ConnectionTrait for Conn {
    fn get_database_backend(&self) -> DbBackend {
        match &self.open {
            Open::Postgres(_) => DbBackend::Postgres,
            Open::Sqlite(_) => DbBackend::Sqlite,
            Open::Driver(backend, _) => *backend,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.count();
        let values = values(&statement);
        let sql = AssertSqlSafe(statement.sql);
        match self.driver()?.lock().await.as_mut().ok_or_else(closed)? {
            Driver::Postgres(lease) => {
                let (connection, asking) = lease.ask().map_err(exec_error)?;
                let done = asking.answer(sqlx::query_with::<Postgres, _>(sql, values).execute(connection)).await;
                done.map(ExecResult::from).map_err(exec_error)
            }
            Driver::Sqlite(transaction) => {
                let done = sqlx::query_with::<Sqlite, _>(sql, values).execute(&mut **transaction).await;
                done.map(ExecResult::from).map_err(exec_error)
            }
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.count();
        let sql = AssertSqlSafe(sql.to_owned());
        match self.driver()?.lock().await.as_mut().ok_or_else(closed)? {
            Driver::Postgres(lease) => {
                let (connection, asking) = lease.ask().map_err(exec_error)?;
                let done = asking.answer(connection.execute(sqlx::raw_sql(sql))).await;
                done.map(ExecResult::from).map_err(exec_error)
            }
            Driver::Sqlite(transaction) => {
                (&mut **transaction).execute(sqlx::raw_sql(sql)).await.map(ExecResult::from).map_err(exec_error)
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.count();
        let values = values(&statement);
        let sql = AssertSqlSafe(statement.sql);
        match self.driver()?.lock().await.as_mut().ok_or_else(closed)? {
            Driver::Postgres(lease) => {
                let (connection, asking) = lease.ask().map_err(query_error)?;
                let row = asking.answer(sqlx::query_with::<Postgres, _>(sql, values).fetch_optional(connection)).await;
                row.map(|row| row.map(QueryResult::from)).map_err(query_error)
            }
            Driver::Sqlite(transaction) => {
                let row = sqlx::query_with::<Sqlite, _>(sql, values).fetch_optional(&mut **transaction).await;
                row.map(|row| row.map(QueryResult::from)).map_err(query_error)
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.count();
        let values = values(&statement);
        let sql = AssertSqlSafe(statement.sql);
        match self.driver()?.lock().await.as_mut().ok_or_else(closed)? {
            Driver::Postgres(lease) => {
                let (connection, asking) = lease.ask().map_err(query_error)?;
                let rows = asking.answer(sqlx::query_with::<Postgres, _>(sql, values).fetch_all(connection)).await;
                rows.map(|rows| rows.into_iter().map(QueryResult::from).collect()).map_err(query_error)
            }
            Driver::Sqlite(transaction) => {
                let rows = sqlx::query_with::<Sqlite, _>(sql, values).fetch_all(&mut **transaction).await;
                rows.map(|rows| rows.into_iter().map(QueryResult::from).collect()).map_err(query_error)
            }
        }
    }
}
