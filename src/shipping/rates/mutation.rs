//! Writes of shipping rates.

use async_graphql::{Context, Object};
use rules::ids::ShippingRateId;
use rules::permission::Permission;

use super::actions::{self, ShippingRateCreateInput, ShippingRateUpdateInput};
use super::types::{ShippingRateCreatePayload, ShippingRateDeletePayload, ShippingRateUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of shipping rates.
#[derive(Default)]
pub struct ShippingRateMutation;

#[Object]
impl ShippingRateMutation {
    /// Creates a shipping rate in a zone.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_rate_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The shipping rate.")] input: ShippingRateCreateInput,
    ) -> Result<Option<ShippingRateCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a shipping rate. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_rate_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which shipping rate.")] id: ShippingRateId,
        #[graphql(desc = "What changes.")] input: ShippingRateUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the shipping rate has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ShippingRateUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a shipping rate. Whoever has chosen it chooses again.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_rate_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which shipping rate.")] id: ShippingRateId,
        #[graphql(desc = "The version that was read; refused as STALE where the shipping rate has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ShippingRateDeletePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::delete::run).await.map(Some)
    }
}
