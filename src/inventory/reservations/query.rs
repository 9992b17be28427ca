//! Reads of reservations.

use async_graphql::{Context, Object};
use rules::ids::StockReservationId;
use rules::permission::Permission;

use super::loaders::StockReservationById;
use super::store::{self, ReservationFilter};
use super::types::{StockReservation, StockReservationConnection, StockReservationFilterInput};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for StockReservation {
    type Id = StockReservationId;

    async fn by_id(ctx: &Ctx, id: StockReservationId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::InventoryRead) {
            return Ok(None);
        }
        Ok(ctx.load::<StockReservationById>(id).await?.map(Self))
    }
}

/// Reads of reservations.
#[derive(Default)]
pub struct StockReservationQuery;

#[Object]
impl StockReservationQuery {
    /// Units that are held for carts or promised to orders now, the newest first. A hold that is over is not
    /// among them.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    async fn stock_reservations(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which reservations to list.")] filter: Option<StockReservationFilterInput>,
    ) -> Result<Option<StockReservationConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: ReservationFilter = filter.unwrap_or_default().into();
        let sort = store::sort();
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
        Ok(Some(StockReservationConnection::new(slice.map(Into::into), count)))
    }
}
