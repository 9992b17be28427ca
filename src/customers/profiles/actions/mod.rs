//! What can be done to customers, one file each.

pub mod absorb;
pub mod create;
pub mod delete;
pub mod fields;
pub mod guest;
pub mod profile_update;
pub mod tags_add;
pub mod tags_remove;
pub mod update;

pub use create::CustomerCreateInput;
pub use profile_update::CustomerProfileUpdateInput;
pub use update::CustomerUpdateInput;

use rules::{ErrorCode, Problems};

use crate::kernel::{Ctx, Result, input};

/// Tags of a customer at the most.
const MAX_TAGS: usize = 50;

/// The longest tag, in characters.
const MAX_TAG: usize = 50;

/// Reads tags: one at least.
fn tags(ctx: &Ctx, raw: &[String]) -> Result<Vec<String>> {
    let mut problems = Problems::new();
    let max = ctx.settings().input_list_max;
    if raw.is_empty() || raw.len() > max {
        let code = if raw.is_empty() { ErrorCode::Required } else { ErrorCode::TooLong };
        problems.add(code, "tags", format!("Give 1 to {max} tags."));
    }
    let read = raw.iter().take(max).enumerate();
    let read: Vec<String> =
        read.filter_map(|(place, tag)| problems.keep(input::line(&format!("tags.{place}"), tag, 1, MAX_TAG))).collect();
    problems.finish()?;
    Ok(read)
}
