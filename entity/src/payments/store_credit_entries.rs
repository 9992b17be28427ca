//! Changes of customers' store credit: appended, never changed.

use chrono::{DateTime, Utc};
use rules::ids::{StoreCreditEntryId, StoreCreditId, StoreId};
use rules::states::StoreCreditEntryKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `store_credit_entries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "store_credit_entries")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoreCreditEntryId,
    /// The credit.
    pub credit_id: StoreCreditId,
    /// Its number among those of the credit, from 1.
    pub sequence: i64,
    /// Why it changed.
    pub kind: StoreCreditEntryKind,
    /// By how much, in minor units.
    pub amount: i64,
    /// What there was of it then.
    pub balance: i64,
    /// What was paid with it: a typed id.
    pub owner: Option<String>,
    /// What the store wrote down of it.
    pub note: Option<String>,
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
