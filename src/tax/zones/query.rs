//! Reads of tax zones.

use async_graphql::{Context, Object};
use rules::ids::TaxZoneId;
use rules::permission::Permission;

use super::loaders::TaxZoneById;
use super::store;
use super::types::{TaxZone, TaxZoneConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for TaxZone {
    type Id = TaxZoneId;

    async fn by_id(ctx: &Ctx, id: TaxZoneId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::TaxesRead) {
            return Ok(None);
        }
        Ok(ctx.load::<TaxZoneById>(id).await?.map(Self))
    }
}

/// Reads of tax zones.
#[derive(Default)]
pub struct TaxZoneQuery;

#[Object]
impl TaxZoneQuery {
    /// One tax zone. Null where the store has no such tax zone.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    async fn tax_zone(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The tax zone's id.")] id: TaxZoneId,
    ) -> Result<Option<TaxZone>> {
        TaxZone::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's tax zones, in the order in which they were created.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    async fn tax_zones(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<TaxZoneConnection>> {
        let ctx = Ctx::of(gql)?;
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope)).await
            })
        });
        Ok(Some(TaxZoneConnection::new(slice.map(Into::into), count)))
    }
}
