//! What can be done to tags, one file each.

pub mod delete;
pub mod update;

pub use update::TagUpdateInput;

use rules::{ErrorCode, Problem};

use crate::kernel::{input, text};

/// The longest tag, in characters.
const MAX_NAME: usize = 100;

/// Reads a tag: as it is written, and as it is compared.
///
/// # Errors
/// A problem at `path`.
pub fn read_name(path: &str, raw: &str) -> Result<(String, String), Problem> {
    let name = input::line(path, raw, 1, MAX_NAME)?;
    let normalized = text::fold(&name);
    if normalized.is_empty() {
        return Err(Problem::new(ErrorCode::Required, path, "Give at least one letter or digit."));
    }
    Ok((name, normalized))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_compared_alike_and_shown_as_written() {
        assert_eq!(read_name("name", " Ｓale "), Ok(("Ｓale".to_owned(), "sale".to_owned())));
        assert!(read_name("name", "\u{3000}").is_err());
        assert!(read_name("name", &"a".repeat(101)).is_err());
    }
}
