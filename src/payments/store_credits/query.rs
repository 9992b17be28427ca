//! Reads of store credit.

use std::sync::Arc;

use async_graphql::{Context, Object};
use rules::ids::{StoreCreditEntryId, StoreCreditId};
use rules::permission::Permission;

use super::loaders::{StoreCreditById, StoreCreditEntryById};
use super::store;
use super::types::{StoreCredit, StoreCreditEntry, StoreCreditEntryConnection};
use crate::gate::directives::{customer, requires};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

/// For the staff who may see store credit, and for the customer whose it is.
impl ById for StoreCredit {
    type Id = StoreCreditId;

    async fn by_id(ctx: &Ctx, id: StoreCreditId) -> Result<Option<Self>> {
        ctx.store_context()?;
        let (staff, shopper) = (ctx.may(Permission::StoreCreditRead), ctx.shopper());
        if !staff && shopper.is_none() {
            return Ok(None);
        }
        Ok(ctx.load::<StoreCreditById>(id).await?.filter(|row| staff || Some(row.customer_id) == shopper).map(Self))
    }
}

impl ById for StoreCreditEntry {
    type Id = StoreCreditEntryId;

    async fn by_id(ctx: &Ctx, id: StoreCreditEntryId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::StoreCreditRead) && ctx.shopper().is_none() {
            return Ok(None);
        }
        let Some(row) = ctx.load::<StoreCreditEntryById>(id).await? else { return Ok(None) };
        let credit = StoreCredit::by_id(ctx, row.credit_id).await?;
        Ok(credit.map(|credit| Self(row, credit.0.currency)))
    }
}

/// Reads of store credit.
#[derive(Default)]
pub struct StoreCreditQuery;

#[Object]
impl StoreCreditQuery {
    /// What the signed-in customer has to pay with, in the order of the currencies.
    #[graphql(directive = customer::apply())]
    async fn customer_store_credits(&self, gql: &Context<'_>) -> Result<Option<Vec<StoreCredit>>> {
        let ctx = Ctx::of(gql)?;
        let shopper = ctx.shopper().ok_or(Error::Unauthenticated)?;
        let rows = store::list_by_customers(&ctx.store().await?, &[shopper]).await?;
        Ok(Some(rows.into_iter().map(Into::into).collect()))
    }

    /// What changed of store credit, the newest first: yours, where you are signed in as a customer; anyone's, for the
    /// staff. Null where there is none, or none that you may see.
    #[graphql(directive = customer::apply(), directive = requires::apply(Permission::StoreCreditRead))]
    async fn store_credit_entries(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The id of the store credit.")] store_credit_id: StoreCreditId,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<StoreCreditEntryConnection>> {
        let ctx = Ctx::of(gql)?;
        let Some(credit) = StoreCredit::by_id(ctx, store_credit_id).await? else { return Ok(None) };
        let currency = credit.0.currency;
        let sort = store::entry_sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::entries(&scope, store_credit_id), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::entries(&scope, store_credit_id)).await
            })
        });
        Ok(Some(StoreCreditEntryConnection::new(slice.map(|row| StoreCreditEntry(Arc::new(row), currency)), count)))
    }
}
