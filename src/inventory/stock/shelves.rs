//! The stock of some variants, held against everybody else who would change it.
//!
//! Owns how stock is written. Whoever changes a level or a reservation opens the shelves of its variants,
//! which holds their items in the order of the variants; reads what is there then, which is what the last
//! one left; changes it in memory, and closes them. What was read can't be another's meanwhile, so that of
//! many buyers of one unit one gets it, and nobody waits in a circle (rule I2). Closing writes each level
//! once, if it is still as it was read, with a movement for each change, so that the sum of the movements
//! is what is on hand (rule I3); tells that an item is low (rule I5), and whether visitors are told
//! something else now. Never decides what is changed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use entity::inventory::{inventory_items, inventory_levels, inventory_settings, stock_reservations};
use rules::ids::{InventoryItemId, LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason, StockStrategy};
use rules::stock::{self, Availability, Candor, Hold, Level, Rule, StockOf};
use rules::{ErrorCode, Problem};

use super::MAX_ON_HAND;
use super::events::{InventoryLow, StockChange};
use super::store::{self, Movement};
use crate::inventory::{reservations, settings};
use crate::kernel::outbox::Event;
use crate::kernel::{Error, Result, StoreScope, Tx};

/// A change of one level.
#[derive(Debug, Clone)]
pub struct Change {
    /// Units more that are there, or fewer where below zero.
    pub delta: i64,
    /// Units more that are promised, or fewer where below zero.
    pub reserved_delta: i64,
    /// Why.
    pub reason: MovementReason,
    /// The paper behind it, or the order.
    pub reference: Option<String>,
    /// Whether it is a fact from elsewhere: less may be left than is promised, or than nothing.
    pub is_fact: bool,
}

/// A level, and the number of its movements as it is stored; none of one that is new.
struct Kept {
    row: inventory_levels::Model,
    stored: Option<i64>,
}

/// The stock of one variant.
pub struct Shelf {
    /// How it is counted and sold.
    pub item: inventory_items::Model,
    /// Whether the item was made by this transaction.
    pub is_new: bool,
    /// The holds that live at the moment of the request, whosever they are.
    pub holds: Vec<stock_reservations::Model>,
    levels: Vec<Kept>,
    movements: Vec<Movement>,
    /// What visitors were told of it when it was opened, and would have been later.
    outlook: Vec<(DateTime<Utc>, Availability)>,
}

/// The stock of some variants.
pub struct Shelves {
    shelves: BTreeMap<ProductVariantId, Shelf>,
    settings: Option<inventory_settings::Model>,
    now: DateTime<Utc>,
}

impl Shelves {
    /// Opens those of variants that have an item.
    ///
    /// # Errors
    /// What the database says.
    pub async fn open(tx: &Tx<StoreScope>, variants: &BTreeSet<ProductVariantId>) -> Result<Self> {
        let items = store::hold_items(tx, variants).await?;
        Self::of(tx, items, &HashSet::new()).await
    }

    /// The same, where an item is made for every variant that has none yet, as `first` has it. The variants
    /// live.
    ///
    /// # Errors
    /// `Retry` where another transaction makes one at the same moment.
    pub async fn open_all(
        tx: &Tx<StoreScope>,
        variants: &BTreeSet<ProductVariantId>,
        first: impl Fn(inventory_items::Model) -> inventory_items::Model,
    ) -> Result<Self> {
        let mut items = store::hold_items(tx, variants).await?;
        let known: HashSet<_> = items.iter().map(|item| item.variant_id).collect();
        let missing = variants.iter().filter(|variant| !known.contains(*variant));
        let missing: Vec<_> = missing.map(|variant| first(store::new_item(tx, *variant))).collect();
        let made = missing.iter().map(|item| item.id).collect();
        if !missing.is_empty() {
            store::insert_missing_items(tx, missing).await?;
            items = store::hold_items(tx, variants).await?;
        }
        if items.len() < variants.len() {
            return Err(Error::Retry);
        }
        Self::of(tx, items, &made).await
    }

    async fn of(
        tx: &Tx<StoreScope>,
        items: Vec<inventory_items::Model>,
        made: &HashSet<InventoryItemId>,
    ) -> Result<Self> {
        let (now, ids) = (tx.ctx().now(), items.iter().map(|item| item.id).collect::<Vec<_>>());
        let levels = store::levels_by_items(tx, &ids).await?;
        let holds = reservations::live_holds(tx, &ids, now).await?;
        let mut shelves = Self { shelves: BTreeMap::new(), settings: settings::find_held(tx).await?, now };
        for item in items {
            let of_item = |level: &&inventory_levels::Model| level.item_id == item.id;
            let levels = levels.iter().filter(of_item).cloned();
            let mut shelf = Shelf {
                is_new: made.contains(&item.id),
                levels: levels.map(|row| Kept { stored: Some(row.sequence), row }).collect(),
                holds: holds.iter().filter(|hold| hold.item_id == item.id).cloned().collect(),
                movements: Vec::new(),
                outlook: Vec::new(),
                item,
            };
            shelf.outlook = shelf.outlook(shelves.candor(), now);
            shelves.shelves.insert(shelf.item.variant_id, shelf);
        }
        Ok(shelves)
    }

    fn candor(&self) -> Candor {
        settings::candor(self.settings.as_ref())
    }

    /// From which locations the store sends first (rule I4).
    pub fn strategy(&self) -> StockStrategy {
        self.settings.as_ref().map_or(StockStrategy::Priority, |settings| settings.strategy)
    }

    /// The stock of a variant; none where it was never set.
    pub fn get(&self, variant: ProductVariantId) -> Option<&Shelf> {
        self.shelves.get(&variant)
    }

    /// The same, to change it.
    ///
    /// # Errors
    /// `Internal` where it was not opened.
    pub fn get_mut(&mut self, variant: ProductVariantId) -> Result<&mut Shelf> {
        let not_open = || Error::internal("stock is changed that is not held");
        self.shelves.get_mut(&variant).ok_or_else(not_open)
    }

    /// All of them, in the order of the variants.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Shelf> {
        self.shelves.values_mut()
    }

    /// What can be sold, as one that `owner` would buy: one's own holds do not stand in one's way.
    pub fn stock(&self, owner: Option<&str>) -> BTreeMap<ProductVariantId, StockOf> {
        let of = |shelf: &Shelf| StockOf { rule: rule(&shelf.item), levels: shelf.stand(self.now, owner) };
        self.shelves.iter().map(|(variant, shelf)| (*variant, of(shelf))).collect()
    }

    /// Writes everything, tells it, and gives the changes. `told` is what has happened.
    ///
    /// # Errors
    /// `Retry` where a level is not as it was read, which nobody who holds its item would do.
    pub async fn close<E: Event>(
        self,
        tx: &mut Tx<StoreScope>,
        told: impl Fn(StockChange) -> E,
    ) -> Result<Vec<StockChange>> {
        let candor = self.candor();
        let kept = || self.shelves.values().flat_map(|shelf| &shelf.levels);
        let new: Vec<_> = kept().filter(|kept| kept.stored.is_none()).map(|kept| kept.row.clone()).collect();
        if !new.is_empty() {
            store::insert_levels(tx, new).await?;
        }
        for Kept { row, stored } in kept() {
            if let Some(stored) = stored.filter(|stored| *stored != row.sequence)
                && !store::update_level(tx, stored, row).await?
            {
                return Err(Error::Retry);
            }
        }
        if self.shelves.values().any(|shelf| !shelf.movements.is_empty()) {
            store::insert_movements(tx, self.shelves.values().flat_map(|shelf| &shelf.movements)).await?;
        }
        let mut changes = Vec::new();
        for shelf in self.shelves.into_values() {
            for movement in &shelf.movements {
                let change = change_of(shelf.item.variant_id, movement);
                tx.emit(&told(change.clone()))?;
                changes.push(change);
            }
            shelf.note_low(tx).await?;
            if shelf.outlook != shelf.outlook(candor, self.now) {
                tx.shows();
            }
        }
        Ok(changes)
    }
}

impl Shelf {
    /// The levels, one a location that is not deleted.
    pub fn levels(&self) -> impl Iterator<Item = &inventory_levels::Model> {
        self.levels.iter().map(|kept| &kept.row)
    }

    /// The level at a location, made where there is none yet. The location lives.
    pub fn level(&mut self, tx: &Tx<StoreScope>, location: LocationId) -> &inventory_levels::Model {
        let place = self.place(tx, location);
        &self.levels[place].row
    }

    fn place(&mut self, tx: &Tx<StoreScope>, location: LocationId) -> usize {
        if let Some(place) = self.levels.iter().position(|kept| kept.row.location_id == location) {
            return place;
        }
        self.levels.push(Kept { row: store::new_level(tx, self.item.id, location), stored: None });
        self.levels.len() - 1
    }

    /// Units that are there and promised to nobody, at all locations together.
    pub fn available(&self) -> i64 {
        self.levels().map(|level| level.on_hand - level.reserved).sum()
    }

    /// Changes the level at a location.
    ///
    /// # Errors
    /// A problem with the whole input: fewer would be there than are promised, or than nothing; or more than
    /// a level holds.
    pub fn change(&mut self, tx: &Tx<StoreScope>, location: LocationId, change: Change) -> Result<(), Problem> {
        let refused = |message| Problem::new(ErrorCode::OutOfRange, "", message);
        let sells_ahead = !self.item.tracked || self.item.policy == InventoryPolicy::Continue;
        let place = self.place(tx, location);
        let level = &mut self.levels[place].row;
        let (on_hand, reserved) = (level.on_hand + change.delta, level.reserved + change.reserved_delta);
        let may_owe = change.is_fact || sells_ahead || level.owes;
        if on_hand > MAX_ON_HAND || reserved > MAX_ON_HAND {
            return Err(refused(format!("A level holds {MAX_ON_HAND} units at the most.")));
        }
        if reserved < 0 {
            return Err(refused(format!("{} units are promised: no more can be released.", level.reserved)));
        }
        if on_hand < 0 && change.delta < 0 && !change.is_fact {
            return Err(refused(format!("There are {} units: no more can leave.", level.on_hand)));
        }
        if on_hand < reserved && !may_owe {
            return Err(refused(format!("{reserved} units are promised to customers: fewer can't be there.")));
        }
        level.on_hand = on_hand;
        level.reserved = reserved;
        level.owes = on_hand < 0 || on_hand < reserved;
        level.sequence += 1;
        level.updated_at = tx.ctx().now();
        self.movements.push(Movement {
            level: level.clone(),
            delta: change.delta,
            reserved_delta: change.reserved_delta,
            reason: change.reason,
            reference: change.reference,
        });
        Ok(())
    }

    /// The levels with what is held of each, without what `owner` holds.
    fn stand(&self, now: DateTime<Utc>, owner: Option<&str>) -> Vec<Level> {
        let held = |level: &inventory_levels::Model| {
            let holds = self.holds.iter().filter(|hold| hold.location_id == level.location_id).map(hold_of);
            stock::held(&holds.collect::<Vec<_>>(), now, owner.as_ref())
        };
        self.levels().map(|level| Level { held: held(level), ..self.bare(level) }).collect()
    }

    /// A level without what is held of it.
    fn bare(&self, level: &inventory_levels::Model) -> Level {
        Level {
            location: level.location_id,
            on_hand: level.on_hand,
            reserved: level.reserved,
            held: 0,
            safety: self.item.safety_stock,
        }
    }

    fn outlook(&self, candor: Candor, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Availability)> {
        let levels: Vec<Level> = self.levels().map(|level| self.bare(level)).collect();
        let holds: Vec<_> = self.holds.iter().map(|hold| (hold.location_id, hold_of(hold))).collect();
        stock::outlook(rule(&self.item), &levels, &holds, candor, now)
    }

    /// Tells that the item is low where it was not, and notes that it is no longer where it was.
    async fn note_low(&self, tx: &mut Tx<StoreScope>) -> Result<()> {
        let (item, available) = (&self.item, self.available());
        let low = item.reorder_level.filter(|reorder_level| item.tracked && available <= *reorder_level);
        if low.is_some() == item.is_low {
            return Ok(());
        }
        store::note_low(tx, item.id, low.is_some()).await?;
        if let Some(reorder_level) = low {
            tx.emit(&InventoryLow { variant_id: item.variant_id, item_id: item.id, available, reorder_level })?;
        }
        Ok(())
    }
}

/// A hold as the rules have it; of a promise, which no shelf has among its holds, one that is over.
fn hold_of(row: &stock_reservations::Model) -> Hold<&str> {
    let expires_at = row.expires_at.unwrap_or(DateTime::UNIX_EPOCH);
    Hold { cart: row.owner.as_str(), units: row.quantity, expires_at }
}

/// How a variant is sold.
pub fn rule(item: &inventory_items::Model) -> Rule {
    let limit = item.backorder_limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
    Rule { tracked: item.tracked, policy: item.policy, backorder_limit: limit }
}

fn change_of(variant: ProductVariantId, movement: &Movement) -> StockChange {
    let level = &movement.level;
    StockChange {
        variant_id: variant,
        item_id: level.item_id,
        level_id: level.id,
        location_id: level.location_id,
        on_hand: level.on_hand,
        delta: movement.delta,
        reserved: level.reserved,
        reserved_delta: movement.reserved_delta,
        reason: movement.reason,
        reference: movement.reference.clone(),
    }
}
