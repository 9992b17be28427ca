//! What is told of prices.

use chrono::{DateTime, Utc};
use entity::pricing::{ALWAYS, prices};
use rules::Money;
use rules::ids::{PriceId, ProductId, ProductVariantId, SegmentId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A price as it was at one moment; also what the audit log keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceSnapshot {
    /// The id.
    pub id: PriceId,
    /// The product.
    pub product_id: ProductId,
    /// The variant; none where it holds for every variant of the product.
    pub variant_id: Option<ProductVariantId>,
    /// The segment of customers that it is for; none where it is for everybody.
    pub segment_id: Option<SegmentId>,
    /// From how many units on it holds.
    pub minimum_quantity: i32,
    /// What one unit costs.
    pub amount: Money,
    /// What one unit is said to have cost before.
    pub compare_at: Option<Money>,
    /// From when it holds; none for always.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when it holds, not included; none for no end.
    pub valid_to: Option<DateTime<Utc>>,
}

impl From<&prices::Model> for PriceSnapshot {
    fn from(row: &prices::Model) -> Self {
        let money = |minor| Money::from_minor(minor, row.currency);
        Self {
            id: row.id,
            product_id: row.product_id,
            variant_id: row.variant_id,
            segment_id: row.segment_id,
            minimum_quantity: row.minimum_quantity,
            amount: money(row.amount),
            compare_at: row.compare_at_amount.map(money),
            valid_from: Some(row.valid_from).filter(|from| *from != ALWAYS),
            valid_to: row.valid_to,
        }
    }
}

/// Prices of one product were set.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PricesSet {
    /// The product.
    pub product_id: ProductId,
    /// The new and the changed prices, as they are now.
    pub set: Vec<PriceSnapshot>,
    /// The prices that are gone, as they were.
    pub removed: Vec<PriceSnapshot>,
}

impl Event for PricesSet {
    const TOPIC: &'static str = "prices.set";
    const AGGREGATE: &'static str = "product";

    fn aggregate_id(&self) -> String {
        self.product_id.to_string()
    }
}

/// A price was deleted.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceDeleted {
    /// The price as it was.
    pub price: PriceSnapshot,
}

impl Event for PriceDeleted {
    const TOPIC: &'static str = "price.deleted";
    const AGGREGATE: &'static str = "product";

    fn aggregate_id(&self) -> String {
        self.price.product_id.to_string()
    }
}
