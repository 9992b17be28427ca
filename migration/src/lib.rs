//! How the tables came to be.
//!
//! Owns the schema of both databases: one change a file, up and down, written once for SQLite and
//! PostgreSQL in the words of [`mod@table`], and on PostgreSQL the wall between stores ([`wall`]).
//! Never reads or writes a merchant's row.
//!
//! To add a change, add a file with the next number, and its name to `migrations!` below. A change
//! that makes a table of a store also grants and guards it, as `m0014_row_level_security` does.

mod fingerprint;
mod table;
pub mod wall;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{Migration, MigrationStatus};

pub use m0014_row_level_security::{GUARDED_TABLES, OPEN_TABLES, PLATFORM_TABLES};
pub use wall::{Roles, login_advice, roles, wall_problems};

macro_rules! migrations {
    ($($name:ident,)+) => {
        $(mod $name;)+

        /// All migrations in their order. Run them by [`up_locked`], which alone keeps two nodes apart.
        pub struct Migrator;

        impl MigratorTrait for Migrator {
            fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                vec![$(Box::new($name::Migration)),+]
            }
        }

        /// The name and the text of each migration.
        const SOURCES: &[(&str, &str)] = &[$((stringify!($name), include_str!(concat!(stringify!($name), ".rs")))),+];
    };
}

migrations! {
    m0001_identity,
    m0002_tenancy,
    m0003_catalog,
    m0004_customers,
    m0005_pricing,
    m0006_inventory,
    m0007_promotions,
    m0008_tax_and_shipping,
    m0009_carts,
    m0010_payments,
    m0011_orders,
    m0012_checkout,
    m0013_audit_and_events,
    m0014_row_level_security,
}

/// Chosen once; nothing else in a database of ours takes an advisory lock of this number.
const LOCK: i64 = 0x53_54_4f_41;

/// One migration, and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The name, which begins with its number.
    pub name: String,
    /// Whether it was applied.
    pub applied: bool,
}

/// Applies what is pending and answers its names. All of it happens in one transaction, behind a lock
/// that a second node waits at.
///
/// # Errors
/// Where the database was made by another set of migrations, or where the roles of the wall can't be
/// created; the message says what to do. Nothing is changed then.
pub async fn up_locked(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let tx = lock(db).await?;
    fingerprint::install(&tx).await?;
    let before = applied(&tx).await?;
    fingerprint::verify(&tx, &before).await?;
    Migrator::up(&tx, None).await?;
    let after = applied(&tx).await?;
    if after != before {
        fingerprint::record(&tx, &after).await?;
        wall::show_migrations(&tx).await?;
    }
    tx.commit().await?;
    Ok(after.into_iter().filter(|name| !before.contains(name)).collect())
}

/// Takes back the last `steps` migrations, or all, and answers their names. The data goes with the
/// tables.
///
/// # Errors
/// As [`up_locked`].
pub async fn down_locked(db: &DatabaseConnection, steps: Option<u32>) -> Result<Vec<String>, DbErr> {
    let tx = lock(db).await?;
    fingerprint::install(&tx).await?;
    let before = applied(&tx).await?;
    fingerprint::verify(&tx, &before).await?;
    Migrator::down(&tx, steps).await?;
    let after = applied(&tx).await?;
    fingerprint::record(&tx, &after).await?;
    tx.commit().await?;
    Ok(before.into_iter().filter(|name| !after.contains(name)).collect())
}

/// Every migration and whether the database has it. Changes nothing.
///
/// # Errors
/// Where the database has a migration that this program does not know, or knows with another text.
pub async fn status<C: ConnectionTrait>(db: &C) -> Result<Vec<Step>, DbErr> {
    let steps = steps(db).await?;
    let applied: Vec<_> = steps.iter().filter(|step| step.applied).map(|step| step.name.clone()).collect();
    fingerprint::verify(db, &applied).await?;
    Ok(steps)
}

/// The names of the migrations that the database has yet to get. Changes nothing.
///
/// # Errors
/// As [`status`].
pub async fn pending<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    Ok(status(db).await?.into_iter().filter(|step| !step.applied).map(|step| step.name).collect())
}

async fn steps<C: ConnectionTrait>(db: &C) -> Result<Vec<Step>, DbErr> {
    let step = |migration: Migration| Step {
        name: migration.name().to_owned(),
        applied: migration.status() == MigrationStatus::Applied,
    };
    Ok(Migrator::get_migration_with_status_read_only(db).await?.into_iter().map(step).collect())
}

async fn applied<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    Ok(steps(db).await?.into_iter().filter(|step| step.applied).map(|step| step.name).collect())
}

/// Begins the transaction that nobody else migrates in.
#[expect(clippy::disallowed_methods, reason = "migrations run before there is a role or a store")]
async fn lock(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        // The pool's time-outs are for requests; a second node waits here as long as the first one works.
        let sql = format!(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; \
             SELECT pg_advisory_xact_lock({LOCK})"
        );
        tx.execute_unprepared(&sql).await?;
    }
    Ok(tx)
}
