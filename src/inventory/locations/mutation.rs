//! Writes of locations.

use async_graphql::{Context, Object};
use rules::ids::LocationId;
use rules::permission::Permission;

use super::actions::{self, LocationCreateInput, LocationUpdateInput};
use super::types::{LocationCreatePayload, LocationDeletePayload, LocationUpdatePayload};
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
