//! Writes of tax settings.

use async_graphql::{Context, Object};
use rules::permission::Permission;

use super::actions::{self, TaxSettingsUpdateInput};
use super::types::TaxSettingsUpdatePayload;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of tax settings.
#[derive(Default)]
pub struct TaxSettingsMutation;

#[Object]
impl TaxSettingsMutation {
    /// Changes how the store is taxed. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_settings_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What changes.")] input: TaxSettingsUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the settings have changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<TaxSettingsUpdatePayload>> {
        Ctx::of(gql)?.mutate((input, expected_version), actions::update::run).await.map(Some)
    }
}
