//! Secrets sent to a mailbox, each good once: they prove the mailbox.

use chrono::{DateTime, Utc};
use rules::ids::{CustomerId, CustomerOneTimeTokenId, StoreId};
use rules::states::OneTimePurpose;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `customer_one_time_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "customer_one_time_tokens")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerOneTimeTokenId,
    /// Whose they are.
    pub customer_id: CustomerId,
    /// What it is good for.
    pub purpose: OneTimePurpose,
    /// The mailbox that it proves, as it is compared.
    pub email_normalized: String,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
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
