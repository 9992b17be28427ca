//! What customers have at the store to pay with: one for each customer and currency.

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{CustomerId, StoreCreditId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `store_credits`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "store_credits")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoreCreditId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The currency of all amounts.
    pub currency: Currency,
    /// How much there is, in minor units: the sum of its entries.
    pub balance: i64,
    /// How many entries it has.
    pub entry_count: i64,
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
    /// Its row of `customers`.
    #[sea_orm(
        belongs_to = "crate::customers::customers::Entity",
        from = "(Column::StoreId, Column::CustomerId)",
        to = "(crate::customers::customers::Column::StoreId, crate::customers::customers::Column::Id)"
    )]
    Customers,
}

impl Related<crate::customers::customers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
