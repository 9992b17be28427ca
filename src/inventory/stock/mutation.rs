//! Writes of stock.

use async_graphql::{Context, Object};
use rules::ids::ProductVariantId;
use rules::permission::Permission;

use super::actions::{self, InventoryItemUpdateInput, InventorySetInput};
use super::types::{InventoryItemUpdatePayload, InventorySetPayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of stock.
#[derive(Default)]
pub struct StockMutation;

#[Object]
impl StockMutation {
    /// Says how much of a variant is at a location. Names the quantity that it changes from, and is
    /// refused as STALE where another one is there, unless `ignoreExpected` says that this does not
    /// matter. Logs a movement each time.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn inventory_set(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What, where and how much.")] input: InventorySetInput,
    ) -> Result<Option<InventorySetPayload>> {
        Ctx::of(gql)?.mutate(input, actions::set::run).await.map(Some)
    }

    /// Says whether stock of a variant is counted, and what happens when it is gone.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn inventory_item_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The variant that is stocked.")] variant_id: ProductVariantId,
        #[graphql(desc = "What changes.")] input: InventoryItemUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the item has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<InventoryItemUpdatePayload>> {
        Ctx::of(gql)?.mutate((variant_id, input, expected_version), actions::item_update::run).await.map(Some)
    }
}
