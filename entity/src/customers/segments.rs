//! Sets of customers that prices and promotions can be for.

use chrono::{DateTime, Utc};
use rules::ids::{SegmentId, StoreId};
use rules::states::SegmentKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `segments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "segments")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SegmentId,
    /// The name, unique in the store.
    pub name: String,
    /// The name as it is compared.
    pub name_normalized: String,
    /// What it is for, for the staff.
    pub description: Option<String>,
    /// Who says who belongs to it.
    pub kind: SegmentKind,
    /// The rule in JSON; there where the rule says.
    pub rule: Option<String>,
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
    /// Its rows of `segment_members`.
    #[sea_orm(has_many = "super::segment_members::Entity")]
    SegmentMembers,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::segment_members::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SegmentMembers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
