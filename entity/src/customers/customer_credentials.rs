//! The password of an account, kept apart so that a row of `customers` carries no secret.

use chrono::{DateTime, Utc};
use rules::ids::{CustomerId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `customer_credentials`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "customer_credentials")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// Who signs in with it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: CustomerId,
    /// The Argon2id hash in PHC form.
    pub password_hash: String,
    /// When the password was last set.
    pub password_changed_at: DateTime<Utc>,
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
