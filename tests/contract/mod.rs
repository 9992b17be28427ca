//! What must be so for the whole schema and for every file, held by tests that no new field or file
//! can go around.
//!
//! Each file here holds one promise. Lists that stand beside the tests (`schema.graphql`,
//! `catalogue.txt`, `statements.txt`) are written anew by `STOA_UPDATE=1 scripts/test contract`; read
//! the difference before it is committed.

mod arrows;
mod bans;
mod catalogue;
pub mod documents;
mod platform;
mod readme;
mod schema;
mod settings;
pub mod sources;
mod statements;
mod supply;
mod topics;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file beside these tests.
pub fn beside(name: &str) -> PathBuf {
    root().join("tests/contract").join(name)
}

/// Whether the lists are to be written anew instead of compared.
pub fn updating() -> bool {
    std::env::var_os("STOA_UPDATE").is_some()
}

/// Compares a text with the file that holds it, or writes the file.
#[track_caller]
pub fn assert_file(path: &Path, text: &str) {
    if updating() {
        std::fs::write(path, text).expect("the file is written");
        return;
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    if kept != text {
        let (line, (old, new)) = kept
            .lines()
            .map(Some)
            .chain(std::iter::repeat(None))
            .zip(text.lines().map(Some).chain(std::iter::repeat(None)))
            .enumerate()
            .find(|(_, (old, new))| old != new || old.is_none())
            .expect("a difference");
        panic!(
            "{} is not up to date, from line {}:\n  it holds {old:?}\n  it should hold {new:?}\n\
             run `STOA_UPDATE=1 scripts/test contract`, and read the difference",
            path.display(),
            line + 1
        );
    }
}

/// Fails with one line for each thing that is wrong.
#[track_caller]
pub fn assert_none(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}:\n  {}", wrong.join("\n  "));
}
