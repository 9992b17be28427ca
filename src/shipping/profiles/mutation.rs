//! Writes of shipping profiles.

use async_graphql::{Context, Object};
use rules::ids::{ProductId, ShippingProfileId};
use rules::permission::Permission;

use super::actions::{self, ShippingProfileCreateInput, ShippingProfileUpdateInput};
use super::types::{
    ShippingProfileCreatePayload, ShippingProfileDeletePayload, ShippingProfileProductsAssignPayload,
    ShippingProfileUpdatePayload,
};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of shipping profiles.
#[derive(Default)]
pub struct ShippingProfileMutation;

#[Object]
impl ShippingProfileMutation {
    /// Creates a shipping profile. Products are put into it by `shippingProfileProductsAssign`.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_profile_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The shipping profile.")] input: ShippingProfileCreateInput,
    ) -> Result<Option<ShippingProfileCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a shipping profile. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_profile_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which shipping profile.")] id: ShippingProfileId,
        #[graphql(desc = "What changes.")] input: ShippingProfileUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the shipping profile has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ShippingProfileUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a shipping profile with its zones and rates. Refused as IN_USE while products belong to it, and as
    /// NOT_ALLOWED for the default.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_profile_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which shipping profile.")] id: ShippingProfileId,
        #[graphql(desc = "The version that was read; refused as STALE where the shipping profile has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ShippingProfileDeletePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::delete::run).await.map(Some)
    }

    /// Puts products into a shipping profile, out of those that they were in; all of them or none. Into the
    /// default they are put by naming that.
    #[graphql(directive = requires::apply(Permission::ShippingManage))]
    async fn shipping_profile_products_assign(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which shipping profile.")] id: ShippingProfileId,
        #[graphql(desc = "The products; 250 at the most.")] product_ids: Vec<ProductId>,
    ) -> Result<Option<ShippingProfileProductsAssignPayload>> {
        Ctx::of(gql)?.mutate((id, product_ids), actions::products_assign::run).await.map(Some)
    }
}
