//! What can be done to shipping profiles, one file each.

pub mod create;
pub mod delete;
pub mod products_assign;
pub mod update;

pub use create::ShippingProfileCreateInput;
pub use update::ShippingProfileUpdateInput;

use rules::Problem;

use crate::kernel::input;

/// Shipping profiles that a store has at the most.
const MAX_PROFILES: u64 = 500;

/// Products that are put into a profile at once at the most.
const MAX_PRODUCTS: usize = 250;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}
