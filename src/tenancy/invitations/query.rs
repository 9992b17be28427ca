//! Reads of invitations.

use async_graphql::{Context, Object};
use rules::ids::{InvitationId, OrganizationId};
use rules::permission::Permission;

use super::loaders::InvitationById;
use super::store;
use super::types::{Invitation, InvitationConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};
use crate::tenancy::authority;

/// An invitation into an organization whose members the caller may see.
impl ById for Invitation {
    type Id = InvitationId;

    async fn by_id(ctx: &Ctx, id: InvitationId) -> Result<Option<Self>> {
        let may = |organization| ctx.permissions_in(organization).contains(Permission::MembersRead);
        Ok(ctx.load::<InvitationById>(id).await?.filter(|row| may(row.organization_id)).map(Self))
    }
}

/// Reads of invitations.
#[derive(Default)]
pub struct InvitationQuery;

#[Object]
impl InvitationQuery {
    /// The invitations into an organization, the newest first; never their secrets.
    #[graphql(directive = requires::apply(Permission::MembersRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn invitations(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which organization.")] organization_id: OrganizationId,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Those that are over as well: accepted, revoked or expired.", default)] include_closed: bool,
    ) -> Result<Option<InvitationConnection>> {
        let ctx = Ctx::of(gql)?;
        authority::authorize(ctx, organization_id, Permission::MembersRead)?;
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.organization(organization_id).await?;
        let open_at = (!include_closed).then(|| ctx.now());
        let slice = page::fetch(ctx, &scope, store::list(&scope, open_at), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.organization(organization_id).await?;
                page::count(&scope, store::list(&scope, open_at)).await
            })
        });
        Ok(Some(InvitationConnection::new(slice.map(Into::into), count)))
    }
}
