//! How many could be bought, for a cart that still asks (rule C2).

use std::collections::{BTreeMap, HashMap};

use rules::ids::ProductVariantId;
use rules::stock::{Level, Sellable, sellable};

use super::Owner;
use crate::inventory::stock;
use crate::kernel::{Result, StoreScope};

/// How many units of each variant `owner` could buy now, its own holds included, or somebody who holds nothing;
/// nothing is held by asking.
/// A variant whose stock was never set has none.
///
/// # Errors
/// What the database says.
pub async fn left(
    scope: &StoreScope,
    owner: Option<&Owner>,
    variants: &[ProductVariantId],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<BTreeMap<ProductVariantId, Sellable>> {
    let items = stock::items_by_variants(scope, variants).await?;
    let ids: Vec<_> = items.iter().map(|item| item.id).collect();
    let (levels, holds) =
        tokio::try_join!(stock::levels_by_items(scope, &ids), super::store::live_holds(scope, &ids, now))?;
    let mut held: HashMap<_, i64> = HashMap::new();
    for hold in holds {
        if owner.is_none_or(|owner| hold.owner != owner.as_str()) {
            *held.entry(hold.level_id).or_default() += hold.quantity;
        }
    }
    let mut left: BTreeMap<_, _> = variants.iter().map(|variant| (*variant, Sellable::Units(0))).collect();
    for item in &items {
        let own = levels.iter().filter(|level| level.item_id == item.id).map(|level| Level {
            location: level.location_id,
            on_hand: level.on_hand,
            reserved: level.reserved,
            held: held.get(&level.id).copied().unwrap_or_default(),
            safety: item.safety_stock,
        });
        left.insert(item.variant_id, sellable(stock::rule(item), &own.collect::<Vec<_>>()));
    }
    Ok(left)
}
