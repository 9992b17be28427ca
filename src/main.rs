//! The binary: reads the command, runs it, and says in one line what went wrong.

use std::process::ExitCode;

use clap::Parser;
use stoa::cli::{self, Cli};

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("stoa: {failure}");
            ExitCode::FAILURE
        }
    }
}
