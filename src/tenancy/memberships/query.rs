//! Reads of memberships.

use async_graphql::{Context, Object};
use entity::tenancy::memberships;
use rules::ids::{MembershipId, OrganizationId};
use rules::permission::Permission;

use super::loaders::MembershipById;
use super::store;
use super::types::{Membership, MembershipConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{Actor, ById, Ctx, Result};
use crate::tenancy::authority;

/// One's own membership, or one of an organization whose members the caller may see.
impl ById for Membership {
    type Id = MembershipId;

    async fn by_id(ctx: &Ctx, id: MembershipId) -> Result<Option<Self>> {
        let is_own = |row: &memberships::Model| matches!(ctx.actor(), Actor::User { user, .. } if *user == row.user_id);
        let may = |organization| ctx.permissions_in(organization).contains(Permission::MembersRead);
        let row = ctx.load::<MembershipById>(id).await?;
        Ok(row.filter(|row| is_own(row) || may(row.organization_id)).map(Self))
    }
}

/// Reads of memberships.
#[derive(Default)]
pub struct MembershipQuery;

#[Object]
impl MembershipQuery {
    /// The members of an organization, those first who came first.
    #[graphql(directive = requires::apply(Permission::MembersRead))]
    async fn memberships(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which organization.")] organization_id: OrganizationId,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<MembershipConnection>> {
        let ctx = Ctx::of(gql)?;
        authority::authorize(ctx, organization_id, Permission::MembersRead)?;
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.organization(organization_id).await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.organization(organization_id).await?;
                page::count(&scope, store::list(&scope)).await
            })
        });
        Ok(Some(MembershipConnection::new(slice.map(Into::into), count)))
    }
}
