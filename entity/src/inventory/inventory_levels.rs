//! The stock of one item at one location.

use chrono::{DateTime, Utc};
use rules::ids::{InventoryItemId, InventoryLevelId, LocationId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `inventory_levels`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "inventory_levels")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InventoryLevelId,
    /// What is stocked.
    pub item_id: InventoryItemId,
    /// Where.
    pub location_id: LocationId,
    /// Units that are there; below zero where more was sold than counted.
    pub on_hand: i64,
    /// Units of these that are promised to orders: the sum of the promises among its reservations.
    pub reserved: i64,
    /// Whether more may be promised from here than there is: what was sold ahead is owed. Nothing else gets
    /// past the table's check.
    pub owes: bool,
    /// How many movements it has; the next one has the next number.
    pub sequence: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
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
    /// Its rows of `inventory_movements`.
    #[sea_orm(has_many = "super::inventory_movements::Entity")]
    InventoryMovements,
    /// Its rows of `stock_reservations`.
    #[sea_orm(has_many = "super::stock_reservations::Entity")]
    StockReservations,
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

impl Related<super::inventory_movements::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InventoryMovements.def()
    }
}

impl Related<super::stock_reservations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StockReservations.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
