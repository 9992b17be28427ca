//! Sign-ins of users, one per device.

use chrono::{DateTime, Utc};
use rules::ids::{SessionId, UserId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `sessions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Who signed in.
    pub user_id: UserId,
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
    /// Its row of `users`.
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::UserId", to = "super::users::Column::Id")]
    Users,
    /// Its rows of `refresh_tokens`.
    #[sea_orm(has_many = "super::refresh_tokens::Entity")]
    RefreshTokens,
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Users.def()
    }
}

impl Related<super::refresh_tokens::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RefreshTokens.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
