//! Reads of locations.

use async_graphql::{Context, Object};
use rules::ids::LocationId;
use rules::permission::Permission;

use super::loaders::LocationById;
use super::store;
use super::types::{Location, LocationConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for Location {
    type Id = LocationId;

    async fn by_id(ctx: &Ctx, id: LocationId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::InventoryRead) {
            return Ok(None);
        }
        Ok(ctx.load::<LocationById>(id).await?.filter(|row| row.deleted_at.is_none()).map(Self))
    }
}

/// Reads of locations.
#[derive(Default)]
pub struct LocationQuery;

#[Object]
impl LocationQuery {
    /// One location. Null where the store has no such location.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    async fn location(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The location's id.")] id: LocationId,
    ) -> Result<Option<Location>> {
        Location::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's locations, in the order in which they were created.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    async fn locations(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<LocationConnection>> {
        let ctx = Ctx::of(gql)?;
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope)).await
            })
        });
        Ok(Some(LocationConnection::new(slice.map(Into::into), count)))
    }
}
