//! Writes of locations.

use async_graphql::{Context, Object};
use rules::ids::LocationId;
use rules::permission::Permission;

use super::actions::{self, LocationCreateInput, LocationUpdateInput};
use super::types::{
    LocationActivatePayload, LocationCreatePayload, LocationDeactivatePayload, LocationDeletePayload,
    LocationUpdatePayload,
};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of locations.
#[derive(Default)]
pub struct LocationMutation;

#[Object]
impl LocationMutation {
    /// Creates a location. The store's first one becomes its default.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn location_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The location.")] input: LocationCreateInput,
    ) -> Result<Option<LocationCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a location. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn location_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which location.")] id: LocationId,
        #[graphql(desc = "What changes.")] input: LocationUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the location has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<LocationUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Keeps stock at a location again, which was deactivated.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn location_activate(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which location.")] id: LocationId,
        #[graphql(desc = "The version that was read; refused as STALE where the location has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<LocationActivatePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::activate::run).await.map(Some)
    }

    /// Keeps no stock at a location for now: nothing is sent from there, put there, or picked up there, until it is
    /// activated again. Refused as LAST_LOCATION where no other one is active, as NOT_ALLOWED where it is the default, and
    /// as IN_USE where stock is there, promised or held.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn location_deactivate(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which location.")] id: LocationId,
        #[graphql(desc = "The version that was read; refused as STALE where the location has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<LocationDeactivatePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::deactivate::run).await.map(Some)
    }

    /// Deletes a location that holds nothing. Refused as NOT_ALLOWED where it is the default, and as IN_USE
    /// where stock is there or promised.
    #[graphql(directive = requires::apply(Permission::InventoryManage))]
    async fn location_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which location.")] id: LocationId,
        #[graphql(desc = "The version that was read; refused as STALE where the location has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<LocationDeletePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::delete::run).await.map(Some)
    }
}
