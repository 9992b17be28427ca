//! The currencies that a store sells in, its own among them.

use rules::Currency;
use rules::ids::StoreId;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `store_currencies`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "store_currencies")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The currency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: Currency,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `stores`.
    #[sea_orm(belongs_to = "super::stores::Entity", from = "Column::StoreId", to = "super::stores::Column::Id")]
    Stores,
}

impl Related<super::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
