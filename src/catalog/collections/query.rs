//! Reads of collections.

use async_graphql::{Context, Object};
use rules::ids::CollectionId;
use rules::permission::Permission;

use super::is_shown;
use super::loaders::CollectionById;
use super::store::{self, CollectionFilter};
use super::types::{Collection, CollectionConnection, CollectionFilterInput, CollectionSort};
use crate::gate::directives::{CacheScope, cache_control, public};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for Collection {
    type Id = CollectionId;

    async fn by_id(ctx: &Ctx, id: CollectionId) -> Result<Option<Self>> {
        ctx.store_context()?;
        Ok(ctx.load::<CollectionById>(id).await?.filter(|row| is_shown(ctx, row)).map(Self))
    }
}

/// Reads of collections.
#[derive(Default)]
pub struct CollectionQuery;

#[Object]
impl CollectionQuery {
    /// One collection, by its id or by its slug. Null where the store has no such collection, or it is not
    /// published and the caller does not hold COLLECTIONS_READ.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    async fn collection(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The collection's id.")] id: Option<CollectionId>,
        #[graphql(desc = "The collection's name in addresses.")] slug: Option<String>,
    ) -> Result<Option<Collection>> {
        let ctx = Ctx::of(gql)?;
        match (id, slug) {
            (Some(id), None) => Collection::by_id(ctx, id).await,
            (None, Some(slug)) => {
                let found = store::find_by_slug(&ctx.store().await?, &slug).await?;
                Ok(found.filter(|row| is_shown(ctx, row)).map(Into::into))
            }
            _ => Err(Error::BadInput("Give either `id` or `slug`.".to_owned())),
        }
    }

    /// The store's collections; without COLLECTIONS_READ those that are published.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn collections(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which collections to list.")] filter: Option<CollectionFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: CollectionSort,
    ) -> Result<Option<CollectionConnection>> {
        let ctx = Ctx::of(gql)?;
        let input = filter.unwrap_or_default();
        if input.deleted || input.published.is_some() {
            ctx.require(Permission::CollectionsRead)?;
        }
        let sees_all = ctx.may(Permission::CollectionsRead);
        let published = if sees_all { input.published } else { Some(true) };
        let filter = CollectionFilter {
            title_prefix: input.title_prefix,
            published: published.map(|published| (published, ctx.now())),
            deleted: input.deleted,
        };
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
        Ok(Some(CollectionConnection::new(slice.map(Into::into), count)))
    }
}
