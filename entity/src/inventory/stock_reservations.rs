//! Units of a level that are kept for somebody.

use chrono::{DateTime, Utc};
use rules::ids::{InventoryItemId, InventoryLevelId, LocationId, StockReservationId, StoreId};
use rules::states::ReservationKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `stock_reservations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "stock_reservations")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StockReservationId,
    /// How firmly they are kept.
    pub kind: ReservationKind,
    /// For whom: the typed id of a cart or an order, such as `order_01jd…`.
    pub owner: String,
    /// The level that they are of; an owner has one row of each.
    pub level_id: InventoryLevelId,
    /// What is kept.
    pub item_id: InventoryItemId,
    /// Where.
    pub location_id: LocationId,
    /// How many, one at least.
    pub quantity: i64,
    /// The moment from which a hold counts no more; none of a promise.
    pub expires_at: Option<DateTime<Utc>>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
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
