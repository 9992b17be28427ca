//! Writes of checkouts.

use async_graphql::{Context, Object};
use rules::ids::CartId;

use super::actions::{self, CheckoutPayInput, Whose};
use super::types::{CheckoutCancelPayload, CheckoutConfirmPayload, CheckoutPayPayload};
use crate::gate::directives::public;
use crate::kernel::{Ctx, Result};

/// Writes of checkouts.
#[derive(Default)]
pub struct CheckoutMutation;

#[Object]
impl CheckoutMutation {
    /// Pays for a cart: its stock and codes are held, and where the payment is made there is an order. Where the buyer
    /// has to do something first, `action` says what; where the payment is refused, `failure` says why, and the cart is
    /// open again. Whoever asks again once there is an order gets that order, and pays nothing twice.
    #[graphql(directive = public::apply())]
    async fn checkout_pay(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
        #[graphql(desc = "How it is paid.")] input: CheckoutPayInput,
    ) -> Result<Option<CheckoutPayPayload>> {
        Ctx::of(gql)?.mutate((Whose { cart: cart_id, token }, input), actions::pay::run).await.map(Some)
    }

    /// Asks what became of the payment of a cart, once the buyer has done what the provider asked for, and makes the
    /// order where it was made.
    #[graphql(directive = public::apply())]
    async fn checkout_confirm(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
    ) -> Result<Option<CheckoutConfirmPayload>> {
        Ctx::of(gql)?.mutate(Whose { cart: cart_id, token }, actions::confirm::run).await.map(Some)
    }

    /// Goes back from the payment of a cart to the cart: what is held is let go, and a payment that was made all the
    /// same is given back.
    #[graphql(directive = public::apply())]
    async fn checkout_cancel(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
    ) -> Result<Option<CheckoutCancelPayload>> {
        Ctx::of(gql)?.mutate(Whose { cart: cart_id, token }, actions::cancel::run).await.map(Some)
    }
}
