//! What can be done to categories, one file each.

pub mod create;
pub mod delete;
pub mod restore;
pub mod update;

pub use create::CategoryCreateInput;
pub use update::CategoryUpdateInput;

use rules::{ErrorCode, Problem};

use crate::kernel::text;

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    crate::kernel::input::line("name", raw, 1, MAX_NAME)
}

/// Reads a slug that was given, or makes one from the name.
fn slug(given: Option<&str>, name: &str) -> Result<String, Problem> {
    match given {
        Some(slug) if text::is_slug(slug) => Ok(slug.to_owned()),
        Some(_) => Err(crate::kernel::input::bad_slug("slug")),
        None => Some(text::slug(name))
            .filter(|slug| !slug.is_empty())
            .ok_or_else(|| Problem::new(ErrorCode::Required, "slug", "No slug can be made from this name: give one.")),
    }
}

/// Reads a place among siblings.
fn position(given: Option<i32>) -> Result<Option<i32>, Problem> {
    match given {
        Some(given) if given < 0 => Err(Problem::new(ErrorCode::OutOfRange, "position", "Count places from 0.")),
        given => Ok(given),
    }
}
