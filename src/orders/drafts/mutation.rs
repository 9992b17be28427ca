//! Writes of drafts.

use async_graphql::{Context, Object};
use rules::ids::DraftOrderId;
use rules::permission::Permission;

use super::actions::{self, DraftOrderCreateInput, DraftOrderUpdateInput};
use super::types::{
    DraftOrderCompletePayload, DraftOrderCreatePayload, DraftOrderDeletePayload, DraftOrderUpdatePayload,
};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of drafts.
#[derive(Default)]
pub struct DraftOrderMutation;

#[Object]
impl DraftOrderMutation {
    /// Begins an order for a buyer: at the store's prices, at other ones, or for what is in no catalog.
    #[graphql(directive = requires::apply(Permission::OrdersManage))]
    async fn draft_order_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The draft.")] input: DraftOrderCreateInput,
    ) -> Result<Option<DraftOrderCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a draft that is no order yet. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::OrdersManage))]
    async fn draft_order_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which draft.")] id: DraftOrderId,
        #[graphql(desc = "What changes.")] input: DraftOrderUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the draft has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<DraftOrderUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Throws a draft away that is no order yet.
    #[graphql(directive = requires::apply(Permission::OrdersManage))]
    async fn draft_order_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which draft.")] id: DraftOrderId,
    ) -> Result<Option<DraftOrderDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }

    /// Makes an order of a draft, whose payment is pending: its stock is promised and its codes are used. A draft that
    /// became an order already answers with that.
    #[graphql(directive = requires::apply(Permission::OrdersManage))]
    async fn draft_order_complete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which draft.")] id: DraftOrderId,
        #[graphql(desc = "The version that was read; refused as STALE where the draft has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<DraftOrderCompletePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::complete::run).await.map(Some)
    }
}
