//! Reads of prices. What a variant costs stands on `ProductVariant`; these are for those who set prices.

use async_graphql::{Context, Object};
use rules::ids::PriceId;
use rules::permission::Permission;

use super::loaders::PriceById;
use super::store::{self, PriceFilter};
use super::types::{Price, PriceConnection, PriceFilterInput, PriceSort};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for Price {
    type Id = PriceId;

    async fn by_id(ctx: &Ctx, id: PriceId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::PricesRead) {
            return Ok(None);
        }
        Ok(ctx.load::<PriceById>(id).await?.map(Self))
    }
}

/// Reads of prices.
#[derive(Default)]
pub struct PriceQuery;

#[Object]
impl PriceQuery {
    /// One stored price. Null where the store has no such price.
    #[graphql(directive = requires::apply(Permission::PricesRead))]
    async fn price(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The price's id.")] id: PriceId,
    ) -> Result<Option<Price>> {
        Price::by_id(Ctx::of(gql)?, id).await
    }

    /// The stored prices: in every currency, from every quantity, past, present and to come.
    #[graphql(directive = requires::apply(Permission::PricesRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn prices(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which prices to list.")] filter: Option<PriceFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: PriceSort,
    ) -> Result<Option<PriceConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: PriceFilter = filter.unwrap_or_default().try_into()?;
        let sort = store::sort(sort);
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope, &filter), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            let filter = filter.clone();
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, &filter)).await
            })
        });
        Ok(Some(PriceConnection::new(slice.map(Into::into), count)))
    }
}
