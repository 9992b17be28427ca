//! Writes of a store's settings of stock.

use async_graphql::{Context, Object};
use rules::permission::Permission;

use super::actions::{self, InventorySettingsUpdateInput};
use super::types::InventorySettingsUpdatePayload;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of a store's settings of stock.
#[derive(Default)]
pub struct InventorySettingsMutation;

#[Object]
impl InventorySettingsMutation {
    /// Changes how the store keeps its stock, and how much of it visitors are told. What the input leaves out
    /// stays as it is.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn inventory_settings_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What changes.")] input: InventorySettingsUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the settings have changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<InventorySettingsUpdatePayload>> {
        Ctx::of(gql)?.mutate((input, expected_version), actions::update::run).await.map(Some)
    }
}
