//! Orders that staff puts together.

use chrono::{DateTime, Utc};
use rules::Currency;
use rules::ids::{CustomerId, DraftOrderId, StoreId};
use rules::states::DraftOrderStatus;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `draft_orders`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "draft_orders")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DraftOrderId,
    /// Whether it became an order.
    pub status: DraftOrderStatus,
    /// The one currency of all its amounts.
    pub currency: Currency,
    /// Whose it will be; none for whoever has the e-mail address.
    pub customer_id: Option<CustomerId>,
    /// The buyer's e-mail address, as it was typed.
    pub email: Option<String>,
    /// The address as it is compared; set where `email` is.
    pub email_normalized: Option<String>,
    /// The language that the buyer is written to in.
    pub locale: String,
    /// What the order says beside.
    pub note: Option<String>,
    /// A list of pairs of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
    /// A list of words.
    #[sea_orm(column_type = "JsonBinary")]
    pub tags: Json,
    /// The discount codes, as they were typed.
    #[sea_orm(column_type = "JsonBinary")]
    pub codes: Json,
    /// Whether the store's promotions count.
    pub takes_promotions: bool,
    /// What the staff's own discount is called.
    pub discount_name: Option<String>,
    /// How much of the order is off, as a percentage.
    pub discount_percent: Option<String>,
    /// How much is off the order, in minor units.
    pub discount_amount: Option<i64>,
    /// What shipping is called.
    pub shipping_title: Option<String>,
    /// What it costs, in minor units.
    pub shipping_price: Option<i64>,
    /// Where it goes to, as the rules write it.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub shipping_address: Option<Json>,
    /// Who pays, as the rules write it.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub billing_address: Option<Json>,
    /// Whether the buyer pays no tax.
    pub tax_exempt: bool,
    /// What the buyer's own books call it.
    pub purchase_order_number: Option<String>,
    /// The organization that buys.
    pub organization_name: Option<String>,
    /// Its VAT number, as it was given.
    pub vat_number: Option<String>,
    /// When it became an order.
    pub completed_at: Option<DateTime<Utc>>,
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
    /// Its row of `customers`.
    #[sea_orm(
        belongs_to = "crate::customers::customers::Entity",
        from = "(Column::StoreId, Column::CustomerId)",
        to = "(crate::customers::customers::Column::StoreId, crate::customers::customers::Column::Id)"
    )]
    Customers,
    /// Its rows of `draft_order_lines`.
    #[sea_orm(has_many = "super::draft_order_lines::Entity")]
    DraftOrderLines,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<crate::customers::customers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customers.def()
    }
}

impl Related<super::draft_order_lines::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DraftOrderLines.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
