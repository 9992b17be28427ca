//! What can be done to stores, one file each.

pub mod create;
pub mod delete;
pub mod set_plan;
pub mod update;

pub use create::StoreCreateInput;
pub use update::StoreUpdateInput;

use rules::Problem;

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    crate::kernel::input::line("name", raw, 1, MAX_NAME)
}
