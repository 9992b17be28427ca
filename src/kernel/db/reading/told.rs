//! What the server tells of a statement that failed, as the other driver tells it: so that one place decides
//! what becomes of it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::io;

use deadpool_postgres::PoolError;
use sea_orm::sqlx;
use sea_orm::sqlx::error::{DatabaseError, ErrorKind};
use tokio_postgres::error::DbError;

/// The server's own words.
#[derive(Debug)]
struct Told {
    code: String,
    message: String,
    constraint: Option<String>,
}

impl From<&DbError> for Told {
    fn from(error: &DbError) -> Self {
        Self {
            code: error.code().code().to_owned(),
            message: error.message().to_owned(),
            constraint: error.constraint().map(str::to_owned),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Told {}

impl DatabaseError for Told {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.as_str().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn constraint(&self) -> Option<&str> {
        self.constraint.as_deref()
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// A statement that failed.
pub(super) fn statement(error: tokio_postgres::Error) -> sqlx::Error {
    match error.as_db_error() {
        Some(told) => sqlx::Error::Database(Box::new(Told::from(told))),
        None if error.is_closed() => sqlx::Error::Io(io::Error::new(io::ErrorKind::ConnectionAborted, error)),
        // What could not be written into the statement, or read out of a row, is a mistake of ours.
        None if error.source().is_some_and(|source| source.downcast_ref::<io::Error>().is_none()) => {
            sqlx::Error::Decode(Box::new(error))
        }
        None => sqlx::Error::Io(io::Error::other(error)),
    }
}

/// A standby closed the connection of a statement that its replay had to get past, and had no time to say so: a
/// serialization failure, as it tells it where it can.
pub(super) fn stood_in_the_way() -> sqlx::Error {
    let message = "the standby closed the connection".to_owned();
    sqlx::Error::Database(Box::new(Told { code: "40001".to_owned(), message, constraint: None }))
}

/// Whether the server had closed a connection before anything ran on it.
pub(super) fn was_closed(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(cause) => cause.kind() == io::ErrorKind::ConnectionAborted,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

/// A connection that could not be had.
pub(super) fn connection(error: PoolError) -> sqlx::Error {
    match error {
        PoolError::Backend(error) => statement(error),
        PoolError::Timeout(_) => sqlx::Error::PoolTimedOut,
        PoolError::Closed => sqlx::Error::PoolClosed,
        error => sqlx::Error::Io(io::Error::other(error)),
    }
}
