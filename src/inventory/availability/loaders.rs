//! What visitors are told of the variants of many products, in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use rules::ids::{ProductId, ProductVariantId};
use rules::states::InventoryPolicy;
use rules::stock::{Level, Rule, availability};

use super::store::{self, Row};
use super::types::Availability;
use crate::inventory::settings;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// What is told of each variant of a product. The key is the product and not the variant: whoever shows one
/// variant shows its siblings' too, and a page of products with all their variants stays one statement.
pub struct AvailabilityByProduct;

impl Batch for AvailabilityByProduct {
    type Key = ProductId;
    type Value = Arc<HashMap<ProductVariantId, Availability>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let rows = store::list_by_products(&ctx.store().await?, keys, ctx.now()).await?;
        let mut products: HashMap<ProductId, HashMap<ProductVariantId, Availability>> = HashMap::new();
        for rows in rows.chunk_by(|one, other| one.variant_id == other.variant_id) {
            let first = &rows[0];
            let told = Availability::new(
                availability(rule(first), &levels(rows), settings::told(first.low_stock, first.shows_counts)),
                first.expected_at.filter(|expected| *expected > ctx.now()),
            );
            products.entry(first.product_id).or_default().insert(first.variant_id, told);
        }
        Ok(products.into_iter().map(|(product, variants)| (product, Arc::new(variants))).collect())
    }
}

/// How a variant is sold. One whose stock was never set is counted, and there is nothing of it.
fn rule(row: &Row) -> Rule {
    Rule {
        tracked: row.tracked.unwrap_or(true),
        policy: row.policy.unwrap_or(InventoryPolicy::Deny),
        backorder_limit: row.backorder_limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX)),
    }
}

fn levels(rows: &[Row]) -> Vec<Level> {
    let level = |row: &Row| {
        Some(Level {
            location: row.location_id?,
            on_hand: row.on_hand?,
            reserved: row.reserved?,
            held: row.held.unwrap_or_default(),
            safety: row.safety_stock.unwrap_or_default(),
        })
    };
    rows.iter().filter_map(level).collect()
}
