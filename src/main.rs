//! The binary: reads the command, runs it, and says in one line what went wrong.

use std::process::ExitCode;

use clap::Parser;
use stoa::cli::{self, Cli};

/// An answer is made of many small pieces, and finding room for them is a good part of the work. SQLite, which is C, is
/// served by it too (its feature `override`).
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("stoa: {failure}");
            ExitCode::FAILURE
        }
    }
}
