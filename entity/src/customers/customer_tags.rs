//! Words that the staff marks customers with.

use rules::ids::{CustomerId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `customer_tags`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "customer_tags")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The customer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: CustomerId,
    /// The word as it is compared.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag_normalized: String,
    /// The word as it was typed.
    pub tag: String,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `customers`.
    #[sea_orm(
        belongs_to = "super::customers::Entity",
        from = "(Column::StoreId, Column::CustomerId)",
        to = "(super::customers::Column::StoreId, super::customers::Column::Id)"
    )]
    Customers,
}

impl Related<super::customers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
