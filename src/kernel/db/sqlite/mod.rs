//! Reading a SQLite file.
//!
//! Reads are what a shop does most, so they have connections of their own. The driver beneath SeaORM copies each
//! value of a row for itself and hands row after row from its own thread to another; here a statement runs to its end
//! on a thread that may wait, and all its rows come back as one block. Nothing is ever written here.

mod pool;
mod value;

use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::Object;
use sea_orm::sqlx;
use sea_orm::{DbErr, Statement};
use tokio::sync::Mutex;

pub(super) use pool::Reader;
use pool::{File, Stop};
pub(super) use value::{Row, Rows};

use super::told::{Told, ended, query_error};

/// One snapshot, from its first statement on.
pub(super) struct Reading {
    /// `None` once it has ended.
    lease: std::sync::Mutex<Option<Arc<Mutex<Lease>>>>,
    stop: Arc<Stop>,
    /// How long one statement is waited for.
    patience: Duration,
}

impl Reading {
    fn new(connection: Object<File>, patience: Duration) -> Self {
        let stop = Arc::clone(&connection.stop);
        let lease = Arc::new(Mutex::new(Lease { connection: Some(connection), is_open: false }));
        Self { lease: std::sync::Mutex::new(Some(lease)), stop, patience }
    }

    /// All rows of a statement. Statements of one operation wait for each other.
    ///
    /// # Errors
    /// What the database says; one that runs for too long is stopped.
    pub(super) async fn rows(&self, statement: Statement) -> Result<Rows, DbErr> {
        self.run(statement).await.map_err(query_error)
    }

    async fn run(&self, statement: Statement) -> Result<Rows, sqlx::Error> {
        let lease = self.lock().clone().ok_or_else(ended)?;
        let mut lease = lease.lock_owned().await;
        let running = tokio::task::spawn_blocking(move || lease.run(&statement));
        match tokio::time::timeout(self.patience, running).await {
            Ok(outcome) => outcome.map_err(|_| sqlx::Error::WorkerCrashed)?,
            Err(_) => {
                tracing::warn!("a statement took too long: it is stopped");
                self.stop.stop();
                Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))
            }
        }
    }

    /// Ends it, and gives the connection back: once what runs there has stopped, where a caller has not waited for it.
    pub(super) fn end(&self) {
        if let Some(lease) = self.lock().take()
            && Arc::into_inner(lease).is_none()
        {
            self.stop.stop();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Mutex<Lease>>>> {
        self.lease.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.end();
    }
}

/// A connection from the pool, until whoever reads last has ended.
struct Lease {
    /// `None` once it goes back.
    connection: Option<Object<File>>,
    is_open: bool,
}

impl Lease {
    fn run(&mut self, statement: &Statement) -> Result<Rows, sqlx::Error> {
        let connection = self.connection.as_ref().ok_or(sqlx::Error::PoolClosed)?;
        let _running = connection.stop.running();
        if !self.is_open {
            connection.sqlite.execute_batch("BEGIN").map_err(told)?;
            self.is_open = true;
        }
        let values = statement.values.as_ref().map_or(&[][..], |values| &values.0);
        let mut prepared = connection.sqlite.prepare_cached(&statement.sql).map_err(told)?;
        value::rows(&mut prepared, values)
    }
}

/// Ends the snapshot. A connection on which that fails is closed.
impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && self.is_open
            && let Err(error) = connection.sqlite.execute_batch("ROLLBACK")
        {
            tracing::debug!(%error, "rollback failed");
            drop(Object::take(connection));
        }
    }
}

/// What SQLite tells of a statement that failed.
fn told(error: rusqlite::Error) -> sqlx::Error {
    match error.sqlite_error() {
        Some(failure) => {
            let (code, message) = (failure.extended_code.to_string(), error.to_string());
            Told { code, message, constraint: None }.into()
        }
        None => sqlx::Error::Decode(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use chrono::{DateTime, Utc};
    use entity::row::Columns;
    use sea_orm::{DbBackend, Value};

    use super::super::Line;
    use super::super::connect::DatabaseSettings;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn reader(folder: &std::path::Path, statement_timeout: Duration) -> Reader {
        let path = folder.join("a.db");
        rusqlite::Connection::open(&path).expect("a file").execute_batch("CREATE TABLE a (b)").expect("a table");
        let settings = DatabaseSettings {
            url: super::super::DatabaseUrl::Sqlite(path.clone()),
            read_url: None,
            pool_size: 1,
            acquire_timeout: SECOND,
            statement_timeout,
            lock_timeout: SECOND,
        };
        Reader::new(&settings, &path).expect("a reader")
    }

    fn statement(sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
    }

    /// A statement that runs until it is stopped.
    fn endless() -> Statement {
        statement("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n", Vec::new())
    }

    #[tokio::test]
    async fn values_come_back_as_they_went() {
        let folder = tempfile::tempdir().expect("a folder");
        let reading = reader(folder.path(), SECOND).await.begin().await.expect("a snapshot");
        let id = uuid::Uuid::from_u128(7);
        let now = DateTime::<Utc>::from_str("2026-03-01T12:00:00.030001Z").expect("a time");
        let json = serde_json::json!({ "a": [1, null] });
        let values: Vec<Value> = vec![
            id.into(),
            now.into(),
            json.clone().into(),
            "Köln".into(),
            (-7_i32).into(),
            i64::MAX.into(),
            true.into(),
            id.as_bytes().to_vec().into(),
            b"short".to_vec().into(),
            Value::String(None),
        ];
        let rows = reading.rows(statement("SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", values)).await.expect("a row");
        let row = Line::Sqlite(rows.iter().next().expect("a row"));
        assert_eq!(row.column::<uuid::Uuid>(0, "id"), Ok(id));
        assert_eq!(row.column::<DateTime<Utc>>(1, "time"), Ok(now));
        assert_eq!(row.column::<serde_json::Value>(2, "json"), Ok(json));
        assert_eq!(row.column::<String>(3, "text"), Ok("Köln".to_owned()));
        assert_eq!(row.column::<i32>(4, "int"), Ok(-7));
        assert_eq!(row.column::<i64>(5, "bigint"), Ok(i64::MAX));
        assert_eq!(row.column::<bool>(6, "bool"), Ok(true));
        assert_eq!(row.column::<Vec<u8>>(7, "sixteen bytes"), Ok(id.as_bytes().to_vec()));
        assert_eq!(row.column::<Vec<u8>>(8, "bytes"), Ok(b"short".to_vec()));
        assert_eq!(row.column::<Option<String>>(9, "nothing"), Ok(None));
        assert!(row.column::<String>(9, "nothing").is_err(), "a null is no text");
        assert!(row.column::<uuid::Uuid>(3, "text").is_err(), "a text is no id");
        assert!(row.column::<i32>(10, "beyond").is_err(), "there is no such column");
    }

    #[tokio::test]
    async fn places_are_numbered_or_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let reading = reader(folder.path(), SECOND).await.begin().await.expect("a snapshot");
        for (sql, sum) in [("SELECT $2 - $1 - $1", 8), ("SELECT ? - ?", -9), ("SELECT ?2 - ?1", 9)] {
            let rows = reading.rows(statement(sql, vec![1_i32.into(), 10_i32.into()])).await.expect("a row");
            let row = Line::Sqlite(rows.iter().next().expect("a row"));
            assert_eq!(row.column::<i32>(0, "sum"), Ok(sum), "{sql}");
        }
        reading.rows(statement("SELECT ?", Vec::new())).await.err().expect("a value is missing");
    }

    #[tokio::test]
    async fn nothing_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let reading = reader(folder.path(), SECOND).await.begin().await.expect("a snapshot");
        reading.rows(statement("INSERT INTO a VALUES (1)", Vec::new())).await.err().expect("a refusal");
    }

    #[tokio::test]
    async fn a_statement_is_planned_once_for_all_values() {
        let folder = tempfile::tempdir().expect("a folder");
        let reader = reader(folder.path(), SECOND).await;
        let filled = rusqlite::Connection::open(folder.path().join("a.db")).expect("the file");
        filled
            .execute_batch(
                "INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                 SELECT i % 7 FROM n;
                 CREATE INDEX a_b ON a (b);
                 ANALYZE",
            )
            .expect("rows that SQLite knows the spread of");
        let sql = "SELECT COUNT(*) FROM a WHERE b = ?";
        let reading = reader.begin().await.expect("a snapshot");
        for value in 0..7_i32 {
            reading.rows(statement(sql, vec![value.into()])).await.expect("a row");
        }
        drop(reading);
        let connection = reader.connection().await;
        let prepared = connection.sqlite.prepare_cached(sql).expect("the statement");
        assert_eq!(prepared.get_status(rusqlite::StatementStatus::Run), 7);
        assert_eq!(prepared.get_status(rusqlite::StatementStatus::RePrepare), 0);
    }

    #[tokio::test]
    async fn a_statement_that_takes_too_long_is_stopped_and_its_connection_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let reader = reader(folder.path(), Duration::from_millis(50)).await;
        let reading = reader.begin().await.expect("a snapshot");
        reading.rows(endless()).await.err().expect("too long");
        drop(reading);
        let reading = reader.begin().await.expect("the only connection");
        assert_eq!(reading.rows(statement("SELECT 1", Vec::new())).await.expect("a row").iter().count(), 1);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_stopped() {
        let folder = tempfile::tempdir().expect("a folder");
        let reader = reader(folder.path(), Duration::from_secs(3600)).await;
        let reading = reader.begin().await.expect("a snapshot");
        assert!(
            tokio::time::timeout(Duration::from_millis(50), reading.rows(endless())).await.is_err(),
            "it has no end"
        );
        drop(reading);
        let reading = reader.begin().await.expect("the only connection");
        assert_eq!(reading.rows(statement("SELECT 1", Vec::new())).await.expect("a row").iter().count(), 1);
    }
}
