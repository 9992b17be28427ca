//! What a customer has bought in one currency, as orders count it.

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{CustomerId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `customer_order_totals`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "customer_order_totals")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The customer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: CustomerId,
    /// The currency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: Currency,
    /// Orders that are not canceled.
    pub orders: i64,
    /// What was paid and not given back, in minor units.
    pub spent: i64,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
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
