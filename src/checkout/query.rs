//! Reads of checkouts.

use async_graphql::{Context, Object};
use rules::ids::CartId;

use super::store;
use super::types::Checkout;
use crate::carts;
use crate::gate::directives::public;
use crate::kernel::{Ctx, Result};

/// Reads of checkouts.
#[derive(Default)]
pub struct CheckoutQuery;

#[Object]
impl CheckoutQuery {
    /// The checkout of a cart, for whoever proves the cart. Null where there is no such cart, and where nothing was
    /// proved.
    #[graphql(directive = public::apply())]
    async fn checkout(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The cart's id.")] cart_id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
    ) -> Result<Option<Checkout>> {
        let ctx = Ctx::of(gql)?;
        let Some(cart) = carts::checkout::find(ctx, cart_id, token.as_deref()).await? else { return Ok(None) };
        let row = store::find(&ctx.store().await?, cart.id).await?;
        Ok(Some(Checkout::of(cart.id, row, None)))
    }
}
