//! The password of a user, kept apart so that a row of `users` carries no secret.

use chrono::{DateTime, Utc};
use rules::ids::UserId;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `user_credentials`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "user_credentials")]
pub struct Model {
    /// The user that signs in with it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
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
    /// Its row of `users`.
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::UserId", to = "super::users::Column::Id")]
    Users,
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Users.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
