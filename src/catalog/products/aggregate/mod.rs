//! A product with all its parts, and every change that can be made to it.
//!
//! Owns what must hold among the parts: each living variant names one value of every option, no two of
//! them the same ones, no two the same stock number, and there is at least one. A change is made to a copy
//! in memory; `save` compares the two and writes what differs. Never touches the database.

mod media;
mod options;
mod variants;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::catalog::{product_media, product_option_values, product_options, product_variants, products, tags};
use rules::ids::{ProductId, ProductOptionId, ProductOptionValueId, ProductVariantId, TypedId};
use rules::states::ProductStatus;
use rules::{ErrorCode, Problems};
use uuid::Uuid;

use super::draft::{Change, Others, ProductDetails, ProductDraft, VariantDraft};
use crate::kernel::{Ctx, text};

/// Gives new rows their time and their ids.
pub struct Mint<'a> {
    now: DateTime<Utc>,
    draw: Box<dyn Fn() -> Uuid + Send + Sync + 'a>,
}

impl<'a> Mint<'a> {
    /// From a request.
    pub fn of(ctx: &'a Ctx) -> Self {
        Self { now: ctx.now(), draw: Box::new(|| ctx.id::<ProductId>().0) }
    }

    #[cfg(test)]
    fn new(now: DateTime<Utc>, draw: impl Fn() -> Uuid + Send + Sync + 'a) -> Self {
        Self { now, draw: Box::new(draw) }
    }

    fn id<T: TypedId>(&self) -> T {
        T::from((self.draw)())
    }
}

/// A product with all its parts that live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductAggregate {
    /// The product itself.
    pub product: products::Model,
    /// Its text, cleaned.
    pub description_html: Option<String>,
    /// Its tags, in the order of their folded names.
    pub tags: Vec<tags::Model>,
    /// Its options in their order.
    pub options: Vec<OptionState>,
    /// Its media in their order.
    pub media: Vec<product_media::Model>,
    /// Its variants in their order.
    pub variants: Vec<VariantState>,
}

/// An option with its values in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionState {
    /// The option.
    pub row: product_options::Model,
    /// The values.
    pub values: Vec<product_option_values::Model>,
}

/// A variant with the values that make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantState {
    /// The variant.
    pub row: product_variants::Model,
    /// The value of each option.
    pub selected: BTreeMap<ProductOptionId, ProductOptionValueId>,
}

impl ProductAggregate {
    /// A product that has nothing yet but an id.
    pub fn new(store: rules::ids::StoreId, mint: &Mint<'_>) -> Self {
        Self {
            product: products::Model {
                store_id: store,
                id: mint.id(),
                title: String::new(),
                sort_title: String::new(),
                slug: String::new(),
                product_type: None,
                status: ProductStatus::Draft,
                published_at: None,
                brand_id: None,
                category_id: None,
                tax_category_id: None,
                seo_title: None,
                seo_description: None,
                external_id: None,
                version: 1,
                created_at: mint.now,
                updated_at: mint.now,
                deleted_at: None,
            },
            description_html: None,
            tags: Vec::new(),
            options: Vec::new(),
            media: Vec::new(),
            variants: Vec::new(),
        }
    }

    /// Makes a new product what a draft says. `tags` are the rows of the draft's tags. Gives the ids of
    /// the draft's variants in its order.
    pub fn fill(
        &mut self,
        draft: &ProductDraft,
        tags: Option<Vec<tags::Model>>,
        mint: &Mint<'_>,
        problems: &mut Problems,
    ) -> Vec<ProductVariantId> {
        if draft.details.title == Change::Keep {
            problems.add(ErrorCode::Required, "title", "Give a title.");
        }
        let ids = self.change(draft, tags, mint, problems);
        if self.product.slug.is_empty() {
            self.product.slug = text::slug(&self.product.title);
        }
        if self.product.slug.is_empty() && draft.details.title != Change::Keep {
            problems.add(ErrorCode::Required, "slug", "No slug can be made from this title: give one.");
        }
        ids
    }

    /// Brings the product to what a draft says. Gives the ids of the draft's variants in its order.
    pub fn change(
        &mut self,
        draft: &ProductDraft,
        tags: Option<Vec<tags::Model>>,
        mint: &Mint<'_>,
        problems: &mut Problems,
    ) -> Vec<ProductVariantId> {
        self.set_details(&draft.details, tags);
        if let Change::Set(media) = &draft.media {
            self.set_media(media, draft.others, mint, problems);
        }
        let mut lost = Vec::new();
        if let Change::Set(options) = &draft.options {
            lost = self.set_options(options, draft.others, mint, problems);
        }
        if draft.others == Others::Remove {
            lost.extend(self.repeated());
        }
        self.variants.retain(|variant| !lost.contains(&variant.row.id));
        if draft.variants.is_empty() && self.variants.is_empty() && self.options.is_empty() {
            self.put_variants(&[VariantDraft::default()], super::draft::listed, mint, problems);
            return Vec::new();
        }
        let ids = self.put_variants(&draft.variants, super::draft::listed, mint, problems);
        self.order_variants(&ids, draft.others);
        if self.variants.is_empty() {
            problems.add(ErrorCode::Required, "variants", "Give at least one variant.");
        }
        ids
    }

    /// Changes the fields of the product itself.
    pub fn set_details(&mut self, details: &ProductDetails, tags: Option<Vec<tags::Model>>) {
        let product = &mut self.product;
        if let Some(title) = details.title.set() {
            product.sort_title = text::sort_key(title);
            product.title.clone_from(title);
        }
        details.slug.put(&mut product.slug);
        details.product_type.put(&mut product.product_type);
        details.status.put(&mut product.status);
        details.published_at.put(&mut product.published_at);
        details.brand_id.put(&mut product.brand_id);
        details.category_id.put(&mut product.category_id);
        details.tax_category_id.put(&mut product.tax_category_id);
        details.seo_title.put(&mut product.seo_title);
        details.seo_description.put(&mut product.seo_description);
        details.external_id.put(&mut product.external_id);
        details.description_html.put(&mut self.description_html);
        if let Some(mut tags) = tags {
            tags.sort_by(|left, right| left.name_normalized.cmp(&right.name_normalized));
            self.tags = tags;
        }
    }

    /// Ends a change: what differs from `before` gets its next version and its time.
    pub fn stamp(&mut self, before: &Self, now: DateTime<Utc>) {
        for option in &mut self.options {
            let old = before.options.iter().find(|old| old.row.id == option.row.id);
            if old.is_some_and(|old| old.row != option.row) {
                option.row.updated_at = now;
            }
            for value in &mut option.values {
                let old = old.and_then(|old| old.values.iter().find(|old| old.id == value.id));
                if old.is_some_and(|old| old != value) {
                    value.updated_at = now;
                }
            }
        }
        for medium in &mut self.media {
            if before.media.iter().any(|old| old.id == medium.id && old != medium) {
                medium.updated_at = now;
            }
        }
        for variant in &mut self.variants {
            if before.variants.iter().any(|old| old.row.id == variant.row.id && old != variant) {
                variant.row.version += 1;
                variant.row.updated_at = now;
            }
        }
        let ids = |product: &Self| product.variants.iter().map(|variant| variant.row.id).collect::<Vec<_>>();
        let own_parts_differ = self.product != before.product
            || self.description_html != before.description_html
            || self.tags != before.tags
            || self.options != before.options
            || self.media != before.media
            || ids(self) != ids(before);
        if own_parts_differ {
            self.product.version = before.product.version + 1;
            self.product.updated_at = now;
        }
    }
}
