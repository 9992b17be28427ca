//! People with an account on the platform.

use chrono::{DateTime, Utc};
use rules::ids::UserId;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `users`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// The e-mail address as its owner wrote it.
    pub email: String,
    /// The e-mail address folded for comparing; unique among users that are not deleted.
    pub email_normalized: String,
    /// The name to show.
    pub name: String,
    /// The language tag that the person chose; none leaves it to the request.
    pub locale: Option<String>,
    /// When the mailbox was proven.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// Since when the platform keeps the person out.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Goes up by one with each change.
    pub version: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; none while it lives.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `user_credentials`.
    #[sea_orm(has_one = "super::user_credentials::Entity")]
    UserCredentials,
    /// Its rows of `sessions`.
    #[sea_orm(has_many = "super::sessions::Entity")]
    Sessions,
    /// Its rows of `refresh_tokens`.
    #[sea_orm(has_many = "super::refresh_tokens::Entity")]
    RefreshTokens,
}

impl Related<super::user_credentials::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UserCredentials.def()
    }
}

impl Related<super::sessions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Sessions.def()
    }
}

impl Related<super::refresh_tokens::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RefreshTokens.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
