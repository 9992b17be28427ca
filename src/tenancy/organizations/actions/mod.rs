//! What can be done to organizations, one file each.

pub mod create;
pub mod update;

pub use create::OrganizationCreateInput;
pub use update::OrganizationUpdateInput;

use rules::Problem;

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    crate::kernel::input::line("name", raw, 1, MAX_NAME)
}
