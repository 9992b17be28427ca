//! Letters on their way out.

use chrono::{DateTime, Utc};
use rules::ids::{EmailMessageId, StoreId};
use rules::states::{EmailStatus, EmailTemplate};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `email_messages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "email_messages")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EmailMessageId,
    /// What it says.
    pub template: EmailTemplate,
    /// The e-mail address that it goes to.
    pub recipient: String,
    /// The language tag that it is written in, where there is a text in it.
    pub locale: String,
    /// What the text names; never a secret.
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
    /// The id of the token whose secret the text carries; the secret is made when the letter is sent.
    pub token_id: Option<Uuid>,
    /// Where it stands.
    pub status: EmailStatus,
    /// How often sending it was tried.
    pub attempts: i32,
    /// Before when it is not tried, or not again.
    pub next_attempt_at: DateTime<Utc>,
    /// When it was handed over.
    pub sent_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
