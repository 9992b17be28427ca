//! Writes of promotions.

use async_graphql::{Context, Object};
use rules::ids::PromotionId;
use rules::permission::Permission;

use super::actions::{self, PromotionCreateInput, PromotionUpdateInput};
use super::types::{PromotionCreatePayload, PromotionDeletePayload, PromotionUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of promotions.
#[derive(Default)]
pub struct PromotionMutation;

#[Object]
impl PromotionMutation {
    /// Creates a promotion. A store has 500 at the most that are enabled and not over.
    #[graphql(directive = requires::apply(Permission::PromotionsManage))]
    async fn promotion_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The promotion.")] input: PromotionCreateInput,
    ) -> Result<Option<PromotionCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a promotion. What the input leaves out stays as it is; null clears. Orders keep what they got.
    #[graphql(directive = requires::apply(Permission::PromotionsManage))]
    async fn promotion_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which promotion.")] id: PromotionId,
        #[graphql(desc = "What changes.")] input: PromotionUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the promotion has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<PromotionUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a promotion, and its codes with it: their words are free again. Orders keep what they got.
    #[graphql(directive = requires::apply(Permission::PromotionsManage))]
    async fn promotion_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which promotion.")] id: PromotionId,
    ) -> Result<Option<PromotionDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }
}
