//! Writes of prices.

use async_graphql::{Context, Object};
use rules::ids::{PriceId, ProductId};
use rules::permission::Permission;

use super::actions;
use super::actions::set::{PriceInput, PricesSetInput};
use super::types::{PriceDeletePayload, PricesSetPayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of prices.
#[derive(Default)]
pub struct PriceMutation;

#[Object]
impl PriceMutation {
    /// Sets prices of a product and its variants: all of the list, or nothing. A price that is there
    /// already under the same variant, currency, minimum quantity and beginning takes the new amounts;
    /// what is as it was is not written again.
    #[graphql(directive = requires::apply(Permission::PricesManage))]
    async fn prices_set(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Whose prices.")] product_id: ProductId,
        #[graphql(desc = "The prices; at most 250.")] prices: Vec<PriceInput>,
        #[graphql(desc = "Whether every other price of the product and its variants goes.", default)]
        remove_others: bool,
    ) -> Result<Option<PricesSetPayload>> {
        let input = PricesSetInput { product_id, prices, remove_others };
        Ctx::of(gql)?.mutate(input, actions::set::run).await.map(Some)
    }

    /// Deletes a price.
    #[graphql(directive = requires::apply(Permission::PricesManage))]
    async fn price_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which price.")] id: PriceId,
    ) -> Result<Option<PriceDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }
}
