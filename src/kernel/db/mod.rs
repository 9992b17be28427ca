//! The databases: pools, transactions, roles.
//!
//! Owns the only ways to open a transaction. On PostgreSQL each one begins as one string that also
//! takes a role without rights of its own and names the store, so that row-level security stands
//! behind every statement at the cost of none. On SQLite writers are `IMMEDIATE` and one at a time. What only reads has
//! connections of its own, `postgres` and `sqlite`.
//! Never builds a query.

mod changes;
mod conn;
mod connect;
mod line;
mod list;
mod postgres;
mod replica;
mod server;
mod sqlite;
mod told;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64};

use rules::ids::StoreId;
use sea_orm::sqlx::SqlitePool;
use sea_orm::{DatabaseConnection, DbBackend};
use tokio::sync::OnceCell;

pub use conn::Conn;
pub use connect::{DatabaseSettings, DatabaseUrl, UrlError, check_replica, reach};
pub use line::Line;
pub use list::{List, Tuples};

use super::error::{Error, Result};
use conn::Open;
use postgres::Reader;
use replica::Replica;
use server::Server;

/// Whose rights a transaction has on PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The requests' own: row-level security shows it the rows of one store.
    App,
    /// For what must cross stores, by name: a short list of tables, and who uses it is listed too.
    Platform,
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One snapshot, nothing written, from the primary.
    Read,
    /// One snapshot, nothing written, from the replica where there is one.
    ReadReplica,
    /// Reads and writes.
    Write,
}

/// The pools of one database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Pools>);

enum Pools {
    Postgres {
        primary: Server,
        /// What reads on the primary; `None` where the driver of the writes has to.
        reader: Option<Reader>,
        replica: Option<Box<Replica>>,
        /// Read from the database when they are first needed: migrations may have to make them first.
        roles: OnceCell<migration::Roles>,
    },
    Sqlite {
        writer: SqlitePool,
        /// How often the writer's connection was opened.
        openings: Arc<AtomicU64>,
        reader: sqlite::Reader,
        /// What looks at the tables themselves.
        inspectors: SqlitePool,
    },
}

/// Begins one snapshot, in which nothing is written.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Begins a look at whole tables: then reading them from end to end is what is wanted.
const BEGIN_INSPECTION: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_seqscan = on";

impl Db {
    /// Opens the pools.
    ///
    /// # Errors
    /// `Busy` where the server can't be reached; `Internal` where it refuses.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self> {
        connect::pools(settings).await.map(|pools| Self(Arc::new(pools)))
    }

    /// Which kind of database this is.
    pub fn backend(&self) -> DbBackend {
        match &*self.0 {
            Pools::Postgres { .. } => DbBackend::Postgres,
            Pools::Sqlite { .. } => DbBackend::Sqlite,
        }
    }

    /// Whether there is a standby that reads may go to.
    pub fn has_replica(&self) -> bool {
        matches!(&*self.0, Pools::Postgres { replica: Some(_), .. })
    }

    /// Whether the standby answered when it was asked last.
    pub fn replica_answers(&self) -> bool {
        matches!(&*self.0, Pools::Postgres { replica: Some(replica), .. } if replica.answers())
    }

    /// Opens a transaction. `store` is the tenant whose rows it may see; `statements` counts what it runs.
    ///
    /// # Errors
    /// `Busy` where no connection is free in time or the server is away.
    pub async fn begin(
        &self,
        mode: Mode,
        role: Role,
        store: Option<StoreId>,
        statements: Arc<AtomicU32>,
    ) -> Result<Conn> {
        let mut enter = None;
        let open = match &*self.0 {
            Pools::Postgres { primary, reader, replica, roles } => {
                let begin = match mode {
                    Mode::Read | Mode::ReadReplica => BEGIN_READ,
                    Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
                };
                let roles = roles.get_or_try_init(|| find_roles(primary)).await?;
                let role = match role {
                    Role::App => &roles.app,
                    Role::Platform => &roles.platform,
                };
                enter = Some(roles.app.clone());
                let sql = format!("{begin}; {}", enter_sql(role, store));
                match (mode, replica, reader) {
                    (Mode::ReadReplica, Some(replica), _) => replica.begin(sql).await?,
                    (Mode::Read | Mode::ReadReplica, _, Some(reader)) => Open::Postgres(reader.begin(sql).await?),
                    _ => Open::from(primary.begin(&sql).await?),
                }
            }
            Pools::Sqlite { writer, reader, .. } => match mode {
                Mode::Read | Mode::ReadReplica => Open::Sqlite(reader.begin().await?),
                Mode::Write => {
                    let begun = writer.begin_with("BEGIN IMMEDIATE").await.map_err(Error::from);
                    // Another process writes: SQLite has waited for it long enough, and nothing ran yet
                    // that could be run again.
                    Open::from(begun.map_err(|error| if matches!(error, Error::Retry) { Error::Busy } else { error })?)
                }
            },
        };
        Ok(Conn::new(open, enter, statements))
    }

    /// Opens one snapshot for looking at the tables themselves: the login's own rights, no store. Not for
    /// requests.
    ///
    /// # Errors
    /// `Busy` where no connection is free in time or the server is away.
    pub async fn inspect(&self) -> Result<Conn> {
        let open = match &*self.0 {
            Pools::Postgres { primary, .. } => Open::from(primary.begin(BEGIN_INSPECTION).await?),
            Pools::Sqlite { inspectors, .. } => Open::from(inspectors.begin_with("BEGIN").await?),
        };
        Ok(Conn::new(open, None, Arc::default()))
    }

    /// The plain connection that migrations and the self-check at the start run on: the login's own rights,
    /// no store, and no limit of time on its way back to the pool. Not for requests.
    pub fn owner(&self) -> DatabaseConnection {
        match &*self.0 {
            Pools::Postgres { primary, .. } => primary.pool().clone().into(),
            Pools::Sqlite { writer, .. } => writer.clone().into(),
        }
    }

    /// Connections in use and open, for the metrics.
    pub fn pool_size(&self) -> (u32, u32) {
        match &*self.0 {
            Pools::Postgres { primary, reader, .. } => {
                let (idle, size) = (u32::try_from(primary.pool().num_idle()).unwrap_or(0), primary.pool().size());
                let (used, open) = reader.as_ref().map_or((0, 0), Reader::size);
                (used + size.saturating_sub(idle), open + size)
            }
            Pools::Sqlite { reader, writer, .. } => {
                let (idle, size) = (u32::try_from(writer.num_idle()).unwrap_or(0), writer.size());
                let (used, open) = reader.size();
                (used + size.saturating_sub(idle), open + size)
            }
        }
    }

    /// Closes every connection, after what runs on it has ended. What runs at a server that does not answer is
    /// not waited for.
    pub async fn close(&self) {
        match &*self.0 {
            Pools::Postgres { primary, reader, replica, .. } => {
                reader.iter().for_each(Reader::close);
                let replica = async {
                    if let Some(replica) = replica {
                        replica.close().await;
                    }
                };
                tokio::join!(primary.close(), replica);
            }
            Pools::Sqlite { reader, inspectors, writer, .. } => {
                reader.close();
                inspectors.close().await;
                writer.close().await;
            }
        }
    }
}

/// Connections of a pool that are in use, and all of them.
fn used_and_open(status: &deadpool::Status) -> (u32, u32) {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    (number(status.size.saturating_sub(status.available)), number(status.size))
}

async fn find_roles(primary: &Server) -> Result<migration::Roles> {
    let conn = Conn::new(Open::from(primary.begin(BEGIN_READ).await?), None, Arc::default());
    let roles = migration::roles(&conn).await?;
    conn.rollback().await;
    roles.ok_or_else(|| {
        tracing::error!("the database is not migrated: run `stoa migrate up`");
        Error::Busy
    })
}

/// The statements that put an open transaction under a role and into a store. The store's id is
/// written as a literal, from a typed id: a bound parameter would not reach the workers of a sharded
/// PostgreSQL, and `SET LOCAL` keeps it from outliving the transaction behind any pooler.
fn enter_sql(role: &str, store: Option<StoreId>) -> String {
    let role = role.replace('"', "\"\"");
    match store {
        Some(StoreId(id)) => format!("SET LOCAL ROLE \"{role}\"; SET LOCAL stoa.store_id = '{id}'"),
        None => format!("SET LOCAL ROLE \"{role}\""),
    }
}

/// Whether a column's value is one of many. On PostgreSQL they travel as one array, so that the
/// statement stays the same for any number of them; on SQLite the list is padded to a power of two
/// for the same reason.
pub fn any_of(
    conn: &Conn,
    column: impl sea_orm::ColumnTrait,
    ids: impl IntoIterator<Item = uuid::Uuid>,
) -> sea_orm::sea_query::SimpleExpr {
    use sea_orm::ConnectionTrait;
    let mut ids: Vec<uuid::Uuid> = ids.into_iter().collect();
    match conn.get_database_backend() {
        DbBackend::Postgres => column.eq_any(ids),
        _ => {
            if let Some(last) = ids.last().copied() {
                ids.resize(ids.len().next_power_of_two(), last);
            }
            column.is_in(ids)
        }
    }
}

/// Whether a column's value is one of the few that a query selects. PostgreSQL is made to find them first and to
/// look each up in an index: of an `IN` with a query that it can't count, it believes that half of all rows are
/// meant, and reads the whole table.
pub fn any_selected(
    conn: &Conn,
    column: impl sea_orm::ColumnTrait,
    select: sea_orm::sea_query::SelectStatement,
) -> sea_orm::sea_query::SimpleExpr {
    use sea_orm::ConnectionTrait;
    use sea_orm::sea_query::extension::postgres::PgFunc;
    use sea_orm::sea_query::{Expr, ExprTrait, Func};
    match conn.get_database_backend() {
        DbBackend::Postgres => {
            let found = Func::cust("ARRAY").arg(Expr::SubQuery(None, Box::new(select.into())));
            ExprTrait::eq(Expr::col(column.as_column_ref()), PgFunc::any(found))
        }
        _ => column.in_subquery(select),
    }
}

/// Whether a folded text starts with a prefix, as a range, which any B-tree index serves: the columns
/// compare by bytes.
pub fn starts_with(column: impl sea_orm::ColumnTrait, prefix: &str) -> sea_orm::Condition {
    let mut condition = sea_orm::Condition::all().add(column.gte(prefix));
    let mut end: Vec<char> = prefix.chars().collect();
    while let Some(last) = end.pop() {
        let after = (last as u32 + 1..=0x10_FFFF).find_map(char::from_u32);
        if let Some(after) = after {
            end.push(after);
            condition = condition.add(column.lt(end.iter().collect::<String>()));
            break;
        }
    }
    condition
}
