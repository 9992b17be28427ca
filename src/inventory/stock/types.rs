//! How stock looks in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::inventory::{inventory_items, inventory_levels, inventory_movements};
use rules::ids::{InventoryItemId, InventoryLevelId, InventoryMovementId, LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};
use rules::stock::{Level, Sellable, sellable};

use super::loaders::{InventoryItemById, LevelsByItem};
use super::shelves::rule;
use super::store::MovementFilter;
use crate::gate::directives::cost;
use crate::inventory::locations::{Location, LocationById};
use crate::inventory::reservations::HeldByItem;
use crate::kernel::graph::{Load, object};
use crate::kernel::{Ctx, Error, Result, input};
use crate::{connection, payload};

/// A number of units as the schema has it. Levels stay far below its bounds; sums of them end there.
fn units(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}

fn location(id: LocationId) -> Load<LocationById, Location> {
    Load::<LocationById, _>::try_of(id, |location| {
        location.map(Location).ok_or_else(|| Error::internal("a level stands at a location that is not there"))
    })
}

/// What is stocked of a variant.
#[derive(Clone)]
pub struct InventoryItem(pub Arc<inventory_items::Model>);

impl From<inventory_items::Model> for InventoryItem {
    fn from(row: inventory_items::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// What is stocked of a variant.
#[object]
impl InventoryItem {
    /// The item's id.
    fn id(&self) -> InventoryItemId {
        self.0.id
    }

    /// Whether stock is counted at all. Where it is not, the variant can always be bought.
    fn tracked(&self) -> bool {
        self.0.tracked
    }

    /// What happens when the stock is gone.
    fn policy(&self) -> InventoryPolicy {
        self.0.policy
    }

    /// How many units may be sold beyond the stock where the policy is CONTINUE; null is without end.
    fn backorder_limit(&self) -> Option<i32> {
        self.0.backorder_limit.map(units)
    }

    /// When more is expected. Visitors are told of it while it lies ahead.
    fn expected_at(&self) -> Option<DateTime<Utc>> {
        self.0.expected_at
    }

    /// Units that each location keeps back from sale.
    fn safety_stock(&self) -> i32 {
        units(self.0.safety_stock)
    }

    /// From how many available units down it is ordered anew; null where nobody is told.
    fn reorder_level(&self) -> Option<i32> {
        self.0.reorder_level.map(units)
    }

    /// Whether so few are available.
    fn is_low(&self) -> bool {
        self.0.is_low
    }

    /// How much there is at each location; 250 at the most.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn levels(&self) -> Load<LevelsByItem, Vec<InventoryLevel>> {
        Load::<LevelsByItem, _>::of(self.0.id, |levels| levels.into_iter().map(InventoryLevel).collect())
    }

    /// Units that are there, at all locations together; below zero where more was sold than counted.
    fn on_hand(&self) -> Load<LevelsByItem, i32> {
        Load::<LevelsByItem, _>::of(self.0.id, |levels| units(levels.iter().map(|level| level.on_hand).sum()))
    }

    /// Units that can be sold, at all locations together: what is there without what is promised.
    fn available(&self) -> Load<LevelsByItem, i32> {
        Load::<LevelsByItem, _>::of(self.0.id, |levels| {
            units(levels.iter().map(|level| level.on_hand - level.reserved).sum())
        })
    }

    /// Units that carts hold now, at all locations together.
    fn held(&self) -> Load<HeldByItem, i32> {
        Load::<HeldByItem, _>::of(self.0.id, |held| units(held.values().sum()))
    }

    /// Units that can be sold now: what is available without what is held and what is kept back, and beyond it
    /// as many as may be owed. Null where any number can be sold.
    async fn sellable(&self, ctx: &Ctx) -> Result<Option<i32>> {
        let id = self.0.id;
        let (levels, held) = tokio::try_join!(ctx.load::<LevelsByItem>(id), ctx.load::<HeldByItem>(id))?;
        let level = |level: &Arc<inventory_levels::Model>| Level {
            location: level.location_id,
            on_hand: level.on_hand,
            reserved: level.reserved,
            held: held.get(&level.id).copied().unwrap_or_default(),
            safety: self.0.safety_stock,
        };
        Ok(match sellable(rule(&self.0), &levels.iter().map(level).collect::<Vec<_>>()) {
            Sellable::Unlimited => None,
            Sellable::Units(most) => Some(units(most)),
        })
    }

    /// Goes up with each change of how it is counted and sold; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// How much of a variant is at one location.
#[derive(Clone)]
pub struct InventoryLevel(pub Arc<inventory_levels::Model>);

impl From<inventory_levels::Model> for InventoryLevel {
    fn from(row: inventory_levels::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// How much of a variant is at one location.
#[object]
impl InventoryLevel {
    /// The level's id.
    fn id(&self) -> InventoryLevelId {
        self.0.id
    }

    /// Where.
    fn location(&self) -> Load<LocationById, Location> {
        location(self.0.location_id)
    }

    /// Units that are there; below zero where more was sold than counted. Send it back as
    /// `expectedOnHand`.
    fn on_hand(&self) -> i32 {
        units(self.0.on_hand)
    }

    /// Units that are promised to orders; more than are there where they were sold ahead.
    fn reserved(&self) -> i32 {
        units(self.0.reserved)
    }

    /// Units that carts hold now.
    fn held(&self) -> Load<HeldByItem, i32> {
        let id = self.0.id;
        Load::<HeldByItem, _>::of(self.0.item_id, move |held| units(held.get(&id).copied().unwrap_or_default()))
    }

    /// Units that can be sold: what is there without what is promised.
    fn available(&self) -> i32 {
        units(self.0.on_hand - self.0.reserved)
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// One change of a level. Movements are added and never edited; their sum is what is on hand.
#[derive(Clone)]
pub struct InventoryMovement(pub Arc<inventory_movements::Model>);

impl From<inventory_movements::Model> for InventoryMovement {
    fn from(row: inventory_movements::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// One change of a level. Movements are added and never edited; their sum is what is on hand.
#[object]
impl InventoryMovement {
    /// The movement's id.
    fn id(&self) -> InventoryMovementId {
        self.0.id
    }

    /// Where.
    fn location(&self) -> Load<LocationById, Location> {
        location(self.0.location_id)
    }

    /// What was moved.
    fn inventory_item(&self) -> Load<InventoryItemById, InventoryItem> {
        Load::<InventoryItemById, _>::try_of(self.0.item_id, |item| {
            item.map(InventoryItem).ok_or_else(|| Error::internal("a movement is of an item that is not there"))
        })
    }

    /// Its number among the movements of this item at this location: 1, 2, 3, none left out.
    fn sequence(&self) -> i32 {
        units(self.0.sequence)
    }

    /// Units more that are there, or fewer where below zero; zero where nothing moved, as where a count found
    /// what was known.
    fn delta(&self) -> i32 {
        units(self.0.delta)
    }

    /// Units that were there afterwards.
    fn on_hand_after(&self) -> i32 {
        units(self.0.on_hand_after)
    }

    /// Units more that are promised to orders, or fewer where below zero.
    fn reserved_delta(&self) -> i32 {
        units(self.0.reserved_delta)
    }

    /// Units that were promised afterwards.
    fn reserved_after(&self) -> i32 {
        units(self.0.reserved_after)
    }

    /// Why.
    fn reason(&self) -> MovementReason {
        self.0.reason
    }

    /// The paper behind it, such as a delivery note; the id of the order where it is one's.
    fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// Who did it: the id of a user or a token, or `SYSTEM`.
    fn actor(&self) -> &str {
        &self.0.actor
    }

    /// When.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

connection!(InventoryMovementConnection, InventoryMovementEdge, InventoryMovement, "movements of stock");

/// Which movements to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct InventoryMovementFilterInput {
    /// Those of this variant.
    pub variant_id: Option<ProductVariantId>,
    /// Those at this location.
    pub location_id: Option<LocationId>,
    /// Those with one of these reasons; any where it is left out or empty.
    #[graphql(default)]
    pub reasons: Vec<MovementReason>,
    /// Those with this paper behind them, such as the id of an order.
    pub reference: Option<String>,
    /// Those from this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Those before this moment.
    pub to: Option<DateTime<Utc>>,
}

impl TryFrom<InventoryMovementFilterInput> for MovementFilter {
    type Error = Error;

    fn try_from(input: InventoryMovementFilterInput) -> Result<Self> {
        let moment = |name: &str, given: Option<DateTime<Utc>>| {
            given
                .map(|given| input::moment(name, given))
                .transpose()
                .map_err(|problem| Error::BadInput(problem.message))
        };
        let mut reasons = input.reasons;
        reasons.sort_unstable();
        reasons.dedup();
        Ok(Self {
            variant: input.variant_id,
            location: input.location_id,
            reasons,
            reference: input.reference,
            from: moment("from", input.from)?,
            to: moment("to", input.to)?,
        })
    }
}

/// Why somebody changes a level by hand.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum InventoryReason {
    /// Goods came in.
    Received,
    /// A count found another number.
    Counted,
    /// Somebody put a mistake right.
    Corrected,
    /// Goods broke or spoiled.
    Damaged,
    /// Goods are gone, nobody knows where.
    Lost,
}

impl From<InventoryReason> for MovementReason {
    fn from(reason: InventoryReason) -> Self {
        match reason {
            InventoryReason::Received => Self::Received,
            InventoryReason::Counted => Self::Counted,
            InventoryReason::Corrected => Self::Corrected,
            InventoryReason::Damaged => Self::Damaged,
            InventoryReason::Lost => Self::Lost,
        }
    }
}

payload! {
    /// The answer of `inventorySet`.
    InventorySetPayload {
        /// The level as it is now.
        inventory_level: InventoryLevel,
    }
}

payload! {
    /// The answer of `inventoryItemUpdate`.
    InventoryItemUpdatePayload {
        /// The item as it is now.
        inventory_item: InventoryItem,
    }
}

payload! {
    /// The answer of `inventoryAdjust`.
    InventoryAdjustPayload {
        /// The level as it is now.
        inventory_level: InventoryLevel,
    }
}

payload! {
    /// The answer of `inventoryTransfer`.
    InventoryTransferPayload {
        /// The item, with its levels as they are now.
        inventory_item: InventoryItem,
    }
}

payload! {
    /// The answer of `inventoryReceive`.
    InventoryReceivePayload {
        /// The levels as they are now, in the order of the lines.
        inventory_levels: Vec<InventoryLevel>,
    }
}
