//! Writes of discount codes.

use async_graphql::{Context, Object};
use rules::ids::DiscountCodeId;
use rules::permission::Permission;

use super::actions::{self, DiscountCodeCreateInput, DiscountCodeUpdateInput, DiscountCodesGenerateInput};
use super::types::{
    DiscountCodeCreatePayload, DiscountCodeDeletePayload, DiscountCodeUpdatePayload, DiscountCodesGeneratePayload,
};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of discount codes.
#[derive(Default)]
pub struct DiscountCodeMutation;

#[Object]
impl DiscountCodeMutation {
    /// Creates a discount code.
    #[graphql(directive = requires::apply(Permission::PromotionsManage))]
    async fn discount_code_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The code.")] input: DiscountCodeCreateInput,
    ) -> Result<Option<DiscountCodeCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Generates many discount codes by chance, all of them or none: up to 1,000 at once, of digits and capital
    /// letters that can't be taken for one another.
    #[graphql(directive = requires::apply(Permission::PromotionsManage))]
    async fn discount_codes_generate(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many, and what they have in common.")] input: DiscountCodesGenerateInput,
    ) -> Result<Option<DiscountCodesGeneratePayload>> {
        Ctx::of(gql)?.mutate(input, actions::generate::run).await.map(Some)
    }

    /// Changes a discount code. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::PromotionsManage))]
    async fn discount_code_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which code.")] id: DiscountCodeId,
        #[graphql(desc = "What changes.")] input: DiscountCodeUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the code has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<DiscountCodeUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a discount code: its word is free again. Orders that used it keep what they got.
    #[graphql(directive = requires::apply(Permission::PromotionsManage))]
    async fn discount_code_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which code.")] id: DiscountCodeId,
    ) -> Result<Option<DiscountCodeDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }
}
