//! Who belongs to a segment by hand.

use chrono::{DateTime, Utc};
use rules::ids::{CustomerId, SegmentId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `segment_members`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "segment_members")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The segment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub segment_id: SegmentId,
    /// The customer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: CustomerId,
    /// When the customer was put in.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `segments`.
    #[sea_orm(
        belongs_to = "super::segments::Entity",
        from = "(Column::StoreId, Column::SegmentId)",
        to = "(super::segments::Column::StoreId, super::segments::Column::Id)"
    )]
    Segments,
    /// Its row of `customers`.
    #[sea_orm(
        belongs_to = "super::customers::Entity",
        from = "(Column::StoreId, Column::CustomerId)",
        to = "(super::customers::Column::StoreId, super::customers::Column::Id)"
    )]
    Customers,
}

impl Related<super::segments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Segments.def()
    }
}

impl Related<super::customers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
