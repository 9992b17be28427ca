//! `stoa check-invariants`: proves what must be so of all rows, and that the audit log is as it was written, on the
//! database as it stands.

use std::process::ExitCode;

use super::{Failure, start};
use crate::config::Config;
use crate::invariants::INVARIANTS;

/// Rows that are named of one invariant; the others are counted.
const NAMED: usize = 20;

/// Proves each, and names the rows that are off. The code is 1 where there are any.
pub async fn run(config: Config) -> Result<ExitCode, Failure> {
    let db = start::open(&config).await?;
    // One snapshot: what is written meanwhile is not seen by half.
    let conn = db.inspect().await.map_err(|cause| Failure::because("the database can't be read", cause))?;
    let mut wrong = 0;
    for invariant in INVARIANTS {
        let off = invariant.off(&conn, &config.settings).await;
        let off = off.map_err(|cause| Failure::because(&format!("{} can't be proved", invariant.number), cause))?;
        wrong += off.len();
        println!("{}  {:<4} {}", if off.is_empty() { "ok " } else { "OFF" }, invariant.number, invariant.says);
        for row in off.iter().take(NAMED) {
            println!("     {row}");
        }
        if off.len() > NAMED {
            println!("     and {} more", off.len() - NAMED);
        }
    }
    conn.rollback().await;
    db.close().await;
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
