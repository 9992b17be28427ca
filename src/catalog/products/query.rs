//! Reads of products.

use async_graphql::{Context, Object};
use rules::ids::{ProductId, ProductOptionId, ProductOptionValueId};
use rules::permission::Permission;

use super::loaders::{OptionsByProduct, ProductById, ProductByOption, ProductByOptionValue};
use super::store::{self, Viewer};
use super::types::{Product, ProductConnection, ProductFilterInput, ProductOption, ProductOptionValue, ProductSort};
use crate::gate::directives::{CacheScope, cache_control, public};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for Product {
    type Id = ProductId;

    async fn by_id(ctx: &Ctx, id: ProductId) -> Result<Option<Self>> {
        ctx.store_context()?;
        let row = ctx.load::<ProductById>(id).await?;
        Ok(row.filter(|row| Viewer::of(ctx).sees(row)).map(Self))
    }
}

/// An option, if the caller may see its product.
impl ById for ProductOption {
    type Id = ProductOptionId;

    async fn by_id(ctx: &Ctx, id: ProductOptionId) -> Result<Option<Self>> {
        ctx.store_context()?;
        let Some(product) = ctx.load::<ProductByOption>(id).await? else { return Ok(None) };
        if Product::by_id(ctx, product).await?.is_none() {
            return Ok(None);
        }
        let options = ctx.load::<OptionsByProduct>(product).await?;
        Ok(options.iter().find(|option| option.row.id == id).map(Into::into))
    }
}

/// A value of an option, if the caller may see its product.
impl ById for ProductOptionValue {
    type Id = ProductOptionValueId;

    async fn by_id(ctx: &Ctx, id: ProductOptionValueId) -> Result<Option<Self>> {
        ctx.store_context()?;
        let Some(product) = ctx.load::<ProductByOptionValue>(id).await? else { return Ok(None) };
        if Product::by_id(ctx, product).await?.is_none() {
            return Ok(None);
        }
        let options = ctx.load::<OptionsByProduct>(product).await?;
        Ok(options.iter().flat_map(|option| &option.values).find(|value| value.id == id).map(Into::into))
    }
}

/// Reads of products.
#[derive(Default)]
pub struct ProductQuery;

#[Object]
impl ProductQuery {
    /// One product, by its id, by its slug or by its id in the merchant's other system. Null where the
    /// store has no such product, or the caller may not see it.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    async fn product(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The product's id.")] id: Option<ProductId>,
        #[graphql(desc = "The product's name in addresses.")] slug: Option<String>,
        #[graphql(desc = "The product's id in the merchant's other system; needs PRODUCTS_READ.")] external_id: Option<
            String,
        >,
    ) -> Result<Option<Product>> {
        let ctx = Ctx::of(gql)?;
        let found = match (id, slug, external_id) {
            (Some(id), None, None) => return Product::by_id(ctx, id).await,
            (None, Some(slug), None) => store::find_by_slug(&ctx.store().await?, &slug).await?,
            (None, None, Some(id)) => {
                ctx.require(Permission::ProductsRead)?;
                store::find_by_external_id(&ctx.store().await?, &id).await?
            }
            _ => return Err(Error::BadInput("Give one of `id`, `slug` and `externalId`.".to_owned())),
        };
        Ok(found.filter(|row| Viewer::of(ctx).sees(row)).map(Into::into))
    }

    /// The store's products. Storefronts see those that are active and published.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn products(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which products to list.")] filter: Option<ProductFilterInput>,
        #[graphql(desc = "In which order.", default)] sort: ProductSort,
    ) -> Result<Option<ProductConnection>> {
        let ctx = Ctx::of(gql)?;
        let mut filter = match filter {
            Some(filter) => filter.read(ctx)?,
            None => store::ProductFilter::all(ctx)?,
        };
        filter.priced = sort.needs_price();
        filter.hand_made_order = sort == ProductSort::Collection;
        if filter.hand_made_order && filter.collection.is_none() {
            return Err(Error::BadInput("The sort COLLECTION needs `filter.collectionId`.".to_owned()));
        }
        let sort = store::sort(sort, filter.currency);
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = store::fetch(ctx, &scope, &filter, &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            let filter = filter.clone();
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, &filter)).await
            })
        });
        Ok(Some(ProductConnection::new(slice.map(Into::into), count)))
    }
}
