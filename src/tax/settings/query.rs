//! Reads of tax settings.

use async_graphql::{Context, Object};
use rules::permission::Permission;

use super::store;
use super::types::TaxSettings;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Reads of tax settings.
#[derive(Default)]
pub struct TaxSettingsQuery;

#[Object]
impl TaxSettingsQuery {
    /// How the store is taxed beside its zones and rates.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    async fn tax_settings(&self, gql: &Context<'_>) -> Result<Option<TaxSettings>> {
        Ok(Some(store::find(&Ctx::of(gql)?.store().await?).await?.into()))
    }
}
