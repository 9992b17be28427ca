//! Sign-ins of customers, one per device.

use chrono::{DateTime, Utc};
use rules::ids::{CustomerId, CustomerSessionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `customer_sessions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "customer_sessions")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerSessionId,
    /// The store that the row belongs to.
    pub store_id: StoreId,
    /// Who signed in.
    pub customer_id: CustomerId,
    /// SHA-256 of the access token in force.
    pub access_token_hash: Vec<u8>,
    /// Until when the access token is good.
    pub access_expires_at: DateTime<Utc>,
    /// Until when the session can be refreshed.
    pub expires_at: DateTime<Utc>,
    /// The network address that it was opened from.
    pub ip: Option<String>,
    /// The browser or program that it was opened with.
    pub user_agent: Option<String>,
    /// When it was ended before its time.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last seen, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// The database transaction of its last write, which a replica must have seen.
    pub last_write_xid: Option<i64>,
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
    /// Its rows of `customer_refresh_tokens`.
    #[sea_orm(has_many = "super::customer_refresh_tokens::Entity")]
    CustomerRefreshTokens,
}

impl Related<super::customers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customers.def()
    }
}

impl Related<super::customer_refresh_tokens::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CustomerRefreshTokens.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
