//! Reads of cart settings.

use async_graphql::{Context, Object};
use rules::permission::Permission;

use super::store;
use super::types::CartSettings;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Reads of cart settings.
#[derive(Default)]
pub struct CartSettingsQuery;

#[Object]
impl CartSettingsQuery {
    /// How the store treats carts.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    async fn cart_settings(&self, gql: &Context<'_>) -> Result<Option<CartSettings>> {
        Ok(Some(CartSettings(store::find(&Ctx::of(gql)?.store().await?).await?)))
    }
}
