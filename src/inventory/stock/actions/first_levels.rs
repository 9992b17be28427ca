//! The door for imports: stock of many variants at once, at the store's default location.
//!
//! Works inside the transaction of the import, which audits it as one. Writes what differs and nothing
//! else, so that the same file a second time writes no row. What a file says counts, whatever is there:
//! importing stock is the opt-out by name of rule I4.

use std::collections::{HashMap, HashSet};

use entity::inventory::{inventory_items, inventory_levels};
use rules::ErrorCode;
use rules::ids::{InventoryItemId, LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};
use sea_orm::ActiveValue::Set;

use super::super::MAX_ON_HAND;
use super::super::events::{InventoryItemSnapshot, InventoryItemUpdated};
use super::super::store::{self, Movement};
use crate::inventory::locations;
use crate::kernel::{Error, Result, StoreScope, Tx};

/// Variants that are looked at together.
const AT_ONCE: usize = 500;

/// What an import knows of a variant's stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstLevel {
    /// The variant: one of the store's own.
    pub variant: ProductVariantId,
    /// Units that are there, from -1,000,000,000 to 1,000,000,000; none leaves the level as it is.
    pub on_hand: Option<i64>,
    /// What happens when the stock is gone; none leaves it as it is, and is [`InventoryPolicy::Deny`] at first.
    pub policy: Option<InventoryPolicy>,
    /// Whether stock is counted at all; none leaves it as it is, and counts it at first.
    pub tracked: Option<bool>,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FirstLevels {
    /// Variants whose stock was set for the first time.
    pub created: usize,
    /// Variants whose stock, or the way it is counted, differed.
    pub changed: usize,
    /// Variants for which nothing was written.
    pub unchanged: usize,
}

/// Sets the stock of one variant; see [`set_first_levels`]. Answers whether a row was written.
///
/// # Errors
/// As there.
pub async fn set_first_level(
    tx: &mut Tx<StoreScope>,
    variant: ProductVariantId,
    on_hand: Option<i64>,
    policy: InventoryPolicy,
    tracked: bool,
) -> Result<bool> {
    let level = FirstLevel { variant, on_hand, policy: Some(policy), tracked: Some(tracked) };
    let done = set_first_levels(tx, &[level]).await?;
    Ok(done.unchanged == 0)
}

/// Sets the stock of many variants at the store's default location, in a number of statements that
/// does not grow with them but for quantities that differ from those that are there. Of a variant that
/// is named twice the last one counts.
///
/// # Errors
/// `Invalid` where a quantity is out of bounds; `Retry` where another transaction stood in the way.
pub async fn set_first_levels(tx: &mut Tx<StoreScope>, levels: &[FirstLevel]) -> Result<FirstLevels> {
    let bounds = -MAX_ON_HAND..=MAX_ON_HAND;
    if levels.iter().filter_map(|level| level.on_hand).any(|units| !bounds.contains(&units)) {
        let message = format!("Give -{MAX_ON_HAND} to {MAX_ON_HAND} units.");
        return Err(Error::invalid(ErrorCode::OutOfRange, "onHand", message));
    }
    let mut wanted: HashMap<ProductVariantId, FirstLevel> = HashMap::new();
    for level in levels {
        wanted.insert(level.variant, *level);
    }
    let mut wanted: Vec<FirstLevel> = wanted.into_values().collect();
    wanted.sort_unstable_by_key(|level| level.variant);
    let location = match wanted.iter().any(|level| level.on_hand.is_some()) {
        true => Some(locations::default_location(tx).await?.id),
        false => None,
    };
    let mut done = FirstLevels::default();
    for chunk in wanted.chunks(AT_ONCE) {
        let outcome = set_chunk(tx, location, chunk).await?;
        done.created += outcome.created;
        done.changed += outcome.changed;
        done.unchanged += outcome.unchanged;
    }
    Ok(done)
}

async fn set_chunk(
    tx: &mut Tx<StoreScope>,
    location: Option<LocationId>,
    wanted: &[FirstLevel],
) -> Result<FirstLevels> {
    let (items, new_items) = items(tx, wanted).await?;
    let ids: Vec<_> = items.values().map(|item| item.id).collect();
    let held = match location {
        Some(location) => store::hold_levels(tx, &ids, location).await?,
        None => Vec::new(),
    };
    let held: HashMap<_, _> = held.into_iter().map(|level| (level.item_id, level)).collect();

    let mut done = FirstLevels::default();
    let mut new_levels: Vec<inventory_levels::Model> = Vec::new();
    let mut movements: Vec<(ProductVariantId, Movement)> = Vec::new();
    for want in wanted {
        let item = items.get(&want.variant).ok_or(Error::Retry)?;
        let is_new = new_items.contains(&item.id);
        let recounted = want.tracked.is_some_and(|tracked| tracked != item.tracked)
            || want.policy.is_some_and(|policy| policy != item.policy);
        if recounted {
            count_otherwise(tx, item, want).await?;
        }
        let movement = match (want.on_hand.zip(location), held.get(&item.id)) {
            (None, _) => None,
            (Some((units, _)), Some(level)) if level.on_hand == units => None,
            (Some((units, _)), Some(level)) => {
                let after = store::change_level(tx, level.id, level.on_hand, units).await?.ok_or(Error::Retry)?;
                let reason = MovementReason::Corrected;
                Some(Movement { level: after, before: level.on_hand, reason, reference: None })
            }
            (Some((units, location)), None) => {
                let level = inventory_levels::Model { on_hand: units, ..store::new_level(tx, item.id, location) };
                new_levels.push(level.clone());
                Some(Movement { level, before: 0, reason: MovementReason::Initial, reference: None })
            }
        };
        let first = movement.as_ref().is_some_and(|movement| movement.reason == MovementReason::Initial);
        match (is_new || first, recounted || movement.is_some()) {
            (true, _) => done.created += 1,
            (false, true) => done.changed += 1,
            (false, false) => done.unchanged += 1,
        }
        movements.extend(movement.map(|movement| (want.variant, movement)));
    }
    store::insert_levels(tx, new_levels).await?;
    for (variant, movement) in &movements {
        tx.emit(&super::told(*variant, movement))?;
    }
    let movements: Vec<Movement> = movements.into_iter().map(|(_, movement)| movement).collect();
    if !movements.is_empty() {
        store::insert_movements(tx, &movements).await?;
    }
    Ok(done)
}

/// The item of each variant, made where there is none yet, and the ids of those that were made.
async fn items(
    tx: &mut Tx<StoreScope>,
    wanted: &[FirstLevel],
) -> Result<(HashMap<ProductVariantId, inventory_items::Model>, HashSet<InventoryItemId>)> {
    let variants: Vec<_> = wanted.iter().map(|want| want.variant).collect();
    let by_variant = |rows: Vec<inventory_items::Model>| -> HashMap<_, _> {
        rows.into_iter().map(|item| (item.variant_id, item)).collect()
    };
    let found = by_variant(store::items_by_variants(tx, &variants).await?);
    let missing = wanted.iter().filter(|want| !found.contains_key(&want.variant));
    let made: Vec<_> = missing
        .map(|want| {
            let item = store::new_item(tx, want.variant);
            inventory_items::Model {
                tracked: want.tracked.unwrap_or(item.tracked),
                policy: want.policy.unwrap_or(item.policy),
                ..item
            }
        })
        .collect();
    if made.is_empty() {
        return Ok((found, HashSet::new()));
    }
    for item in &made {
        tx.emit(&InventoryItemUpdated { inventory_item: InventoryItemSnapshot::from(item) })?;
    }
    let ids = made.iter().map(|item| item.id).collect();
    store::insert_missing_items(tx, made).await?;
    Ok((by_variant(store::items_by_variants(tx, &variants).await?), ids))
}

/// Counts a variant as the import has it.
async fn count_otherwise(tx: &mut Tx<StoreScope>, item: &inventory_items::Model, want: &FirstLevel) -> Result<()> {
    let row = inventory_items::ActiveModel {
        tracked: Set(want.tracked.unwrap_or(item.tracked)),
        policy: Set(want.policy.unwrap_or(item.policy)),
        ..Default::default()
    };
    let item = store::update_item(tx, item, row).await?.ok_or(Error::Retry)?;
    tx.emit(&InventoryItemUpdated { inventory_item: InventoryItemSnapshot::from(&item) })
}
