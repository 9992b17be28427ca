//! What a promotion took off in one currency, and how much it may.

use rules::currency::Currency;
use rules::ids::{PromotionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `promotion_spending`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "promotion_spending")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The promotion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub promotion_id: PromotionId,
    /// The currency of the amounts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: Currency,
    /// What it took off orders that are not canceled, in minor units.
    pub spent: i64,
    /// The most that it may take off, in minor units; none is any amount.
    pub budget: Option<i64>,
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
