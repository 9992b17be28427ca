//! Reads of brands.

use async_graphql::{Context, Object};
use rules::ids::BrandId;
use rules::permission::Permission;

use super::loaders::BrandById;
use super::store::{self, BrandFilter};
use super::types::{Brand, BrandConnection, BrandFilterInput, BrandSort};
use crate::gate::directives::{CacheScope, cache_control, public};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for Brand {
    type Id = BrandId;

    async fn by_id(ctx: &Ctx, id: BrandId) -> Result<Option<Self>> {
        ctx.store_context()?;
        Ok(ctx.load::<BrandById>(id).await?.filter(|brand| brand.deleted_at.is_none()).map(Self))
    }
}

/// Reads of brands.
#[derive(Default)]
pub struct BrandQuery;

#[Object]
impl BrandQuery {
    /// One brand, by its id or by its slug. Null where the store has no such brand.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    async fn brand(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The brand's id.")] id: Option<BrandId>,
        #[graphql(desc = "The brand's name in addresses.")] slug: Option<String>,
    ) -> Result<Option<Brand>> {
        let ctx = Ctx::of(gql)?;
        match (id, slug) {
            (Some(id), None) => Brand::by_id(ctx, id).await,
            (None, Some(slug)) => Ok(store::find_by_slug(&ctx.store().await?, &slug).await?.map(Into::into)),
            _ => Err(Error::BadInput("Give either `id` or `slug`.".to_owned())),
        }
    }

    /// The store's brands.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn brands(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which brands to list.")] filter: Option<BrandFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: BrandSort,
    ) -> Result<Option<BrandConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: BrandFilter = filter.unwrap_or_default().into();
        if filter.deleted {
            ctx.require(Permission::CollectionsRead)?;
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
        Ok(Some(BrandConnection::new(slice.map(Into::into), count)))
    }
}
