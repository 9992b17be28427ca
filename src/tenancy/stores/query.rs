//! Reads of stores.

use async_graphql::{Context, Object};
use rules::ids::{OrganizationId, StoreId};
use rules::permission::Permission;

use super::loaders::StoreById;
use super::store;
use super::types::{Store, StoreConnection};
use crate::gate::directives::{CacheScope, cache_control, public, requires};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};
use crate::tenancy::authority;

/// The store of the request, or one of an organization that the caller may read.
impl ById for Store {
    type Id = StoreId;

    async fn by_id(ctx: &Ctx, id: StoreId) -> Result<Option<Self>> {
        let is_here = ctx.caller().store.as_ref().is_some_and(|store| store.id == id);
        let may = |organization| is_here || ctx.permissions_in(organization).contains(Permission::OrganizationRead);
        let row = ctx.load::<StoreById>(id).await?;
        Ok(row.filter(|row| row.deleted_at.is_none() && may(row.organization_id)).map(Self::bare))
    }
}

/// Reads of stores.
#[derive(Default)]
pub struct StoreQuery;

#[Object]
impl StoreQuery {
    /// The store that the request is about: that of the token, of the header `X-Store`, or of the host.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    async fn store(&self, gql: &Context<'_>) -> Result<Option<Store>> {
        let ctx = Ctx::of(gql)?;
        Store::by_id(ctx, ctx.store_context()?.id).await
    }

    /// The stores of an organization, in the order in which they were opened.
    #[graphql(directive = requires::apply(Permission::OrganizationRead))]
    async fn stores(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which organization.")] organization_id: OrganizationId,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<StoreConnection>> {
        let ctx = Ctx::of(gql)?;
        authority::authorize(ctx, organization_id, Permission::OrganizationRead)?;
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
        Ok(Some(StoreConnection::new(slice.map(|row| Store::bare(row.into())), count)))
    }
}
