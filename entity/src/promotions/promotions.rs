//! Offers under conditions.

use chrono::{DateTime, Utc};
use rules::ids::{PromotionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `promotions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "promotions")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PromotionId,
    /// What buyers see it called.
    pub name: String,
    /// The name as it is sorted.
    pub sort_name: String,
    /// Whether it counts at all.
    pub enabled: bool,
    /// Its place inside its phase: the lower number goes first. As far as 32 bits go.
    pub priority: i64,
    /// The first moment at which it holds; none for always.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer holds; none for never.
    pub valid_to: Option<DateTime<Utc>>,
    /// The version of the rules that wrote the terms.
    pub rules_version: i64,
    /// What must be so: the JSON of `rules::promotion::Condition`.
    pub condition: String,
    /// What the buyer gets: the JSON of `rules::promotion::Action`.
    pub action: String,
    /// How much of it there is: the JSON of `rules::promotion::Caps`.
    pub caps: String,
    /// What it may stand beside: the JSON of `rules::promotion::Stacking`.
    pub stacking: String,
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
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
    /// Its rows of `promotion_usage`.
    #[sea_orm(has_many = "super::promotion_usage::Entity")]
    PromotionUsage,
    /// Its rows of `promotion_spending`.
    #[sea_orm(has_many = "super::promotion_spending::Entity")]
    PromotionSpending,
    /// Its rows of `applied_promotions`.
    #[sea_orm(has_many = "super::applied_promotions::Entity")]
    AppliedPromotions,
    /// Its rows of `discount_codes`.
    #[sea_orm(has_many = "super::discount_codes::Entity")]
    DiscountCodes,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::promotion_usage::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PromotionUsage.def()
    }
}

impl Related<super::promotion_spending::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PromotionSpending.def()
    }
}

impl Related<super::applied_promotions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AppliedPromotions.def()
    }
}

impl Related<super::discount_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DiscountCodes.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
