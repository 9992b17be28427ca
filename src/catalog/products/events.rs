//! What is told of products. Their snapshots are also what the audit log keeps.

use chrono::{DateTime, Utc};
use entity::catalog::product_media;
use rules::Currency;
use rules::ids::{
    BrandId, CategoryId, ProductId, ProductMediaId, ProductOptionId, ProductOptionValueId, ProductVariantId,
    TaxCategoryId,
};
use rules::states::{MediaKind, ProductStatus};
use serde::Serialize;

use super::aggregate::{OptionState, ProductAggregate, VariantState};
use crate::kernel::outbox::Event;

/// A product as it was at one moment, with all its parts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of the product")]
pub struct ProductSnapshot {
    pub id: ProductId,
    pub title: String,
    pub slug: String,
    pub description_html: Option<String>,
    pub product_type: Option<String>,
    pub status: ProductStatus,
    pub published_at: Option<DateTime<Utc>>,
    pub brand_id: Option<BrandId>,
    pub category_id: Option<CategoryId>,
    pub tax_category_id: Option<TaxCategoryId>,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub external_id: Option<String>,
    pub tags: Vec<String>,
    pub options: Vec<OptionSnapshot>,
    pub media: Vec<MediaSnapshot>,
    pub variants: Vec<VariantSnapshot>,
    pub version: i64,
}

/// An option as it was at one moment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionSnapshot {
    pub id: ProductOptionId,
    pub name: String,
    pub values: Vec<OptionValueSnapshot>,
}

/// A value as it was at one moment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionValueSnapshot {
    pub id: ProductOptionValueId,
    pub name: String,
}

/// A medium as it was at one moment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of the medium")]
pub struct MediaSnapshot {
    pub id: ProductMediaId,
    pub product_id: ProductId,
    pub kind: MediaKind,
    pub url: String,
    pub alt: Option<String>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub position: i32,
}

/// A variant as it was at one moment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of the variant")]
pub struct VariantSnapshot {
    pub id: ProductVariantId,
    pub product_id: ProductId,
    pub title: String,
    pub selected_options: Vec<SelectedOptionSnapshot>,
    pub sku: Option<String>,
    pub barcode: Option<String>,
    pub weight_grams: Option<i64>,
    pub requires_shipping: bool,
    pub taxable: bool,
    pub tax_category_id: Option<TaxCategoryId>,
    pub tax_code: Option<String>,
    /// In minor units.
    pub cost_amount: Option<i64>,
    pub cost_currency: Option<Currency>,
    pub media_id: Option<ProductMediaId>,
    pub position: i32,
    pub external_id: Option<String>,
    pub version: i64,
}

/// What a variant answered to an option at one moment.
#[derive(Debug, Serialize)]
pub struct SelectedOptionSnapshot {
    pub name: String,
    pub value: String,
}

impl From<&ProductAggregate> for ProductSnapshot {
    fn from(whole: &ProductAggregate) -> Self {
        let row = &whole.product;
        Self {
            id: row.id,
            title: row.title.clone(),
            slug: row.slug.clone(),
            description_html: whole.description_html.clone(),
            product_type: row.product_type.clone(),
            status: row.status,
            published_at: row.published_at,
            brand_id: row.brand_id,
            category_id: row.category_id,
            tax_category_id: row.tax_category_id,
            seo_title: row.seo_title.clone(),
            seo_description: row.seo_description.clone(),
            external_id: row.external_id.clone(),
            tags: whole.tags.iter().map(|tag| tag.name.clone()).collect(),
            options: whole.options.iter().map(OptionSnapshot::from).collect(),
            media: whole.media.iter().map(MediaSnapshot::from).collect(),
            variants: whole.variants.iter().map(|variant| VariantSnapshot::of(variant, &whole.options)).collect(),
            version: row.version,
        }
    }
}

impl From<&OptionState> for OptionSnapshot {
    fn from(option: &OptionState) -> Self {
        let values = option.values.iter();
        Self {
            id: option.row.id,
            name: option.row.name.clone(),
            values: values.map(|row| OptionValueSnapshot { id: row.id, name: row.name.clone() }).collect(),
        }
    }
}

impl From<&product_media::Model> for MediaSnapshot {
    fn from(row: &product_media::Model) -> Self {
        Self {
            id: row.id,
            product_id: row.product_id,
            kind: row.kind,
            url: row.url.clone(),
            alt: row.alt.clone(),
            width: row.width,
            height: row.height,
            position: row.position,
        }
    }
}

impl VariantSnapshot {
    /// A variant of a product with these options.
    pub fn of(variant: &VariantState, options: &[OptionState]) -> Self {
        let row = &variant.row;
        let selected = options.iter().filter_map(|option| {
            let value = variant.selected.get(&option.row.id)?;
            let value = option.values.iter().find(|row| row.id == *value)?;
            Some(SelectedOptionSnapshot { name: option.row.name.clone(), value: value.name.clone() })
        });
        Self {
            id: row.id,
            product_id: row.product_id,
            title: row.title.clone(),
            selected_options: selected.collect(),
            sku: row.sku.clone(),
            barcode: row.barcode.clone(),
            weight_grams: row.weight_grams,
            requires_shipping: row.requires_shipping,
            taxable: row.taxable,
            tax_category_id: row.tax_category_id,
            tax_code: row.tax_code.clone(),
            cost_amount: row.cost_amount,
            cost_currency: row.cost_currency,
            media_id: row.media_id,
            position: row.position,
            external_id: row.external_id.clone(),
            version: row.version,
        }
    }

    /// One variant of a product.
    pub fn find(product: &ProductAggregate, id: ProductVariantId) -> Option<Self> {
        let variant = product.variants.iter().find(|variant| variant.row.id == id)?;
        Some(Self::of(variant, &product.options))
    }
}

macro_rules! product_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The product after the change, or before it was deleted.
                pub product: ProductSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "product";

                fn aggregate_id(&self) -> String {
                    self.product.id.to_string()
                }
            }
        )+
    };
}

product_events! {
    /// A product was created.
    ProductCreated = "product.created",
    /// A product was changed.
    ProductUpdated = "product.updated",
    /// A product was deleted.
    ProductDeleted = "product.deleted",
    /// A deleted product was brought back.
    ProductRestored = "product.restored",
    /// A product was published, now or for a later time.
    ProductPublished = "product.published",
    /// A product was taken out of the storefronts.
    ProductUnpublished = "product.unpublished",
    /// A product got other options.
    ProductOptionsSet = "product_options.set",
}
