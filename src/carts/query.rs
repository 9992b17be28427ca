//! Reads of carts.

use async_graphql::{Context, Object};
use rules::ids::CartId;
use rules::permission::Permission;

use super::access::Proof;
use super::loaders::CartById;
use super::store::{self, CartFilter};
use super::types::{Cart, CartConnection, CartFilterInput, CartSort};
use crate::gate::directives::{customer, public, requires};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

/// A cart by nothing but its id: for the customer whose it is, and for callers with ORDERS_READ. A guest's cart needs
/// its secret too.
impl ById for Cart {
    type Id = CartId;

    async fn by_id(ctx: &Ctx, id: CartId) -> Result<Option<Self>> {
        ctx.store_context()?;
        let shopper = ctx.shopper();
        let sees_all = ctx.may(Permission::OrdersRead);
        if !sees_all && shopper.is_none() {
            return Ok(None);
        }
        let cart = ctx.load::<CartById>(id).await?.filter(|cart| store::is_there(cart, ctx.now()));
        Ok(cart.filter(|cart| sees_all || cart.customer_id == shopper).map(Self))
    }
}

/// Reads of carts.
#[derive(Default)]
pub struct CartQuery;

#[Object]
impl CartQuery {
    /// One cart, for whoever proves it: a guest by its secret, a customer by being signed in. Null where there is no
    /// such cart, where it is over, and where nothing was proved.
    #[graphql(directive = public::apply())]
    async fn cart(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The cart's id.")] id: CartId,
        #[graphql(desc = "The secret that it was given out with; a customer's cart needs none.")] token: Option<String>,
    ) -> Result<Option<Cart>> {
        let ctx = Ctx::of(gql)?;
        let proof = Proof::of(ctx, token.as_deref());
        let cart = store::find_proven(&ctx.store().await?, id, &proof, ctx.now()).await?;
        Ok(cart.map(Into::into))
    }

    /// Your newest open cart; null where you have none.
    #[graphql(directive = customer::apply())]
    async fn customer_cart(&self, gql: &Context<'_>) -> Result<Option<Cart>> {
        let ctx = Ctx::of(gql)?;
        let cart = store::find_open_of(&ctx.store().await?, ctx.customer()?, ctx.now()).await?;
        Ok(cart.map(Into::into))
    }

    /// The store's carts that are not over, without the secrets that prove them.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn carts(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which carts to list.")] filter: Option<CartFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: CartSort,
    ) -> Result<Option<CartConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: CartFilter = filter.unwrap_or_default().into();
        let sort = store::sort(sort);
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope, &filter, ctx.now()), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            let filter = filter.clone();
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, &filter, ctx.now())).await
            })
        });
        Ok(Some(CartConnection::new(slice.map(Into::into), count)))
    }
}
