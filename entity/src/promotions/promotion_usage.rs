//! How many orders a promotion was applied to, and how many it is for.

use rules::ids::{PromotionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `promotion_usage`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "promotion_usage")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The promotion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub promotion_id: PromotionId,
    /// Orders that are not canceled.
    pub uses: i64,
    /// How many there may be; none is any number.
    pub maximum_uses: Option<i64>,
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
