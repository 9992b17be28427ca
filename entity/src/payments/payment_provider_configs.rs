//! Ways to pay that a store offers, each with the account behind it.

use chrono::{DateTime, Utc};
use rules::ids::{PaymentProviderId, StoreId};
use rules::states::{CaptureMode, PaymentProviderKind};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `payment_provider_configs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "payment_provider_configs")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentProviderId,
    /// With whom, or how, one pays.
    pub kind: PaymentProviderKind,
    /// What buyers choose it by.
    pub name: String,
    /// What buyers have to know, such as a bank account.
    pub instructions: Option<String>,
    /// Whether buyers can choose it.
    pub enabled: bool,
    /// Whether no money moves.
    pub test: bool,
    /// When what the bank promised is taken.
    pub capture_mode: CaptureMode,
    /// The codes of the currencies that it is offered in; none for all.
    #[sea_orm(column_type = "JsonBinary")]
    pub currencies: Option<Json>,
    /// The key that stands in storefronts; no secret.
    pub public_key: Option<String>,
    /// The account at the provider that payments are split with.
    pub subaccount: Option<String>,
    /// The secret key, sealed.
    pub secret_key_sealed: Option<Vec<u8>>,
    /// How the secret key ends.
    pub secret_key_last_four: Option<String>,
    /// What webhooks are signed with, sealed.
    pub webhook_secret_sealed: Option<Vec<u8>>,
    /// How that ends.
    pub webhook_secret_last_four: Option<String>,
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
