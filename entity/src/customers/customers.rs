//! People and companies that buy at a store.

use chrono::{DateTime, Utc};
use rules::ids::{CustomerId, StoreId};
use rules::states::{ConsentSource, CustomerKind, CustomerState};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `customers`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "customers")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerId,
    /// Whether there is an account.
    pub kind: CustomerKind,
    /// Whether the store lets the account in.
    pub state: CustomerState,
    /// The e-mail address as its owner wrote it.
    pub email: String,
    /// The address as it is compared; unique in the store among living customers of the kind.
    pub email_normalized: String,
    /// When the mailbox was proven; none while it was not.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The name as lists are sorted by it: last name, first name, address; folded.
    pub sort_name: String,
    /// The telephone number, as it was typed.
    pub phone: Option<String>,
    /// The language tag that the customer chose; none leaves it to the request.
    pub locale: Option<String>,
    /// Whether news may be sent.
    pub accepts_marketing: bool,
    /// When that was said last; none where it never was.
    pub marketing_changed_at: Option<DateTime<Utc>>,
    /// Where that was said last.
    pub marketing_source: Option<ConsentSource>,
    /// Whether no tax is charged (rule T1).
    pub tax_exempt: bool,
    /// Why not, such as a certificate.
    pub tax_exempt_reason: Option<String>,
    /// The company that buys.
    pub company_name: Option<String>,
    /// The company's number for value-added tax.
    pub vat_number: Option<String>,
    /// What the staff notes; the customer never sees it.
    pub note: Option<String>,
    /// What integrations keep: texts by key.
    #[sea_orm(column_type = "JsonBinary")]
    pub metadata: Json,
    /// The account that took this guest in, once its mailbox was proven.
    pub merged_into_id: Option<CustomerId>,
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
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
    /// Its row of `customer_credentials`.
    #[sea_orm(has_one = "super::customer_credentials::Entity")]
    CustomerCredentials,
    /// Its rows of `customer_addresses`.
    #[sea_orm(has_many = "super::customer_addresses::Entity")]
    CustomerAddresses,
    /// Its rows of `customer_tags`.
    #[sea_orm(has_many = "super::customer_tags::Entity")]
    CustomerTags,
    /// Its rows of `customer_order_totals`.
    #[sea_orm(has_many = "super::customer_order_totals::Entity")]
    CustomerOrderTotals,
    /// Its rows of `customer_sessions`.
    #[sea_orm(has_many = "super::customer_sessions::Entity")]
    CustomerSessions,
    /// Its rows of `customer_one_time_tokens`.
    #[sea_orm(has_many = "super::customer_one_time_tokens::Entity")]
    CustomerOneTimeTokens,
    /// Its rows of `segment_members`.
    #[sea_orm(has_many = "super::segment_members::Entity")]
    SegmentMembers,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::customer_credentials::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CustomerCredentials.def()
    }
}

impl Related<super::customer_addresses::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CustomerAddresses.def()
    }
}

impl Related<super::customer_tags::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CustomerTags.def()
    }
}

impl Related<super::customer_order_totals::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CustomerOrderTotals.def()
    }
}

impl Related<super::customer_sessions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CustomerSessions.def()
    }
}

impl Related<super::customer_one_time_tokens::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CustomerOneTimeTokens.def()
    }
}

impl Related<super::segment_members::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SegmentMembers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
