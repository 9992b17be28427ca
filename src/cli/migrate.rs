//! `stoa migrate`: the tables go up, down, or tell how they stand.

use clap::Subcommand;

use super::{Failure, start};
use crate::config::Config;
use crate::kernel::db::Db;

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
    let db = Db::connect(&config.database).await;
    let db = db.map_err(|cause| Failure::because("the database can't be opened", start::describe(&cause)))?;
    let failed = |cause: sea_orm::DbErr| Failure(cause.to_string());
    match direction {
        Direction::Up => {
            let done = start::migrate(&db).await?;
            println!("{} migrations applied", done.len());
        }
        Direction::Down { yes: false, .. } => {
            return Err(Failure("this deletes data; say `--yes` if you mean it".to_owned()));
        }
        Direction::Down { steps, yes: true } => {
            let undone = migration::down_locked(&db.owner(), steps).await.map_err(failed)?;
            println!("{} migrations taken back", undone.len());
        }
        Direction::Status => {
            for step in migration::status(&db.owner()).await.map_err(failed)? {
                println!("{}  {}", if step.applied { "applied" } else { "pending" }, step.name);
            }
        }
    }
    db.close().await;
    Ok(())
}
