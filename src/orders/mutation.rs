//! Writes of orders.

use async_graphql::{Context, Object};
use rules::ids::OrderId;
use rules::permission::Permission;

use super::actions::{self, OrderCancelInput, OrderUpdateInput};
use super::types::{OrderCancelPayload, OrderNoteAddPayload, OrderUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of orders.
#[derive(Default)]
pub struct OrderMutation;

#[Object]
impl OrderMutation {
    /// Changes what is known of an order beside what was bought. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::OrdersManage))]
    async fn order_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which order.")] id: OrderId,
        #[graphql(desc = "What changes.")] input: OrderUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the order has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<OrderUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Calls an order off of which nothing was sent: its stock is free again, and so are its codes; what its payments
    /// hold is let go or given back. An order that was called off already stays as it is.
    #[graphql(directive = requires::apply(Permission::OrdersManage))]
    async fn order_cancel(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which order.")] id: OrderId,
        #[graphql(desc = "Why.")] input: OrderCancelInput,
        #[graphql(desc = "The version that was read; refused as STALE where the order has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<OrderCancelPayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::cancel::run).await.map(Some)
    }

    /// Writes a note about an order, for the store's people alone. Notes are never changed.
    #[graphql(directive = requires::apply(Permission::OrdersManage))]
    async fn order_note_add(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which order.")] id: OrderId,
        #[graphql(desc = "What it says; at most 5,000 characters.")] body: String,
    ) -> Result<Option<OrderNoteAddPayload>> {
        Ctx::of(gql)?.mutate((id, body), actions::note_add::run).await.map(Some)
    }
}
