//! The rows of a product as the rules have them.
//!
//! Owns the way from the table to `rules::pricing`, and from its ranges back to their table. Never reads
//! the database.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::pricing::{ALWAYS, prices, product_price_ranges};
use rules::Money;
use rules::ids::{CategoryId, ProductId, ProductVariantId, SegmentId, StoreId};
use rules::pricing::{PriceLevel, PriceRow};

/// A product, and the category that it stands in.
pub type Placed = (ProductId, Option<CategoryId>);

/// The prices of one product and its variants.
#[derive(Debug, Default)]
pub struct Rows {
    of_product: Vec<PriceRow>,
    of_variants: HashMap<ProductVariantId, Vec<PriceRow>>,
    /// The segments of the customer that the rows are read for: what the resolver is to be asked with.
    segments: Arc<[SegmentId]>,
}

impl Rows {
    /// The rows that can hold for a variant: its own and those of its product.
    pub fn of(&self, variant: ProductVariantId) -> impl Iterator<Item = &PriceRow> + Clone {
        self.of_variants.get(&variant).into_iter().flatten().chain(&self.of_product)
    }

    /// The segments of the customer that the rows are read for.
    pub fn segments(&self) -> &[SegmentId] {
        &self.segments
    }

    /// The same rows, read for a customer of these segments.
    pub fn for_segments(mut self, segments: Arc<[SegmentId]>) -> Self {
        self.segments = segments;
        self
    }

    /// Takes one more, as the table has it.
    pub fn add(&mut self, model: &prices::Model) {
        self.push(model.variant_id, price_row(model));
    }

    /// Takes one more: of a variant, or of the product itself.
    pub fn push(&mut self, variant: Option<ProductVariantId>, row: PriceRow) {
        match variant {
            Some(variant) => self.of_variants.entry(variant).or_default().push(row),
            None => self.of_product.push(row),
        }
    }

    /// The ranges over the variants that live, as their table has them, in the order of its keys.
    pub fn ranges(
        &self,
        store_id: StoreId,
        (product_id, category_id): Placed,
        variants: &[ProductVariantId],
        now: DateTime<Utc>,
    ) -> Vec<product_price_ranges::Model> {
        let ranges = rules::pricing::ranges(variants.iter().map(|variant| self.of(*variant)));
        let rows = ranges.into_iter().map(|range| product_price_ranges::Model {
            store_id,
            product_id,
            currency: range.currency,
            valid_from: range.valid_from.unwrap_or(ALWAYS),
            valid_to: range.valid_to,
            min_amount: range.min.minor(),
            max_amount: range.max.minor(),
            category_id,
            updated_at: now,
        });
        rows.collect()
    }
}

impl<'a> FromIterator<&'a prices::Model> for Rows {
    fn from_iter<I: IntoIterator<Item = &'a prices::Model>>(models: I) -> Self {
        let mut rows = Self::default();
        models.into_iter().for_each(|model| rows.add(model));
        rows
    }
}

fn price_row(model: &prices::Model) -> PriceRow {
    let money = |minor| Money::from_minor(minor, model.currency);
    PriceRow {
        id: model.id,
        level: level(model.variant_id),
        segment: model.segment_id,
        minimum_quantity: model.minimum_quantity,
        amount: money(model.amount),
        compare_at: model.compare_at_amount.map(money),
        valid_from: beginning(model.valid_from),
        valid_to: model.valid_to,
    }
}

/// What a row is set on.
pub fn level(variant: Option<ProductVariantId>) -> PriceLevel {
    if variant.is_some() { PriceLevel::Variant } else { PriceLevel::Product }
}

/// When a row begins; none where it always held.
pub fn beginning(valid_from: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(valid_from).filter(|from| *from != ALWAYS)
}

/// Whether two lists of ranges, in the order of their keys, say the same.
pub fn same_ranges(stored: &[&product_price_ranges::Model], made: &[product_price_ranges::Model]) -> bool {
    let said = |range: &product_price_ranges::Model| {
        (range.currency, range.valid_from, range.valid_to, range.min_amount, range.max_amount, range.category_id)
    };
    stored.len() == made.len() && stored.iter().zip(made).all(|(one, other)| said(one) == said(other))
}
