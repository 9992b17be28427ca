//! What can be done to tax categories, one file each.

pub mod create;
pub mod delete;
pub mod update;

pub use create::TaxCategoryCreateInput;
pub use update::TaxCategoryUpdateInput;

use rules::Problem;

use crate::kernel::input;

/// Tax categories that a store has at the most.
const MAX_CATEGORIES: u64 = 250;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}
