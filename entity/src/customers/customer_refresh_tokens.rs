//! The chain of refresh tokens of a session; one that is used twice ends the session.

use chrono::{DateTime, Utc};
use rules::ids::{CustomerId, CustomerRefreshTokenId, CustomerSessionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `customer_refresh_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "customer_refresh_tokens")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerRefreshTokenId,
    /// The session that it refreshes.
    pub session_id: CustomerSessionId,
    /// Who the session belongs to.
    pub customer_id: CustomerId,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// When it was traded for the next one.
    pub used_at: Option<DateTime<Utc>>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `customer_sessions`.
    #[sea_orm(
        belongs_to = "super::customer_sessions::Entity",
        from = "(Column::StoreId, Column::SessionId)",
        to = "(super::customer_sessions::Column::StoreId, super::customer_sessions::Column::Id)"
    )]
    CustomerSessions,
    /// Its row of `customers`.
    #[sea_orm(
        belongs_to = "super::customers::Entity",
        from = "(Column::StoreId, Column::CustomerId)",
        to = "(super::customers::Column::StoreId, super::customers::Column::Id)"
    )]
    Customers,
}

impl Related<super::customer_sessions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CustomerSessions.def()
    }
}

impl Related<super::customers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
