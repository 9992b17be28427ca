//! What can be done to roles, one file each.

pub mod create;
pub mod delete;
pub mod update;

pub use create::RoleCreateInput;
pub use update::RoleUpdateInput;

use rules::ids::{OrganizationId, RoleId};
use rules::permission::BUILT_IN_ROLES;
use rules::{ErrorCode, Problem};

use super::store;
use crate::kernel::{Ctx, Error, Result, input, text};

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 500;

/// Roles of its own that an organization can have.
const MAX_ROLES: u64 = 100;

/// Reads a name: none that passes for a built-in role.
fn name(raw: &str) -> Result<String, Problem> {
    let name = input::line("name", raw, 1, MAX_NAME)?;
    let folded = text::fold(&name);
    if BUILT_IN_ROLES.iter().any(|role| text::fold(role.name) == folded) {
        return Err(Problem::new(ErrorCode::Reserved, "name", "A built-in role has this name: choose another."));
    }
    Ok(name)
}

/// Reads a description.
fn description(raw: &str) -> Result<String, Problem> {
    input::optional_line("description", Some(raw), MAX_DESCRIPTION).map(Option::unwrap_or_default)
}

/// Which organization a role belongs to. Whether the caller belongs to it too is asked next.
async fn organization_of(ctx: &Ctx, id: RoleId) -> Result<OrganizationId> {
    store::organization_of(&ctx.platform().await?, id).await?.ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_can_not_pass_for_a_built_in_one() {
        for taken in ["Owner", " owner ", "ＯＷＮＥＲ", "Viewer"] {
            assert_eq!(name(taken).map_err(|problem| problem.code), Err(ErrorCode::Reserved), "{taken}");
        }
        assert_eq!(name(" Photo desk ").as_deref(), Ok("Photo desk"));
    }
}
