//! Reads of categories.

use async_graphql::{Context, Object};
use rules::ids::CategoryId;
use rules::permission::Permission;

use super::loaders::CategoryById;
use super::store::{self, CategoryFilter};
use super::types::{Category, CategoryConnection, CategoryFilterInput, CategorySort};
use crate::gate::directives::{CacheScope, cache_control, public};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for Category {
    type Id = CategoryId;

    async fn by_id(ctx: &Ctx, id: CategoryId) -> Result<Option<Self>> {
        ctx.store_context()?;
        Ok(ctx.load::<CategoryById>(id).await?.filter(|row| row.deleted_at.is_none()).map(Self))
    }
}

/// Reads of categories.
#[derive(Default)]
pub struct CategoryQuery;

#[Object]
impl CategoryQuery {
    /// One category, by its id or by its slug. Null where the store has no such category.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    async fn category(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The category's id.")] id: Option<CategoryId>,
        #[graphql(desc = "The category's name in addresses.")] slug: Option<String>,
    ) -> Result<Option<Category>> {
        let ctx = Ctx::of(gql)?;
        match (id, slug) {
            (Some(id), None) => Category::by_id(ctx, id).await,
            (None, Some(slug)) => Ok(store::find_by_slug(&ctx.store().await?, &slug).await?.map(Into::into)),
            _ => Err(Error::BadInput("Give either `id` or `slug`.".to_owned())),
        }
    }

    /// The store's categories. `filter: { roots: true }` starts at the top of the tree.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn categories(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which categories to list.")] filter: Option<CategoryFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: CategorySort,
    ) -> Result<Option<CategoryConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: CategoryFilter = filter.unwrap_or_default().into();
        if filter.deleted {
            ctx.require(Permission::CollectionsRead)?;
        }
        if filter.roots && filter.parent.is_some() {
            return Err(Error::BadInput("Give either `parentId` or `roots`.".to_owned()));
        }
        let sort = store::sort(sort);
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope, &filter), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            let filter = filter.clone();
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, &filter)).await
            })
        });
        Ok(Some(CategoryConnection::new(slice.map(Into::into), count)))
    }
}
