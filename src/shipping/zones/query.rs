//! Reads of shipping zones.

use async_graphql::{Context, Object};
use rules::ids::ShippingZoneId;
use rules::permission::Permission;

use super::loaders::ShippingZoneById;
use super::store;
use super::types::{ShippingZone, ShippingZoneConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for ShippingZone {
    type Id = ShippingZoneId;

    async fn by_id(ctx: &Ctx, id: ShippingZoneId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::ShippingRead) {
            return Ok(None);
        }
        Ok(ctx.load::<ShippingZoneById>(id).await?.map(Self))
    }
}

/// Reads of shipping zones.
#[derive(Default)]
pub struct ShippingZoneQuery;

#[Object]
impl ShippingZoneQuery {
    /// One shipping zone. Null where the store has no such shipping zone.
    #[graphql(directive = requires::apply(Permission::ShippingRead))]
    async fn shipping_zone(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The shipping zone's id.")] id: ShippingZoneId,
    ) -> Result<Option<ShippingZone>> {
        ShippingZone::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's shipping zones, in the order in which they were created.
    #[graphql(directive = requires::apply(Permission::ShippingRead))]
    async fn shipping_zones(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<ShippingZoneConnection>> {
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
        Ok(Some(ShippingZoneConnection::new(slice.map(Into::into), count)))
    }
}
