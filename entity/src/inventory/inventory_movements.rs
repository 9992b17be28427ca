//! Changes of stock levels; appended, never edited.

use chrono::{DateTime, Utc};
use rules::ids::{InventoryItemId, InventoryLevelId, InventoryMovementId, LocationId, StoreId};
use rules::states::MovementReason;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `inventory_movements`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "inventory_movements")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InventoryMovementId,
    /// The level that changed.
    pub level_id: InventoryLevelId,
    /// What was moved.
    pub item_id: InventoryItemId,
    /// Where.
    pub location_id: LocationId,
    /// Its number among the level's movements: 1, 2, 3, …, none left out.
    pub sequence: i64,
    /// Units more that are there, or fewer where below zero.
    pub delta: i64,
    /// What the level held afterwards.
    pub on_hand_after: i64,
    /// Units more that are promised, or fewer where below zero.
    pub reserved_delta: i64,
    /// How many were promised afterwards.
    pub reserved_after: i64,
    /// Why.
    pub reason: MovementReason,
    /// The paper behind it, such as a delivery note, or the order.
    pub reference: Option<String>,
    /// Who did it, such as `user_01jd…`.
    pub actor: String,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `inventory_levels`.
    #[sea_orm(
        belongs_to = "super::inventory_levels::Entity",
        from = "(Column::StoreId, Column::LevelId)",
        to = "(super::inventory_levels::Column::StoreId, super::inventory_levels::Column::Id)"
    )]
    InventoryLevels,
    /// Its row of `inventory_items`.
    #[sea_orm(
        belongs_to = "super::inventory_items::Entity",
        from = "(Column::StoreId, Column::ItemId)",
        to = "(super::inventory_items::Column::StoreId, super::inventory_items::Column::Id)"
    )]
    InventoryItems,
    /// Its row of `locations`.
    #[sea_orm(
        belongs_to = "super::locations::Entity",
        from = "(Column::StoreId, Column::LocationId)",
        to = "(super::locations::Column::StoreId, super::locations::Column::Id)"
    )]
    Locations,
}

impl Related<super::inventory_levels::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InventoryLevels.def()
    }
}

impl Related<super::inventory_items::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InventoryItems.def()
    }
}

impl Related<super::locations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Locations.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
