//! Writes of shipping zones.

use async_graphql::{Context, Object};
use rules::ids::ShippingZoneId;
use rules::permission::Permission;

use super::actions::{self, ShippingZoneCreateInput, ShippingZoneUpdateInput};
use super::types::{ShippingZoneCreatePayload, ShippingZoneDeletePayload, ShippingZoneUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of shipping zones.
#[derive(Default)]
pub struct ShippingZoneMutation;

#[Object]
impl ShippingZoneMutation {
    /// Creates a shipping zone in a profile. Refused as PLACE_TAKEN where another zone of the profile has one of its
    /// territories.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_zone_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The shipping zone.")] input: ShippingZoneCreateInput,
    ) -> Result<Option<ShippingZoneCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a shipping zone. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_zone_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which shipping zone.")] id: ShippingZoneId,
        #[graphql(desc = "What changes.")] input: ShippingZoneUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the shipping zone has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ShippingZoneUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a shipping zone with its rates. What goes there is shipped by wider zones of the profile, or not at all.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_zone_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which shipping zone.")] id: ShippingZoneId,
        #[graphql(desc = "The version that was read; refused as STALE where the shipping zone has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ShippingZoneDeletePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::delete::run).await.map(Some)
    }
}
