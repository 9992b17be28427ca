//! Fills a SQLite file that the product has migrated.

use std::path::Path;

use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions};
use sqlx::{Arguments, AssertSqlSafe, Connection, SqliteConnection};

use super::Shops;
use super::tables::{self, Cell, Table};
use crate::Result;

/// Writes every row in one transaction, then lets the planner count.
///
/// # Errors
/// What the database says.
pub async fn load(path: &Path, shops: &Shops) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(path).foreign_keys(false);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let mut transaction = connection.begin().await?;
    for table in tables::all() {
        insert(&mut transaction, shops, &table).await?;
    }
    transaction.commit().await?;
    sqlx::raw_sql("PRAGMA foreign_key_check; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

async fn insert(connection: &mut SqliteConnection, shops: &Shops, table: &Table) -> Result<()> {
    let marks = vec!["?"; table.columns.split(',').count()].join(",");
    let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, table.columns);
    for step in 0..table.steps(shops) {
        let mut rows = Vec::new();
        table.step(shops, step, &mut |row| rows.push(row));
        for row in rows {
            let mut arguments = SqliteArguments::default();
            for cell in row {
                bind(&mut arguments, cell)?;
            }
            sqlx::query_with(AssertSqlSafe(sql.clone()), arguments).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

fn bind(arguments: &mut SqliteArguments, cell: Cell) -> Result<()> {
    match cell {
        Cell::Id(id) => arguments.add(id),
        Cell::Text(text) => arguments.add(text),
        Cell::Whole(number) => arguments.add(number),
        Cell::Small(number) => arguments.add(number),
        Cell::Flag(flag) => arguments.add(flag),
        Cell::Time(time) => arguments.add(time),
        Cell::Bytes(bytes) => arguments.add(bytes),
        Cell::Null => arguments.add(None::<i64>),
    }
}
