//! Shops, each a tenant of its own.

use chrono::{DateTime, Utc};
use rules::ids::{OrganizationId, StoreId};
use rules::states::{DocumentPolicy, StorePlan};
use rules::{Currency, RoundingLevel, RoundingMode, TaxMode};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `stores`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "stores")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoreId,
    /// The organization that the row belongs to.
    pub organization_id: OrganizationId,
    /// The short name in addresses; unique on the platform among stores that are not deleted.
    pub handle: String,
    /// The name to show.
    pub name: String,
    /// The currency that the merchant thinks in.
    pub currency: Currency,
    /// The language tag of the texts as they are first written.
    pub locale: String,
    /// The ISO 3166 code of the country that the store sells from.
    pub country: Option<String>,
    /// Whether prices hold their tax.
    pub tax_mode: TaxMode,
    /// How a fraction of a minor unit is rounded (rule M4).
    pub rounding_mode: RoundingMode,
    /// What is rounded: the line or the unit (rule M4).
    pub rounding_level: RoundingLevel,
    /// The IANA name of the time zone that days begin in.
    pub time_zone: String,
    /// How much of the platform it may use.
    pub plan: StorePlan,
    /// Which of its callers may send only documents that it has registered.
    pub document_policy: DocumentPolicy,
    /// Since when the platform keeps the store shut.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Goes up by one with each change.
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
    /// Its row of `organizations`.
    #[sea_orm(
        belongs_to = "super::organizations::Entity",
        from = "Column::OrganizationId",
        to = "super::organizations::Column::Id"
    )]
    Organizations,
    /// Its rows of `store_currencies`.
    #[sea_orm(has_many = "super::store_currencies::Entity")]
    StoreCurrencies,
    /// Its rows of `store_locales`.
    #[sea_orm(has_many = "super::store_locales::Entity")]
    StoreLocales,
    /// Its rows of `store_domains`.
    #[sea_orm(has_many = "super::store_domains::Entity")]
    StoreDomains,
    /// Its rows of `api_tokens`.
    #[sea_orm(has_many = "super::api_tokens::Entity")]
    ApiTokens,
    /// Its rows of `trusted_documents`.
    #[sea_orm(has_many = "super::trusted_documents::Entity")]
    TrustedDocuments,
}

impl Related<super::organizations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organizations.def()
    }
}

impl Related<super::store_currencies::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StoreCurrencies.def()
    }
}

impl Related<super::store_locales::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StoreLocales.def()
    }
}

impl Related<super::store_domains::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StoreDomains.def()
    }
}

impl Related<super::api_tokens::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ApiTokens.def()
    }
}

impl Related<super::trusted_documents::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TrustedDocuments.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
