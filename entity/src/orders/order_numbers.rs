//! The next order number of each store.

use rules::ids::StoreId;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_numbers`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_numbers")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The number that the next order gets.
    pub next_number: i64,
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
