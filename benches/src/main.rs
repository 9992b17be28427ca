//! What Stoa costs, measured beside the least that its answers can cost. `benches/README.md` says how to run it and
//! how to read it.

mod check;
mod cpu;
mod drive;
mod measure;
mod reference;
mod report;
mod run;
mod servers;
mod shop;
mod workload;

use std::net::SocketAddr;

use clap::{Parser, Subcommand};

/// Why something did not go on, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What can fail.
pub type Result<T> = std::result::Result<T, Failure>;

#[derive(Parser)]
#[command(about, version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Loads the shops, measures, and writes the results.
    Run(run::Options),
    /// Loads the shops, and tells where the time goes in Q2.
    Profile(run::Options),
    /// Serves what Stoa is measured against.
    Reference {
        /// The address.
        #[arg(long)]
        listen: SocketAddr,
        /// A loaded database.
        #[arg(long)]
        database: String,
    },
}

fn main() -> std::process::ExitCode {
    match start(Arguments::parse().command) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stoa-bench: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn start(command: Command) -> Result<()> {
    match command {
        // The driver has one thread: it shares the machine with what it measures.
        Command::Run(options) => one_thread()?.block_on(run::run(options)),
        Command::Profile(options) => one_thread()?.block_on(run::profile(options)),
        Command::Reference { listen, database } => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(reference::serve(listen, &database)),
    }
}

fn one_thread() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
