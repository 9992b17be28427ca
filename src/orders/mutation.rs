//! Writes of orders.

use async_graphql::{Context, Object};
use rules::ids::OrderId;
use rules::permission::Permission;

use super::actions::{self, OrderCancelInput, OrderUpdateInput};
use super::types::{
    OrderCancelPayload, OrderLookupPayload, OrderMarkAsPaidPayload, OrderNoteAddPayload, OrderUpdatePayload,
};
use crate::gate::directives::{credential, public, requires};
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

    /// Says that an order was paid past every provider, such as a draft that was completed with its payment pending: all
    /// that is missing is taken by a payment of its own, which can be given back like any other. Refused while another
    /// payment of the order can still bring the money.
    #[graphql(directive = requires::apply(Permission::PaymentsManage))]
    async fn order_mark_as_paid(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which order.")] id: OrderId,
        #[graphql(desc = "How it was paid, for the order's history; at most 5,000 characters.")] note: Option<String>,
    ) -> Result<Option<OrderMarkAsPaidPayload>> {
        Ctx::of(gql)?.mutate((id, note), actions::mark_as_paid::run).await.map(Some)
    }

    /// Sends a letter with which its reader sees an order, for an hour: for who bought without an account, and has lost
    /// the secret that `orderByToken` takes. An order that is not there, or was placed with another mailbox, gets the same
    /// answer in the same time, and a letter that says so.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn order_lookup(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The number that people know the order by.")] number: i32,
        #[graphql(desc = "The e-mail address that it was placed with.")] email: String,
    ) -> Result<Option<OrderLookupPayload>> {
        Ctx::of(gql)?.mutate((number, email), actions::lookup::run).await.map(Some)
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
