//! Documents that stores have registered for their storefronts.

use chrono::{DateTime, Utc};
use rules::ids::{StoreId, TrustedDocumentId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `trusted_documents`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "trusted_documents")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TrustedDocumentId,
    /// SHA-256 of the text; unique in the store.
    pub hash: Vec<u8>,
    /// What it is called, for people.
    pub name: Option<String>,
    /// The document as it is sent, to the byte.
    pub text: String,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `stores`.
    #[sea_orm(belongs_to = "super::stores::Entity", from = "Column::StoreId", to = "super::stores::Column::Id")]
    Stores,
}

impl Related<super::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
