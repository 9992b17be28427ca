//! Writes of tax zones.

use async_graphql::{Context, Object};
use rules::ids::TaxZoneId;
use rules::permission::Permission;

use super::actions::{self, TaxZoneCreateInput, TaxZoneUpdateInput};
use super::types::{TaxZoneCreatePayload, TaxZoneDeletePayload, TaxZoneUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of tax zones.
#[derive(Default)]
pub struct TaxZoneMutation;

#[Object]
impl TaxZoneMutation {
    /// Creates a tax zone. Refused as PLACE_TAKEN where another zone has one of its territories.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_zone_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The tax zone.")] input: TaxZoneCreateInput,
    ) -> Result<Option<TaxZoneCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a tax zone. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_zone_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which tax zone.")] id: TaxZoneId,
        #[graphql(desc = "What changes.")] input: TaxZoneUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the tax zone has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<TaxZoneUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a tax zone with its rates. No tax lies on what goes there from then on, but for that of wider zones.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_zone_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which tax zone.")] id: TaxZoneId,
        #[graphql(desc = "The version that was read; refused as STALE where the tax zone has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<TaxZoneDeletePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::delete::run).await.map(Some)
    }
}
