//! What of store credit is kept for somebody, until a moment.

use chrono::{DateTime, Utc};
use rules::ids::{StoreCreditId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `store_credit_holds`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "store_credit_holds")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The credit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub credit_id: StoreCreditId,
    /// For whom: a typed id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner: String,
    /// How much, in minor units.
    pub amount: i64,
    /// The moment from which it counts no more.
    pub expires_at: DateTime<Utc>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `store_credits`.
    #[sea_orm(
        belongs_to = "super::store_credits::Entity",
        from = "(Column::StoreId, Column::CreditId)",
        to = "(super::store_credits::Column::StoreId, super::store_credits::Column::Id)"
    )]
    StoreCredits,
}

impl Related<super::store_credits::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StoreCredits.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
