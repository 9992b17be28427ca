//! Host names that lead to stores.

use chrono::{DateTime, Utc};
use rules::ids::{StoreDomainId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `store_domains`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "store_domains")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoreDomainId,
    /// The store that the row belongs to.
    pub store_id: StoreId,
    /// The host name, lower case, in its ASCII form; unique on the platform.
    pub host: String,
    /// Whether links are made with it; at most one of a store.
    pub is_primary: bool,
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
