//! `stoa migrate`: the tables go up, down, or tell how they stand.

use clap::Subcommand;

use super::{Failure, start};
use crate::config::Config;

/// Which way.
#[derive(Subcommand)]
pub enum Direction {
    /// Run the migrations that are missing.
    Up,
    /// Take migrations back. What stands in their tables is lost.
    Down {
        /// How many, the newest first; all of them where it is left out.
        #[arg(long)]
        steps: Option<u32>,
        /// Say that the data may go.
        #[arg(long)]
        yes: bool,
    },
    /// List the migrations and which of them the database has.
    Status,
}

/// Runs the command.
pub async fn run(config: Config, direction: Direction) -> Result<(), Failure> {
    let db = start::open(&config).await?;
    match direction {
        Direction::Up => {
            let done = start::migrate(&db).await?;
            println!("{} applied", counted(done.len()));
        }
        Direction::Down { yes: false, .. } => {
            return Err(Failure("this deletes data; say `--yes` if you mean it".to_owned()));
        }
        Direction::Down { steps, yes: true } => {
            let undone = migration::down_locked(&db.owner(), steps).await;
            let undone = undone.map_err(|cause| Failure::because("the migrations were not taken back", cause))?;
            println!("{} taken back", counted(undone.len()));
        }
        Direction::Status => {
            let steps = migration::status(&db.owner()).await;
            for step in steps.map_err(|cause| Failure::because("the migrations can't be read", cause))? {
                println!("{}  {}", if step.applied { "applied" } else { "pending" }, step.name);
            }
        }
    }
    db.close().await;
    Ok(())
}

fn counted(migrations: usize) -> String {
    format!("{migrations} migration{}", if migrations == 1 { "" } else { "s" })
}
