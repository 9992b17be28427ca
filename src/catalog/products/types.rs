//! How products look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::catalog::{product_option_values, products};
use rules::ids::{BrandId, CategoryId, CollectionId, ProductId, ProductOptionId, ProductOptionValueId};
use rules::permission::Permission;
use rules::states::ProductStatus;
use rules::{Decimal, Money};

use super::aggregate::OptionState;
use super::loaders::{DescriptionByProduct, OptionsByProduct, PageInside, ProductCountInside, ProductsInside};
use super::store::{self, Parent, ProductFilter};
use crate::catalog::brands::{Brand, BrandById};
use crate::catalog::categories::{Category, CategoryById};
use crate::catalog::media::{MediaByProduct, ProductMedia};
use crate::catalog::tags::TagsByProduct;
use crate::catalog::variants::{ProductVariant, VariantsByProduct};
use crate::gate::directives::{cost, requires};
use crate::kernel::graph::{Load, object};
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{Ctx, Error, Result};
use crate::pricing::{Price, PriceRange, PriceRangeByProduct, PricesByProduct};
use crate::shipping::profiles::{ShippingProfile, ShippingProfileByProduct};
use crate::tax::categories::{TaxCategory, TaxCategoryById};
use crate::{connection, payload};

/// A thing that is sold, in one or more variants.
#[derive(Clone)]
pub struct Product(pub Arc<products::Model>);

impl From<products::Model> for Product {
    fn from(row: products::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A thing that is sold, in one or more variants.
#[object]
impl Product {
    /// The product's id.
    fn id(&self) -> ProductId {
        self.0.id
    }

    /// The name to show.
    fn title(&self) -> &str {
        &self.0.title
    }

    /// The name in addresses; unique in the store.
    fn slug(&self) -> &str {
        &self.0.slug
    }

    /// What there is to say of it, as HTML that is safe to show.
    fn description_html(&self) -> Load<DescriptionByProduct, Option<Arc<str>>> {
        Load::<DescriptionByProduct, _>::of(self.0.id, |html| html)
    }

    /// The merchant's own word for what it is.
    fn product_type(&self) -> Option<&str> {
        self.0.product_type.as_deref()
    }

    /// Where it stands between draft and archive.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    fn status(&self) -> Option<ProductStatus> {
        Some(self.0.status)
    }

    /// From when storefronts show it, if it is active; null hides it.
    fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }

    /// Who makes it.
    fn brand(&self) -> Load<BrandById, Option<Brand>> {
        Load::<BrandById, _>::maybe(self.0.brand_id, |brand| {
            brand.filter(|brand| brand.deleted_at.is_none()).map(Brand)
        })
    }

    /// Where it stands in the store's tree.
    fn category(&self) -> Load<CategoryById, Option<Category>> {
        Load::<CategoryById, _>::maybe(self.0.category_id, |category| {
            category.filter(|category| category.deleted_at.is_none()).map(Category)
        })
    }

    /// What it is to the tax office; null belongs to the store's default category.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    fn tax_category(&self) -> Load<TaxCategoryById, Option<TaxCategory>> {
        TaxCategory::of(self.0.tax_category_id)
    }

    /// How it is shipped: the profile that it was put into, else the store's default.
    #[graphql(directive = requires::apply(Permission::ShippingRead))]
    fn shipping_profile(&self) -> Load<ShippingProfileByProduct, Option<ShippingProfile>> {
        ShippingProfile::of_product(self.0.id)
    }

    /// The words that it is marked with, in the order of the alphabet.
    fn tags(&self) -> Load<TagsByProduct, Vec<String>> {
        Load::<TagsByProduct, _>::of(self.0.id, |tags| tags.iter().map(|tag| tag.name.clone()).collect())
    }

    /// What a buyer chooses by; empty where there is one variant only. At most 3.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn options(&self) -> Load<OptionsByProduct, Vec<ProductOption>> {
        Load::<OptionsByProduct, _>::of(self.0.id, |options| options.iter().map(ProductOption::from).collect())
    }

    /// What can be bought, in the merchant's order. At most 250.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn variants(&self) -> Load<VariantsByProduct, Vec<ProductVariant>> {
        Load::<VariantsByProduct, _>::of(self.0.id, |rows| rows.into_iter().map(ProductVariant).collect())
    }

    /// What the cheapest and the dearest variant cost now in the currency of the request, one unit each; null
    /// where none has a price in it.
    fn price_range(&self) -> Load<PriceRangeByProduct, Option<PriceRange>> {
        PriceRange::of(self.0.id)
    }

    /// The prices set on the product, for each variant that has none of its own; in every currency and over
    /// every time, the oldest first. At most 100.
    #[graphql(directive = requires::apply(Permission::PricesRead), directive = cost::apply(1, Some(5)))]
    fn prices(&self) -> Load<PricesByProduct, Option<Vec<Price>>> {
        Price::of_product(self.0.id)
    }

    /// Pictures and films, in the merchant's order. At most 250.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn media(&self) -> Load<MediaByProduct, Vec<ProductMedia>> {
        Load::<MediaByProduct, _>::of(self.0.id, |rows| rows.into_iter().map(ProductMedia).collect())
    }

    /// The first of the media.
    fn featured_media(&self) -> Load<MediaByProduct, Option<ProductMedia>> {
        Load::<MediaByProduct, _>::of(self.0.id, |rows| rows.into_iter().next().map(ProductMedia))
    }

    /// What search engines are told.
    fn seo(&self) -> Seo {
        Seo { title: self.0.seo_title.clone(), description: self.0.seo_description.clone() }
    }

    /// The product's id in the merchant's other system.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// Goes up with each change of the product, its options, tags, media, or set of variants; send it
    /// back as `expectedVersion`. A variant has a version of its own.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// What search engines are told of a page.
#[object]
pub struct Seo {
    /// The title; the page's own where it is null.
    title: Option<String>,
    /// The description.
    description: Option<String>,
}

/// A thing that a buyer chooses by, such as the size.
#[object]
#[derive(Clone)]
pub struct ProductOption {
    /// The option's id.
    pub id: ProductOptionId,
    /// The name to show; unique in the product.
    name: String,
    /// The place among the product's options, from 0.
    position: i32,
    /// What can be chosen. At most 100.
    #[graphql(directive = cost::apply(1, Some(5)))]
    values: Vec<ProductOptionValue>,
}

/// One answer to an option, such as large.
#[object]
#[derive(Clone)]
pub struct ProductOptionValue {
    /// The value's id.
    pub id: ProductOptionValueId,
    /// The name to show; unique in the option.
    name: String,
}

impl From<&OptionState> for ProductOption {
    fn from(option: &OptionState) -> Self {
        let values = option.values.iter();
        Self {
            id: option.row.id,
            name: option.row.name.clone(),
            position: option.row.position,
            values: values.map(Into::into).collect(),
        }
    }
}

impl From<&product_option_values::Model> for ProductOptionValue {
    fn from(row: &product_option_values::Model) -> Self {
        Self { id: row.id, name: row.name.clone() }
    }
}

/// Which products to list. All conditions must hold.
#[derive(InputObject, Clone)]
pub struct ProductFilterInput {
    /// Only these; at most 250.
    ids: Option<Vec<ProductId>>,
    /// Only those in this category.
    category_id: Option<CategoryId>,
    /// Whether those in the categories below `categoryId` count too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// Only those in this collection.
    collection_id: Option<CollectionId>,
    /// Only those of this brand.
    brand_id: Option<BrandId>,
    /// Only those with this tag; case does not count.
    tag: Option<String>,
    /// Only those that can be bought in this range of prices, in the currency of the request: the range
    /// of the product's own prices must meet it. Products without a price in that currency are left out.
    price: Option<PriceRangeInput>,
    /// Only those in this state; needs PRODUCTS_READ.
    status: Option<ProductStatus>,
    /// Only those that storefronts show now, or only those that they don't; needs PRODUCTS_READ.
    published: Option<bool>,
    /// The deleted ones instead of the living; needs PRODUCTS_READ.
    #[graphql(default)]
    deleted: bool,
}

/// A range of prices in the currency of the request. An end that is left out is open.
#[derive(InputObject, Default, Clone)]
pub struct PriceRangeInput {
    /// The lowest price, included.
    min: Option<Decimal>,
    /// The highest price, included.
    max: Option<Decimal>,
}

impl ProductFilterInput {
    /// Reads the filter for a caller.
    ///
    /// # Errors
    /// `Forbidden` where it would tell of what the caller may not see; `BadInput`.
    pub fn read(self, ctx: &Ctx) -> Result<ProductFilter> {
        let reveals = self.status.is_some() || self.published.is_some() || self.deleted;
        if reveals {
            ctx.require(Permission::ProductsRead)?;
        }
        let most = ctx.settings().input_list_max;
        if self.ids.as_ref().is_some_and(|ids| ids.len() > most) {
            return Err(Error::BadInput(format!("`ids` takes at most {most}.")));
        }
        let all = ProductFilter::all(ctx)?;
        let minor = |amount: Option<Decimal>| {
            let money = amount.map(|amount| Money::try_from_decimal(amount, all.currency)).transpose();
            money.map(|money| money.map(Money::minor)).map_err(|problem| Error::BadInput(problem.message))
        };
        let price = match self.price {
            Some(price) => Some((minor(price.min)?, minor(price.max)?)),
            None => None,
        };
        Ok(ProductFilter {
            ids: self.ids,
            category: self.category_id.map(|category| (category, self.include_descendants)),
            collection: self.collection_id,
            brand: self.brand_id,
            tag: self.tag,
            price,
            status: self.status,
            published: self.published,
            deleted: self.deleted,
            ..all
        })
    }
}

/// In which order products are listed.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProductSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By title, from A to Z.
    Title,
    /// By title, from Z to A.
    TitleDesc,
    /// By the lowest price of a variant in the currency of the request, the cheapest first. Products
    /// without a price in that currency are left out.
    Price,
    /// By the lowest price of a variant in the currency of the request, the dearest first. Products
    /// without a price in that currency are left out.
    PriceDesc,
    /// In the merchant's own order of the collection that they are asked of, or that `filter.collectionId`
    /// names.
    Collection,
}

impl ProductSort {
    /// Whether only products with a price stand in it.
    pub fn needs_price(self) -> bool {
        matches!(self, Self::Price | Self::PriceDesc)
    }
}

connection!(ProductConnection, ProductEdge, Product, "products");

impl ProductConnection {
    /// A page of the products inside a category or a collection that the caller may see.
    ///
    /// # Errors
    /// `BadInput` for a page out of bounds, a cursor of another list, or a category's products in the order
    /// of a collection.
    pub fn inside(
        ctx: &Ctx,
        parent: Parent,
        sort: ProductSort,
        page: PageArgs,
    ) -> Result<Load<ProductsInside, Option<Self>>> {
        if sort == ProductSort::Collection && !matches!(parent, Parent::Collection(_)) {
            return Err(Error::BadInput("The sort COLLECTION is for the products of a collection.".to_owned()));
        }
        let page = page.read(ctx, &store::sort(sort, ctx.currency()?))?;
        Ok(Load::<ProductsInside, _>::of(PageInside { parent, sort, page }, move |slice| {
            let count: page::Count = Box::new(move |ctx| {
                Box::pin(async move { ctx.load::<ProductCountInside>((parent, sort.needs_price())).await })
            });
            Some(Self::new(slice.map(Product), count))
        }))
    }
}

payload! {
    /// The answer of `productCreate`.
    ProductCreatePayload {
        /// The new product.
        product: Product,
    }
}

payload! {
    /// The answer of `productUpdate`.
    ProductUpdatePayload {
        /// The product as it is now.
        product: Product,
    }
}

payload! {
    /// The answer of `productDelete`.
    ProductDeletePayload {
        /// The id of the deleted product.
        deleted_product_id: ProductId,
    }
}

payload! {
    /// The answer of `productRestore`.
    ProductRestorePayload {
        /// The product as it is now.
        product: Product,
    }
}

payload! {
    /// The answer of `productPublish`.
    ProductPublishPayload {
        /// The product as it is now.
        product: Product,
    }
}

payload! {
    /// The answer of `productUnpublish`.
    ProductUnpublishPayload {
        /// The product as it is now.
        product: Product,
    }
}

payload! {
    /// The answer of `productOptionsSet`.
    ProductOptionsSetPayload {
        /// The product as it is now.
        product: Product,
    }
}
