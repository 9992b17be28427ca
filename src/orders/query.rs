//! Reads of orders.

use async_graphql::{Context, Object};
use rules::ids::{CustomerId, OrderId, OrderLineId};
use rules::permission::Permission;

use super::loaders::{OrderById, OrderLineById};
use super::store::{self, OrderFilter};
use super::types::{Order, OrderConnection, OrderFilterInput, OrderLine, OrderSort};
use crate::gate::directives::{customer, public, requires};
use crate::identity::secret::{self, Kind};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

/// Words of a search at the most.
const MAX_WORDS: usize = 5;

impl ById for Order {
    type Id = OrderId;

    async fn by_id(ctx: &Ctx, id: OrderId) -> Result<Option<Self>> {
        ctx.store_context()?;
        let (staff, shopper) = (ctx.may(Permission::OrdersRead), ctx.shopper());
        if !staff && shopper.is_none() {
            return Ok(None);
        }
        // What is nobody's is no shopper's either (T07).
        let own = |whose: Option<CustomerId>| shopper.is_some() && whose == shopper;
        Ok(ctx.load::<OrderById>(id).await?.filter(|row| staff || own(row.customer_id)).map(Self))
    }
}

impl ById for OrderLine {
    type Id = OrderLineId;

    async fn by_id(ctx: &Ctx, id: OrderLineId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::OrdersRead) {
            return Ok(None);
        }
        let Some(row) = ctx.load::<OrderLineById>(id).await? else { return Ok(None) };
        let order = ctx.load::<OrderById>(row.order_id).await?;
        Ok(order.map(|order| Self::new(row, order.currency)))
    }
}

/// Reads of orders.
#[derive(Default)]
pub struct OrderQuery;

#[Object]
impl OrderQuery {
    /// One order. Null where the store has no such order.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    async fn order(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The order's id.")] id: OrderId,
    ) -> Result<Option<Order>> {
        Order::by_id(Ctx::of(gql)?, id).await
    }

    /// The order with this number. Null where the store has no such order.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    async fn order_by_number(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The number that people know it by.")] number: i32,
    ) -> Result<Option<Order>> {
        let found = store::find_by_number(&Ctx::of(gql)?.store().await?, number.into()).await?;
        Ok(found.map(Into::into))
    }

    /// The order that a secret shows, for who bought it without an account. The secret is all that proves it; null
    /// alike for one that is none, and for another store's.
    #[graphql(directive = public::apply())]
    async fn order_by_token(
        &self,
        gql: &Context<'_>,
        #[graphql(
            desc = "The secret that was given when the order was placed, or that a letter of orderLookup brought."
        )]
        token: String,
    ) -> Result<Option<Order>> {
        let ctx = Ctx::of(gql)?;
        ctx.store_context()?;
        let Some(hash) = secret::parse_kind(Kind::Order, &token) else { return Ok(None) };
        Ok(store::find_by_token(&ctx.store().await?, &hash, ctx.now()).await?.map(Into::into))
    }

    /// The signed-in customer's own orders, the newest first.
    #[graphql(directive = customer::apply())]
    async fn customer_orders(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<OrderConnection>> {
        let ctx = Ctx::of(gql)?;
        let shopper = ctx.shopper().ok_or(Error::Unauthenticated)?;
        let filter = OrderFilter { customer: Some(shopper), ..OrderFilter::default() };
        list(ctx, filter, OrderSort::Newest, PageArgs { first, after, last, before }).await.map(Some)
    }

    /// The store's orders.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn orders(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which orders to list.")] filter: Option<OrderFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: OrderSort,
    ) -> Result<Option<OrderConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter = read(filter.unwrap_or_default())?;
        list(ctx, filter, sort, PageArgs { first, after, last, before }).await.map(Some)
    }
}

async fn list(ctx: &Ctx, filter: OrderFilter, sort: OrderSort, page: PageArgs) -> Result<OrderConnection> {
    let sort = store::sort(sort);
    let page = page.read(ctx, &sort)?;
    let scope = ctx.store().await?;
    let slice = page::fetch(ctx, &scope, store::list(&scope, &filter), &sort, &page).await?;
    let count: page::Count = Box::new(move |ctx| {
        let filter = filter.clone();
        Box::pin(async move {
            let scope = ctx.store().await?;
            page::count(&scope, store::list(&scope, &filter)).await
        })
    });
    Ok(OrderConnection::new(slice.map(Into::into), count))
}

fn read(input: OrderFilterInput) -> Result<OrderFilter> {
    let words: Vec<String> = input.search.as_deref().map(|text| store::words(text).collect()).unwrap_or_default();
    if words.len() > MAX_WORDS {
        return Err(Error::BadInput(format!("Search for at most {MAX_WORDS} words.")));
    }
    Ok(OrderFilter {
        words,
        statuses: input.statuses.unwrap_or_default(),
        payment_statuses: input.payment_statuses.unwrap_or_default(),
        fulfillment: input.fulfillment_statuses.unwrap_or_default(),
        returns: input.return_statuses.unwrap_or_default(),
        placed_from: input.placed_from,
        placed_before: input.placed_before,
        customer: input.customer_id,
        tag: input.tag,
    })
}
