//! How a store keeps its stock, and what it tells of it.

use chrono::{DateTime, Utc};
use rules::ids::StoreId;
use rules::states::StockStrategy;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `inventory_settings`. A store that has none has those that it starts with.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "inventory_settings")]
pub struct Model {
    /// The store.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// From which locations an order is sent first.
    pub strategy: StockStrategy,
    /// From how many units down visitors are told that few are left; 0 never says so.
    pub low_stock: i64,
    /// Whether visitors are told how many units there are.
    pub shows_counts: bool,
    /// Goes up by one with each change.
    pub version: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
