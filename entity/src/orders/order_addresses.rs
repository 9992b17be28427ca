//! Where an order goes to, and who pays for it.

use chrono::{DateTime, Utc};
use rules::ids::{OrderId, StoreId};
use rules::states::AddressKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_addresses`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_addresses")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    /// What it is for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: AddressKind,
    /// The first name of whom it is for.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// Street and number.
    pub address1: String,
    /// What else finds the door.
    pub address2: Option<String>,
    /// The town.
    pub city: String,
    /// The region, as ISO 3166-2 has it behind the hyphen.
    pub region: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The ISO 3166 code of the country.
    pub country: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `orders`.
    #[sea_orm(
        belongs_to = "super::orders::Entity",
        from = "(Column::StoreId, Column::OrderId)",
        to = "(super::orders::Column::StoreId, super::orders::Column::Id)"
    )]
    Orders,
}

impl Related<super::orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Orders.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
