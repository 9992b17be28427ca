//! Which code was used by which order, and by whom.

use chrono::{DateTime, Utc};
use rules::ids::{DiscountCodeId, OrderId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `code_redemptions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "code_redemptions")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_id: DiscountCodeId,
    /// The order, or what is about to become one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    /// Who bought: the customer's id, or a guest's e-mail address as it is compared; none where neither is known.
    pub buyer: Option<String>,
    /// When it was taken.
    pub created_at: DateTime<Utc>,
    /// When it was given back; none while it counts.
    pub canceled_at: Option<DateTime<Utc>>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `discount_codes`.
    #[sea_orm(
        belongs_to = "super::discount_codes::Entity",
        from = "(Column::StoreId, Column::CodeId)",
        to = "(super::discount_codes::Column::StoreId, super::discount_codes::Column::Id)"
    )]
    DiscountCodes,
}

impl Related<super::discount_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DiscountCodes.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
