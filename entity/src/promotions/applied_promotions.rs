//! Which promotion was applied to which order: what the counters count.

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{OrderId, PromotionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `applied_promotions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "applied_promotions")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The promotion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub promotion_id: PromotionId,
    /// The order, or what is about to become one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    /// The currency of the amount.
    pub currency: Currency,
    /// What it took off, in minor units.
    pub amount: i64,
    /// When it was taken.
    pub created_at: DateTime<Utc>,
    /// When it was given back; none while it counts.
    pub canceled_at: Option<DateTime<Utc>>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `promotions`.
    #[sea_orm(
        belongs_to = "super::promotions::Entity",
        from = "(Column::StoreId, Column::PromotionId)",
        to = "(super::promotions::Column::StoreId, super::promotions::Column::Id)"
    )]
    Promotions,
}

impl Related<super::promotions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Promotions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
