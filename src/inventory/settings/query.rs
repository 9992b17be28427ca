//! Reads of a store's settings of stock.

use async_graphql::{Context, Object};
use rules::permission::Permission;

use super::store;
use super::types::InventorySettings;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Reads of a store's settings of stock.
#[derive(Default)]
pub struct InventorySettingsQuery;

#[Object]
impl InventorySettingsQuery {
    /// How the store keeps its stock, and how much of it visitors are told.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    async fn inventory_settings(&self, gql: &Context<'_>) -> Result<Option<InventorySettings>> {
        let ctx = Ctx::of(gql)?;
        let scope = ctx.store().await?;
        let row = store::find(&scope).await?.unwrap_or_else(|| store::defaults(scope.id(), ctx.now()));
        Ok(Some(row.into()))
    }
}
