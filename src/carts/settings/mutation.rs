//! Writes of cart settings.

use async_graphql::{Context, Object};
use rules::permission::Permission;

use super::actions::{self, CartSettingsUpdateInput};
use super::types::CartSettingsUpdatePayload;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of cart settings.
#[derive(Default)]
pub struct CartSettingsMutation;

#[Object]
impl CartSettingsMutation {
    /// Changes how the store treats carts. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::OrdersManage))]
    async fn cart_settings_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What changes.")] input: CartSettingsUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the settings have changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<CartSettingsUpdatePayload>> {
        Ctx::of(gql)?.mutate((input, expected_version), actions::update::run).await.map(Some)
    }
}
