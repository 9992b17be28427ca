//! Places where stock is kept.

use chrono::{DateTime, Utc};
use rules::ids::{LocationId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `locations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "locations")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LocationId,
    /// The name to show.
    pub name: String,
    /// The ISO 3166 code of the country that it lies in.
    pub country: Option<String>,
    /// Whether stock goes there when no place is named; at most one of a store.
    pub is_default: bool,
    /// Whether stock is kept there and sent from there; the default always is.
    pub active: bool,
    /// Its place in the store's own order: the lower number sends first.
    pub priority: i32,
    /// Millionths of a degree north of the equator; none where the place is not known.
    pub latitude: Option<i64>,
    /// Millionths of a degree east of Greenwich; none where the place is not known.
    pub longitude: Option<i64>,
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
