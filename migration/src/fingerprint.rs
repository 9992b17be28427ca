//! Which text of a migration made a database.
//!
//! Before the first release migrations are edited in place, and a database that an older text made
//! can't be carried over. Owns the table `schema_fingerprint`, one digest for each applied migration,
//! and refuses a database whose digests are not those of this program. Blank lines, indentation and
//! comments do not count.

use std::collections::HashMap;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};
use sha2::{Digest, Sha256};

const TABLE: &str = "schema_fingerprint";

/// The vocabulary that every migration is written in; its text counts as theirs.
const VOCABULARY: &str = include_str!("table.rs");

/// Makes the table where it is absent.
pub async fn install<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    let table = Table::create()
        .table(TABLE)
        .if_not_exists()
        .col(ColumnDef::new("version").text().not_null().primary_key())
        .col(ColumnDef::new("digest").text().not_null())
        .to_owned();
    db.execute(&table).await?;
    Ok(())
}

/// Refuses a database in which one of the applied migrations had another text.
pub async fn verify<C: ConnectionTrait>(db: &C, applied: &[String]) -> Result<(), DbErr> {
    if applied.is_empty() {
        return Ok(());
    }
    let stored = stored(db).await?;
    let differs = applied.iter().find(|version| stored.get(*version) != digest(version).as_ref());
    match differs {
        None => Ok(()),
        Some(version) => Err(DbErr::Migration(format!(
            "this database was made by another version of Stoa: its migration `{version}` is not the one in this \
             program. Before the first release such a database can't be upgraded: remove it (for the embedded one, \
             delete the file), or start the version that made it"
        ))),
    }
}

/// Writes the digests of what is applied now, and forgets the others.
pub async fn record<C: ConnectionTrait>(db: &C, applied: &[String]) -> Result<(), DbErr> {
    db.execute(&Query::delete().from_table(TABLE).to_owned()).await?;
    for version in applied {
        if let Some(digest) = digest(version) {
            let row = Query::insert()
                .into_table(TABLE)
                .columns(["version", "digest"])
                .values_panic([version.as_str().into(), digest.into()])
                .to_owned();
            db.execute(&row).await?;
        }
    }
    Ok(())
}

async fn stored<C: ConnectionTrait>(db: &C) -> Result<HashMap<String, String>, DbErr> {
    if !is_installed(db).await? {
        return Ok(HashMap::new());
    }
    let rows = db.query_all(&Query::select().columns(["version", "digest"]).from(TABLE).to_owned()).await?;
    rows.iter().map(|row| Ok((row.try_get("", "version")?, row.try_get("", "digest")?))).collect()
}

async fn is_installed<C: ConnectionTrait>(db: &C) -> Result<bool, DbErr> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1",
        _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
    };
    Ok(db.query_one_raw(Statement::from_sql_and_values(backend, sql, [TABLE.into()])).await?.is_some())
}

/// The digest of a migration of this program; none for a name that it does not know.
fn digest(version: &str) -> Option<String> {
    let (_, source) = crate::SOURCES.iter().find(|(name, _)| *name == version)?;
    let mut hash = Sha256::new();
    for text in [VOCABULARY, source] {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
            hash.update(line);
            hash.update("\n");
        }
    }
    Some(hex::encode(hash.finalize()))
}
