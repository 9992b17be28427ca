//! Reads of organizations.

use async_graphql::{Context, Object};
use rules::ids::OrganizationId;
use rules::permission::Permission;

use super::loaders::OrganizationById;
use super::store;
use super::types::{Organization, OrganizationConnection};
use crate::gate::directives::{requires, user};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};
use crate::tenancy::authority;

/// A living organization that the caller may read.
impl ById for Organization {
    type Id = OrganizationId;

    async fn by_id(ctx: &Ctx, id: OrganizationId) -> Result<Option<Self>> {
        if !ctx.permissions_in(id).contains(Permission::OrganizationRead) {
            return Ok(None);
        }
        Ok(ctx.load::<OrganizationById>(id).await?.filter(|row| row.deleted_at.is_none()).map(Self))
    }
}

/// Reads of organizations.
#[derive(Default)]
pub struct OrganizationQuery;

#[Object]
impl OrganizationQuery {
    /// One of your organizations. Null where it is not there, or you do not belong to it.
    #[graphql(directive = requires::apply(Permission::OrganizationRead))]
    async fn organization(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The organization's id.")] id: OrganizationId,
    ) -> Result<Option<Organization>> {
        let ctx = Ctx::of(gql)?;
        match authority::authorize(ctx, id, Permission::OrganizationRead) {
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
            Ok(()) => Organization::by_id(ctx, id).await,
        }
    }

    /// The organizations that you belong to, in the order in which they were created.
    #[graphql(directive = user::apply())]
    async fn organizations(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<OrganizationConnection>> {
        let ctx = Ctx::of(gql)?;
        let (scope, account) = (ctx.platform().await?, ctx.account().await?);
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let select = store::list_of_user(&scope, &account);
        let slice = page::fetch(ctx, &scope, select, &sort, &page).await?;
        let count: page::Count = Box::new(|ctx| {
            Box::pin(async move {
                let (scope, account) = (ctx.platform().await?, ctx.account().await?);
                page::count(&scope, store::list_of_user(&scope, &account)).await
            })
        });
        Ok(Some(OrganizationConnection::new(slice.map(Into::into), count)))
    }
}
