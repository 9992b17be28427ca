//! Reads of tags.

use async_graphql::{Context, Object};
use rules::ids::TagId;
use rules::permission::Permission;

use super::loaders::TagById;
use super::store::{self, TagFilter};
use super::types::{Tag, TagConnection, TagFilterInput, TagSort};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for Tag {
    type Id = TagId;

    async fn by_id(ctx: &Ctx, id: TagId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::ProductsRead) {
            return Ok(None);
        }
        Ok(ctx.load::<TagById>(id).await?.map(Self))
    }
}

/// Reads of tags.
#[derive(Default)]
pub struct TagQuery;

// A tag may stand on drafts alone and tell what is coming, so the whole list is for staff.
#[Object]
impl TagQuery {
    /// One tag, by its id or by its name. Null where the store has no such tag.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    async fn tag(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The tag's id.")] id: Option<TagId>,
        #[graphql(desc = "The word; case and width do not count.")] name: Option<String>,
    ) -> Result<Option<Tag>> {
        let ctx = Ctx::of(gql)?;
        match (id, name) {
            (Some(id), None) => Tag::by_id(ctx, id).await,
            (None, Some(name)) => Ok(store::find_by_name(&ctx.store().await?, &name).await?.map(Into::into)),
            _ => Err(Error::BadInput("Give either `id` or `name`.".to_owned())),
        }
    }

    /// The store's tags, those of products that are not published too.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
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
        let filter: TagFilter = filter.unwrap_or_default().into();
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
