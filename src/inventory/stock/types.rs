//! How stock looks in the schema.

use std::sync::Arc;

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::inventory::{inventory_items, inventory_levels, inventory_movements};
use rules::ids::{InventoryItemId, InventoryLevelId, InventoryMovementId, LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};

use super::loaders::LevelsByItem;
use super::store::MovementFilter;
use crate::gate::directives::cost;
use crate::inventory::locations::{Location, LocationById};
use crate::kernel::Error;
use crate::kernel::graph::{Load, object};
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

    /// Goes up with each change of `tracked` and `policy`; send it back as `expectedVersion`.
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

    /// Units of these that are promised to somebody.
    fn reserved(&self) -> i32 {
        units(self.0.reserved)
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

    /// Units more, or fewer where below zero; zero where a count found what was known.
    fn delta(&self) -> i32 {
        units(self.0.delta)
    }

    /// Units that were there afterwards.
    fn on_hand_after(&self) -> i32 {
        units(self.0.on_hand_after)
    }

    /// Why.
    fn reason(&self) -> MovementReason {
        self.0.reason
    }

    /// The paper behind it, such as a delivery note.
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

/// Which movements to list.
#[derive(InputObject, Default, Clone)]
pub struct InventoryMovementFilterInput {
    /// Those of this variant.
    pub variant_id: Option<ProductVariantId>,
    /// Those at this location.
    pub location_id: Option<LocationId>,
}

impl From<InventoryMovementFilterInput> for MovementFilter {
    fn from(input: InventoryMovementFilterInput) -> Self {
        Self { variant: input.variant_id, location: input.location_id }
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
