//! Money that whoever knows a code can pay with.

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{GiftCardId, StoreId};
use rules::states::GiftCardState;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `gift_cards`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "gift_cards")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GiftCardId,
    /// The SHA-256 of the code.
    pub code_hash: Vec<u8>,
    /// How the code ends.
    pub last_four: String,
    /// Whether it can be used.
    pub state: GiftCardState,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What it was issued with, in minor units.
    pub issued: i64,
    /// What it is worth, in minor units: the sum of its entries.
    pub balance: i64,
    /// How many entries it has.
    pub entry_count: i64,
    /// The first moment at which it can't be used any more; none for never.
    pub expires_at: Option<DateTime<Utc>>,
    /// What the store wrote down of it.
    pub note: Option<String>,
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
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
