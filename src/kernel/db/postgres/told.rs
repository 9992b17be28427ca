//! What the server tells of a statement that failed, and of a connection that could not be had.

use std::error::Error as StdError;
use std::io;

use deadpool_postgres::PoolError;
use sea_orm::sqlx;
use tokio_postgres::error::DbError;

use crate::kernel::db::told::Told;

impl From<&DbError> for Told {
    fn from(error: &DbError) -> Self {
        Self {
            code: error.code().code().to_owned(),
            message: error.message().to_owned(),
            constraint: error.constraint().map(str::to_owned),
        }
    }
}

/// A statement that failed.
pub(super) fn statement(error: tokio_postgres::Error) -> sqlx::Error {
    match error.as_db_error() {
        Some(told) => Told::from(told).into(),
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
    Told { code: "40001".to_owned(), message, constraint: None }.into()
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
