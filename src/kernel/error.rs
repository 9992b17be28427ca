//! The one error of the product, and how the database's errors become it.

use rules::Problem;
use rules::permission::Permission;
use sea_orm::{DbErr, RuntimeErr, sqlx};

/// What an operation answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation did not do what was asked.
///
/// `Invalid` and `Conflict` become `userErrors` of a mutation; the others become top-level errors
/// with a code. What `Display` prints is what the caller reads: never SQL, never a cause.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input can be mended by the caller; nothing was changed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Problem>),
    /// The input was fine, but what is stored stands against it.
    #[error("{0}")]
    Conflict(Problem),
    /// What was asked for is not there, or not the caller's to see.
    #[error("There is no such thing here.")]
    NotFound,
    /// Nobody is signed in, and somebody must be.
    #[error("Sign in or send a valid token.")]
    Unauthenticated,
    /// The caller lacks this permission.
    #[error("This needs the permission {0}, which you do not hold here.")]
    Forbidden(Permission),
    /// The caller is the wrong kind of caller.
    #[error("{0}")]
    Refused(&'static str),
    /// The operation belongs to a store, and the request names none.
    #[error("Name a store: send the header `X-Store` with its handle, or use one of its domains.")]
    StoreRequired,
    /// The request names a store that is not there.
    #[error("There is no store with the handle or id that `X-Store` names.")]
    NoSuchStore,
    /// Header, host and token name different stores.
    #[error("The token, the `X-Store` header and the host do not name the same store.")]
    StoreMismatch,
    /// An argument has a value that no caller should send.
    #[error("{0}")]
    BadInput(String),
    /// The database is away or has no room: try again later.
    #[error("The service is busy. Try again in a moment.")]
    Busy,
    /// Two transactions met: the kernel runs the whole action again.
    #[error("The service is busy. Try again in a moment.")]
    Retry,
    /// Something is broken. The cause is logged, never shown.
    #[error("Something went wrong on our side. Quote the request id to the operator.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An input with one problem.
    pub fn invalid(code: rules::ErrorCode, path: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new(code, path, message)])
    }

    /// Something broken, told in words for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// The code under `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) | Self::Conflict(_) | Self::BadInput(_) => "BAD_USER_INPUT",
            Self::NotFound | Self::NoSuchStore => "NOT_FOUND",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden(_) | Self::Refused(_) => "FORBIDDEN",
            Self::StoreRequired => "STORE_REQUIRED",
            Self::StoreMismatch => "STORE_MISMATCH",
            Self::Busy | Self::Retry => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL_SERVER_ERROR",
        }
    }
}

impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Invalid(problems)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match classify(&error) {
            Trouble::Conflict => Self::Retry,
            Trouble::Away => {
                tracing::warn!(%error, "the database did not serve in time");
                Self::Busy
            }
            Trouble::Other => {
                // An error made here is on its way to the caller as one fixed sentence; this line is
                // the only trace of its cause.
                tracing::error!(%error, "database error");
                Self::Internal(Box::new(error))
            }
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::Busy,
            other => DbErr::Query(RuntimeErr::SqlxError(other.into())).into(),
        }
    }
}

enum Trouble {
    /// Another transaction stood in the way; running again can succeed.
    Conflict,
    /// No connection, no answer in time, no room.
    Away,
    Other,
}

fn sqlx_cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

fn classify(error: &DbErr) -> Trouble {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return Trouble::Away;
    }
    match sqlx_cause(error) {
        Some(sqlx::Error::Database(cause)) => {
            let code = cause.code().unwrap_or_default();
            match code.parse::<u32>() {
                // SQLite's own numbers have up to four digits; a SQLSTATE has five signs.
                Ok(number) if code.len() < 5 => classify_sqlite(number),
                _ => classify_sqlstate(&code),
            }
        }
        Some(
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_),
        ) => Trouble::Away,
        _ => Trouble::Other,
    }
}

fn classify_sqlstate(code: &str) -> Trouble {
    match code {
        // Serialization failure (on a standby also: its replay needed what the query read), deadlock.
        "40001" | "40P01" => Trouble::Conflict,
        // Canceled by a timeout, lock not available, idle in its transaction for too long, read-only (a
        // failover), an I/O error.
        "57014" | "55P03" | "25P03" | "25006" | "58030" => Trouble::Away,
        // Broken connections; no memory, disk or connections left; shutting down or starting.
        _ if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => Trouble::Away,
        _ => Trouble::Other,
    }
}

/// The low byte is the kind of error, what is above says more.
fn classify_sqlite(number: u32) -> Trouble {
    match number & 0xff {
        // Busy or locked.
        5 | 6 => Trouble::Conflict,
        // Read-only, an I/O error, disk full, can't be opened.
        8 | 10 | 13 | 14 => Trouble::Away,
        _ => Trouble::Other,
    }
}

/// Which promise of the database a write broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What kind of promise.
    pub kind: ViolationKind,
    /// The constraint's name (PostgreSQL) or the columns (SQLite). Constraint names hold their
    /// columns' names, so that both can be asked with [`Violation::mentions`].
    on: String,
}

/// The kinds of promises that a table makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViolationKind {
    /// Another row has the same key.
    Unique,
    /// The row points at one that is not there, or is pointed at.
    ForeignKey,
    /// A value breaks a `CHECK`.
    Check,
}

impl Violation {
    /// Reads the broken promise out of an error, where it is one.
    pub fn of(error: &DbErr) -> Option<Self> {
        let sqlx::Error::Database(cause) = sqlx_cause(error)? else { return None };
        let kind = match cause.code().as_deref() {
            Some("23505" | "2067" | "1555") => ViolationKind::Unique,
            Some("23503" | "787" | "1811") => ViolationKind::ForeignKey,
            Some("23514" | "275") => ViolationKind::Check,
            _ => return None,
        };
        let on = cause.constraint().map_or_else(|| cause.message().to_owned(), str::to_owned);
        Some(Self { kind, on })
    }

    /// Whether the constraint is about this column.
    pub fn mentions(&self, column: &str) -> bool {
        self.on.contains(column)
    }
}

/// Turns a uniqueness violation about `column` into a problem with the field at `path`; leaves
/// every other error as it is. The database decides uniqueness, never a look beforehand.
pub fn taken(column: &'static str, path: &'static str, message: &'static str) -> impl Fn(DbErr) -> Error {
    move |error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique && violation.mentions(column) => {
            Error::Conflict(Problem::new(rules::ErrorCode::Taken, path, message))
        }
        _ => error.into(),
    }
}
