//! Where customers have things sent, and bills.

use chrono::{DateTime, Utc};
use rules::ids::{CustomerAddressId, CustomerId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `customer_addresses`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "customer_addresses")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerAddressId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The first name.
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
    /// The postal code, as it was typed.
    pub postal_code: Option<String>,
    /// The ISO 3166 code of the country.
    pub country: String,
    /// The telephone number, as it was typed.
    pub phone: Option<String>,
    /// Whether things are sent there unless told otherwise; one of a customer at the most.
    pub is_default_shipping: bool,
    /// Whether bills go there unless told otherwise; one of a customer at the most.
    pub is_default_billing: bool,
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
