//! How a store treats carts. A store without a row has the defaults.

use chrono::{DateTime, Utc};
use rules::ids::StoreId;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `cart_settings`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "cart_settings")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// Minutes without an edit after which a cart counts as left.
    pub abandoned_after_minutes: i32,
    /// Goes up by one with each change.
    pub version: i64,
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
