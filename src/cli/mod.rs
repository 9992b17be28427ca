//! The commands of the binary, one file each.
//!
//! Owns what an operator types and reads. Never decides anything about commerce: a command calls the
//! same actions that a request would.

mod check_invariants;
mod demo;
mod doctor;
mod import;
mod migrate;
mod plan;
mod reseal;
mod serve;
mod start;
mod store;
mod token;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Headless commerce for many stores, in one binary.
#[derive(Parser)]
#[command(name = "stoa", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API.
    Serve,
    /// Do what has to be done without anybody asking, and serve nothing: holds that are over, carts that were left.
    /// `serve` does it too, unless STOA_WORKER says no.
    Worker,
    /// Make a demo shop, where there is none yet, and serve it. Needs no settings.
    Demo,
    /// Bring the database's tables up to date, take them back, or tell how they stand.
    Migrate {
        #[command(subcommand)]
        direction: migrate::Direction,
    },
    /// Make tokens.
    Token {
        #[command(subcommand)]
        verb: token::Verb,
    },
    /// Set how much of the platform a store may use.
    Plan(plan::Plan),
    /// Import a catalog.
    Import {
        #[command(subcommand)]
        format: import::Format,
    },
    /// Seal the secrets of all stores anew, after STOA_SECRET_KEY was changed.
    Reseal,
    /// Print the GraphQL schema.
    Sdl,
    /// Prove on the database as it stands what must be so of all rows and that nobody edited the audit log, and name each
    /// row that is off.
    CheckInvariants,
    /// Check the settings, the database, the migrations and the wall between stores, and say what to do.
    Doctor,
}

/// Why a command did not do what it was asked, in words for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

impl Failure {
    /// A failure told by its cause.
    fn because(what: &str, cause: impl std::fmt::Display) -> Self {
        Self(format!("{what}: {cause}"))
    }
}

/// Runs the command that was typed, and gives the code that the process ends with.
///
/// # Errors
/// What went wrong, in words for the operator.
pub fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let done = |()| ExitCode::SUCCESS;
    match cli.command {
        Command::Sdl => {
            use std::io::Write;
            let mut out = std::io::stdout().lock();
            // A reader that closed the pipe has read enough.
            let _ = out.write_all(crate::schema::sdl().as_bytes());
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve => start::with_config(serve::run).map(done),
        Command::Worker => start::with_config(worker::run).map(done),
        Command::Demo => start::with_config(demo::run).map(done),
        Command::Token { verb } => start::with_config(async |config| token::run(config, verb).await).map(done),
        Command::Plan(args) => start::with_config(async |config| plan::run(config, args).await).map(done),
        Command::Migrate { direction } => {
            start::with_config(async |config| migrate::run(config, direction).await).map(done)
        }
        Command::Import { format } => start::with_config(async |config| import::run(config, format).await),
        Command::CheckInvariants => start::with_config(check_invariants::run),
        Command::Reseal => start::with_config(reseal::run).map(done),
        Command::Doctor => doctor::run().map(done),
    }
}
