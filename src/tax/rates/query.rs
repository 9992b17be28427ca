//! Reads of tax rates.

use async_graphql::{Context, Object};
use rules::ids::TaxRateId;
use rules::permission::Permission;

use super::loaders::TaxRateById;
use super::store;
use super::types::{TaxRate, TaxRateConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for TaxRate {
    type Id = TaxRateId;

    async fn by_id(ctx: &Ctx, id: TaxRateId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::TaxesRead) {
            return Ok(None);
        }
        Ok(ctx.load::<TaxRateById>(id).await?.map(Self))
    }
}

/// Reads of tax rates.
#[derive(Default)]
pub struct TaxRateQuery;

#[Object]
impl TaxRateQuery {
    /// One tax rate. Null where the store has no such tax rate.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    async fn tax_rate(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The tax rate's id.")] id: TaxRateId,
    ) -> Result<Option<TaxRate>> {
        TaxRate::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's tax rates, in the order in which they were created.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    async fn tax_rates(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<TaxRateConnection>> {
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
        Ok(Some(TaxRateConnection::new(slice.map(Into::into), count)))
    }
}
