//! Reads of tax categories.

use async_graphql::{Context, Object};
use rules::ids::TaxCategoryId;
use rules::permission::Permission;

use super::loaders::TaxCategoryById;
use super::store;
use super::types::{TaxCategory, TaxCategoryConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

impl ById for TaxCategory {
    type Id = TaxCategoryId;

    async fn by_id(ctx: &Ctx, id: TaxCategoryId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::TaxesRead) {
            return Ok(None);
        }
        Ok(ctx.load::<TaxCategoryById>(id).await?.filter(|row| row.deleted_at.is_none()).map(Self))
    }
}

/// Reads of tax categories.
#[derive(Default)]
pub struct TaxCategoryQuery;

#[Object]
impl TaxCategoryQuery {
    /// One tax category. Null where the store has no such tax category.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    async fn tax_category(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The tax category's id.")] id: TaxCategoryId,
    ) -> Result<Option<TaxCategory>> {
        TaxCategory::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's tax categories, by name.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    async fn tax_categories(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<TaxCategoryConnection>> {
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
        Ok(Some(TaxCategoryConnection::new(slice.map(Into::into), count)))
    }
}
