//! Words that open a promotion.

use chrono::{DateTime, Utc};
use rules::ids::{DiscountCodeId, PromotionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `discount_codes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "discount_codes")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DiscountCodeId,
    /// The promotion that it opens.
    pub promotion_id: PromotionId,
    /// The word, as the merchant typed it.
    pub code: String,
    /// The word as it is compared; unique in the store among those that are not deleted.
    pub code_normalized: String,
    /// Whether it can be used at all.
    pub enabled: bool,
    /// Orders that used it and are not canceled.
    pub used: i64,
    /// How many orders may use it; none is any number.
    pub usage_limit: Option<i64>,
    /// How many orders of one buyer may use it; none is any number.
    pub limit_per_buyer: Option<i64>,
    /// The first moment at which it holds; none for always.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer holds; none for never.
    pub valid_to: Option<DateTime<Utc>>,
    /// Goes up by one with each change; what is used does not change it.
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
    /// Its row of `promotions`.
    #[sea_orm(
        belongs_to = "super::promotions::Entity",
        from = "(Column::StoreId, Column::PromotionId)",
        to = "(super::promotions::Column::StoreId, super::promotions::Column::Id)"
    )]
    Promotions,
    /// Its rows of `code_redemptions`.
    #[sea_orm(has_many = "super::code_redemptions::Entity")]
    CodeRedemptions,
}

impl Related<super::promotions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Promotions.def()
    }
}

impl Related<super::code_redemptions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CodeRedemptions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
