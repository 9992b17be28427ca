//! Writes of stock.

use async_graphql::{Context, Object};
use rules::ids::ProductVariantId;
use rules::permission::Permission;

use super::actions::{
    self, InventoryAdjustInput, InventoryItemUpdateInput, InventoryReceiveInput, InventorySetInput,
    InventoryTransferInput,
};
use super::types::{
    InventoryAdjustPayload, InventoryItemUpdatePayload, InventoryReceivePayload, InventorySetPayload,
    InventoryTransferPayload,
};
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

    /// There are so many units more or fewer of a variant at a location, whatever was there. Refused as
    /// OUT_OF_RANGE where fewer would be there than are promised, or than nothing.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn inventory_adjust(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What, where, by how much, and why.")] input: InventoryAdjustInput,
    ) -> Result<Option<InventoryAdjustPayload>> {
        Ctx::of(gql)?.mutate(input, actions::adjust::run).await.map(Some)
    }

    /// Moves units of a variant from one location to another. What is promised from a location stays there:
    /// refused as OUT_OF_RANGE where fewer are free.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn inventory_transfer(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What, from where, where to and how many.")] input: InventoryTransferInput,
    ) -> Result<Option<InventoryTransferPayload>> {
        Ctx::of(gql)?.mutate(input, actions::transfer::run).await.map(Some)
    }

    /// Takes goods in at a location: all lines, or none.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn inventory_receive(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What came in, and where.")] input: InventoryReceiveInput,
    ) -> Result<Option<InventoryReceivePayload>> {
        Ctx::of(gql)?.mutate(input, actions::receive::run).await.map(Some)
    }

    /// Says how stock of a variant is counted, how far it is sold ahead, what is kept back, and from how few
    /// units on it is ordered anew. What the input leaves out stays as it is; null clears.
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
