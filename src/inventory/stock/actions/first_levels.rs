//! The door for imports: stock of many variants at once, at the store's default location.
//!
//! Works inside the transaction of the import, which audits it as one. Writes what differs and nothing
//! else, so that the same file a second time writes no row. What a file says counts, whatever is there:
//! importing stock is the opt-out by name of rule I4.

use std::collections::{BTreeSet, HashMap};

use entity::inventory::inventory_items;
use rules::ErrorCode;
use rules::ids::{LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};
use sea_orm::ActiveValue::Set;

use super::super::MAX_ON_HAND;
use super::super::events::{InventoryItemSnapshot, InventoryItemUpdated, InventorySet};
use super::super::shelves::{Change, Shelf, Shelves};
use super::super::store;
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
    let variants: BTreeSet<_> = wanted.iter().map(|want| want.variant).collect();
    let by_variant: HashMap<_, _> = wanted.iter().map(|want| (want.variant, want)).collect();
    let first = |item: inventory_items::Model| match by_variant.get(&item.variant_id) {
        Some(want) => inventory_items::Model {
            tracked: want.tracked.unwrap_or(item.tracked),
            policy: want.policy.unwrap_or(item.policy),
            ..item
        },
        None => item,
    };
    let mut shelves = Shelves::open_all(tx, &variants, first).await?;
    let mut done = FirstLevels::default();
    for want in wanted {
        let shelf = shelves.get_mut(want.variant)?;
        let counted = match want.on_hand.zip(location) {
            Some((units, location)) => count(tx, shelf, location, units)?,
            None => Counted::Unchanged,
        };
        let recounted = want.tracked.is_some_and(|tracked| tracked != shelf.item.tracked)
            || want.policy.is_some_and(|policy| policy != shelf.item.policy);
        if recounted {
            shelf.item = count_otherwise(tx, &shelf.item, want).await?;
        } else if shelf.is_new {
            tx.emit(&InventoryItemUpdated { inventory_item: InventoryItemSnapshot::from(&shelf.item) })?;
        }
        match (shelf.is_new || counted == Counted::First, recounted || counted == Counted::Changed) {
            (true, _) => done.created += 1,
            (false, true) => done.changed += 1,
            (false, false) => done.unchanged += 1,
        }
    }
    shelves.close(tx, InventorySet).await?;
    Ok(done)
}

/// What a count came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    First,
    Changed,
    Unchanged,
}

/// Sets a level to what the file says.
fn count(tx: &Tx<StoreScope>, shelf: &mut Shelf, location: LocationId, units: i64) -> Result<Counted> {
    let before = shelf.level(tx, location);
    let (delta, is_first) = (units - before.on_hand, before.sequence == 0);
    if delta == 0 && !is_first {
        return Ok(Counted::Unchanged);
    }
    let reason = if is_first { MovementReason::Initial } else { MovementReason::Corrected };
    shelf.change(tx, location, Change { delta, reserved_delta: 0, reason, reference: None, is_fact: true })?;
    Ok(if is_first { Counted::First } else { Counted::Changed })
}

/// Counts a variant as the import has it.
async fn count_otherwise(
    tx: &mut Tx<StoreScope>,
    item: &inventory_items::Model,
    want: &FirstLevel,
) -> Result<inventory_items::Model> {
    let row = inventory_items::ActiveModel {
        tracked: Set(want.tracked.unwrap_or(item.tracked)),
        policy: Set(want.policy.unwrap_or(item.policy)),
        ..Default::default()
    };
    let item = store::update_item(tx, item, row).await?.ok_or(Error::Retry)?;
    tx.emit(&InventoryItemUpdated { inventory_item: InventoryItemSnapshot::from(&item) })?;
    Ok(item)
}
