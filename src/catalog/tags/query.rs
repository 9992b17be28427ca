//! Reads of tags.

use async_graphql::{Context, Object};
use rules::ids::TagId;

use super::loaders::TagById;
use super::store::{self, TagFilter};
use super::types::{Tag, TagConnection, TagFilterInput, TagSort};
use crate::catalog::products::Viewer;
use crate::gate::directives::{CacheScope, cache_control, public};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

/// A tag, if the caller may see a product that carries it; staff see all.
impl ById for Tag {
    type Id = TagId;

    async fn by_id(ctx: &Ctx, id: TagId) -> Result<Option<Self>> {
        ctx.store_context()?;
        Ok(ctx.load::<TagById>(id).await?.map(Self))
    }
}

/// Reads of tags.
#[derive(Default)]
pub struct TagQuery;

// A tag may stand on drafts alone and tell what is coming: visitors see those of products that they see.
#[Object]
impl TagQuery {
    /// One tag, by its id or by its name. Null where the store has no such tag, or no product that you may
    /// see carries it and you do not hold PRODUCTS_READ.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    async fn tag(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The tag's id.")] id: Option<TagId>,
        #[graphql(desc = "The word; case and width do not count.")] name: Option<String>,
    ) -> Result<Option<Tag>> {
        let ctx = Ctx::of(gql)?;
        match (id, name) {
            (Some(id), None) => Tag::by_id(ctx, id).await,
            (None, Some(name)) => {
                let found = store::find_by_name(&ctx.store().await?, Viewer::of(ctx), &name).await?;
                Ok(found.map(Into::into))
            }
            _ => Err(Error::BadInput("Give either `id` or `name`.".to_owned())),
        }
    }

    /// The store's tags; without PRODUCTS_READ those of products that are published.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn tags(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which tags to list.")] filter: Option<TagFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: TagSort,
    ) -> Result<Option<TagConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter = TagFilter { viewer: Viewer::of(ctx), name_prefix: filter.unwrap_or_default().name_prefix };
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
        Ok(Some(TagConnection::new(slice.map(Into::into), count)))
    }
}
