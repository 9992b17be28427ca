//! `productUpdate`: what is known of a product changes.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use rules::Problems;
use rules::ids::{BrandId, CategoryId, ProductId, TaxCategoryId};
use rules::states::ProductStatus;

use super::super::draft::ProductDetails;
use super::super::events::{ProductSnapshot, ProductUpdated};
use super::super::save;
use super::super::types::Product;
use super::SeoInput;
use crate::catalog::ListingChanged;
use crate::kernel::{Action, Audit, Ctx, Result};

/// What changes of a product. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct ProductUpdateInput {
    /// The name to show.
    pub title: Option<String>,
    /// The name in addresses.
    pub slug: Option<String>,
    /// What there is to say of it, as HTML; cleaned when it is stored.
    pub description_html: MaybeUndefined<String>,
    /// The merchant's own word for what it is.
    pub product_type: MaybeUndefined<String>,
    /// Where it stands between draft and archive.
    pub status: Option<ProductStatus>,
    /// From when storefronts show it, if it is active; null hides it.
    pub published_at: MaybeUndefined<DateTime<Utc>>,
    /// Who makes it.
    pub brand_id: MaybeUndefined<BrandId>,
    /// Where it stands in the store's tree.
    pub category_id: MaybeUndefined<CategoryId>,
    /// What it is to the tax office; null is the store's default category.
    pub tax_category_id: MaybeUndefined<TaxCategoryId>,
    /// What search engines are told.
    pub seo: MaybeUndefined<SeoInput>,
    /// The product's id in the merchant's other system.
    pub external_id: MaybeUndefined<String>,
    /// The words that it is marked with, all of them; at most 100. Those that are new to the store are made.
    pub tags: Option<Vec<String>>,
}

/// Changes the product.
pub async fn run<R: ListingChanged>(
    ctx: &Ctx,
    (id, input, expected): (ProductId, ProductUpdateInput, Option<i32>),
) -> Result<Product> {
    let (seo_title, seo_description) = super::seo(input.seo);
    let details = ProductDetails {
        title: input.title.into(),
        slug: input.slug.into(),
        description_html: input.description_html.into(),
        product_type: input.product_type.into(),
        status: input.status.into(),
        published_at: input.published_at.into(),
        brand_id: input.brand_id.into(),
        category_id: input.category_id.into(),
        tax_category_id: input.tax_category_id.into(),
        seo_title,
        seo_description,
        external_id: input.external_id.into(),
        tags: input.tags.into(),
    };
    let details = details.check(Problems::new())?;

    let mut tx = ctx.begin_store(Action::ProductUpdate).await?;
    let mut edit = save::open(&tx, id, expected).await?;
    let tags = save::references(&tx, &details, Some(&edit.before)).await?;
    edit.after.set_details(&details, tags);
    let edit = edit.close(&tx, Problems::new()).await?;
    if edit.before.product.category_id != edit.after.product.category_id {
        R::listing_changed(&tx, &[id]).await?;
    }
    let (before, after) = (ProductSnapshot::from(&edit.before), ProductSnapshot::from(&edit.after));
    let audit = Audit::updated("product", id, &before, &after);
    tx.emit(&ProductUpdated { product: after })?;
    tx.commit(audit).await?;
    Ok(edit.after.product.into())
}
