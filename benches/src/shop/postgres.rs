//! Fills a PostgreSQL that the product has migrated.

use std::fmt::Write;

use bytes::{Bytes, BytesMut};
use futures::SinkExt;
use tokio_postgres::Client;

use super::Shops;
use super::tables::{self, Cell, Table};
use crate::Result;

/// Bytes that go out together.
const CHUNK: usize = 1 << 20;

/// Writes every row by `COPY`, then cleans up and counts, as autovacuum would have done in time.
///
/// # Errors
/// What the database says.
pub async fn load(client: &mut Client, shops: &Shops) -> Result<()> {
    let transaction = client.transaction().await?;
    // The rows fit each other by the way they are made; to look each key up again would take most of the time.
    transaction.batch_execute("SET LOCAL session_replication_role = replica").await?;
    for table in tables::all() {
        copy(&transaction, shops, &table).await?;
    }
    transaction.commit().await?;
    client.batch_execute("VACUUM (FREEZE, ANALYZE)").await?;
    client.batch_execute("CHECKPOINT").await?;
    Ok(())
}

async fn copy(transaction: &tokio_postgres::Transaction<'_>, shops: &Shops, table: &Table) -> Result<()> {
    let sql = format!("COPY {} ({}) FROM STDIN", table.name, table.columns);
    let sink = transaction.copy_in::<_, Bytes>(&sql).await?;
    futures::pin_mut!(sink);
    let mut text = BytesMut::with_capacity(CHUNK * 2);
    for step in 0..table.steps(shops) {
        table.step(shops, step, &mut |row| write_row(&mut text, &row));
        if text.len() > CHUNK {
            sink.send(text.split().freeze()).await?;
        }
    }
    sink.send(text.freeze()).await?;
    sink.finish().await?;
    Ok(())
}

/// Writes a row in the text form of `COPY`. None of our texts holds a tab, a line break or a backslash.
fn write_row(text: &mut BytesMut, row: &[Cell]) {
    for (place, cell) in row.iter().enumerate() {
        if place > 0 {
            text.extend_from_slice(b"\t");
        }
        let _ = match cell {
            Cell::Id(id) => write!(text, "{id}"),
            Cell::Text(value) => text.write_str(value),
            Cell::Whole(number) => write!(text, "{number}"),
            Cell::Small(number) => write!(text, "{number}"),
            Cell::Flag(flag) => text.write_str(if *flag { "t" } else { "f" }),
            Cell::Time(time) => write!(text, "{}", time.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
            Cell::Bytes(bytes) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                write!(text, "\\\\x{digits}")
            }
            Cell::Null => text.write_str("\\N"),
        };
    }
    text.extend_from_slice(b"\n");
}
