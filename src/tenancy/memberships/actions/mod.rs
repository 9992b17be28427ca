//! What can be done to memberships, one file each.

pub mod remove;
pub mod update;

pub use update::MembershipUpdateInput;

use rules::ids::{MembershipId, OrganizationId};
use rules::{ErrorCode, Problem};

use super::store;
use crate::kernel::{Ctx, Error, OrganizationScope, Result, Tx};

/// Which organization a membership belongs to. Whether the caller belongs to it too is asked next.
async fn organization_of(ctx: &Ctx, id: MembershipId) -> Result<OrganizationId> {
    store::organization_of(&ctx.platform().await?, id).await?.ok_or(Error::NotFound)
}

/// Refuses to take the last owner away. The organization's row is locked: nobody else can at the same
/// moment.
async fn keep_an_owner(tx: &Tx<OrganizationScope>, leaving: MembershipId) -> Result<()> {
    if store::has_other_owner(tx, leaving).await? {
        return Ok(());
    }
    let message = "An organization needs an owner, and this is the last one: make somebody else an owner first.";
    Err(Error::Conflict(Problem::new(ErrorCode::LastOwner, "", message)))
}
