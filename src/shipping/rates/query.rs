//! Reads of shipping rates.

use async_graphql::{Context, Object};
use rules::ids::ShippingRateId;
use rules::permission::Permission;

use super::loaders::ShippingRateById;
use super::store;
use super::types::{ShippingRate, ShippingRateConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for ShippingRate {
    type Id = ShippingRateId;

    async fn by_id(ctx: &Ctx, id: ShippingRateId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::ShippingRead) {
            return Ok(None);
        }
        Ok(ctx.load::<ShippingRateById>(id).await?.map(Self))
    }
}

/// Reads of shipping rates.
#[derive(Default)]
pub struct ShippingRateQuery;

#[Object]
impl ShippingRateQuery {
    /// One shipping rate. Null where the store has no such shipping rate.
    #[graphql(directive = requires::apply(Permission::ShippingRead))]
    async fn shipping_rate(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The shipping rate's id.")] id: ShippingRateId,
    ) -> Result<Option<ShippingRate>> {
        ShippingRate::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's shipping rates, in the order in which they were created.
    #[graphql(directive = requires::apply(Permission::ShippingRead))]
    async fn shipping_rates(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<ShippingRateConnection>> {
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
        Ok(Some(ShippingRateConnection::new(slice.map(Into::into), count)))
    }
}
