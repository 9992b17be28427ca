//! How much of variants can be sold: the door for baskets.

use std::collections::HashMap;

use rules::ids::ProductVariantId;
use rules::stock::{Level, Rule, Sellable, sellable as by_rule};

use super::store;
use crate::kernel::{Result, StoreScope};

/// What can be sold of each variant over all locations (rule I1), in two statements. A variant whose stock was
/// never set is not counted, and is not among them.
///
/// # Errors
/// What the database says.
pub async fn sellable(
    scope: &StoreScope,
    variants: &[ProductVariantId],
) -> Result<HashMap<ProductVariantId, Sellable>> {
    let items = store::items_by_variants(scope, variants).await?;
    let ids: Vec<_> = items.iter().map(|item| item.id).collect();
    let levels = store::levels_by_items(scope, &ids).await?;
    let of_item = items.iter().map(|item| {
        let levels: Vec<Level> = levels
            .iter()
            .filter(|level| level.item_id == item.id)
            .map(|level| Level {
                location: level.location_id,
                on_hand: level.on_hand,
                reserved: level.reserved,
                held: 0,
                safety: 0,
            })
            .collect();
        let rule = Rule { tracked: item.tracked, policy: item.policy, backorder_limit: None };
        (item.variant_id, by_rule(rule, &levels))
    });
    Ok(of_item.collect())
}
