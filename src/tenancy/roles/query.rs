//! Reads of roles.

use async_graphql::{Context, Object};
use rules::ids::OrganizationId;
use rules::permission::Permission;

use super::store;
use super::types::Role;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};
use crate::tenancy::authority;

/// Reads of roles.
#[derive(Default)]
pub struct RoleQuery;

#[Object]
impl RoleQuery {
    /// The roles that members of an organization can have: the built-in ones, the most powerful first,
    /// then the organization's own by name; 100 of those at the most.
    #[graphql(directive = requires::apply(Permission::RolesRead))]
    async fn roles(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which organization.")] organization_id: OrganizationId,
    ) -> Result<Option<Vec<Role>>> {
        let ctx = Ctx::of(gql)?;
        authority::authorize(ctx, organization_id, Permission::RolesRead)?;
        let own = store::list(&ctx.organization(organization_id).await?).await?;
        Ok(Some(Role::all_built_in().chain(own.into_iter().map(Into::into)).collect()))
    }
}
