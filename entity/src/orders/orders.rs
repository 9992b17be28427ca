//! What buyers have ordered.

use chrono::{DateTime, Utc};
use rules::ids::{CartId, CustomerId, DraftOrderId, OrderId, StoreId};
use rules::states::{FulfillmentProgress, OrderCancelReason, OrderStatus, PaymentStatus, ReturnProgress};
use rules::{Currency, RoundingLevel, RoundingMode, TaxMode};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `orders`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderId,
    /// The number that people know it by; counts up in the store.
    pub number: i64,
    /// The cart that it was; none where it never was one.
    pub cart_id: Option<CartId>,
    /// The draft that it was; none where it never was one.
    pub draft_order_id: Option<DraftOrderId>,
    /// Whose it is: an account, or the guest with the e-mail address; none where there is no address.
    pub customer_id: Option<CustomerId>,
    /// The buyer's e-mail address, as it was typed.
    pub email: Option<String>,
    /// The address as it is compared; set where `email` is.
    pub email_normalized: Option<String>,
    /// The one currency of all its amounts.
    pub currency: Currency,
    /// Whether its prices include tax.
    pub tax_mode: TaxMode,
    /// How it was rounded.
    pub rounding_mode: RoundingMode,
    /// What was rounded.
    pub rounding_level: RoundingLevel,
    /// What the lines cost before discounts, in minor units, as every amount here.
    pub subtotal: i64,
    /// What the lines get off.
    pub discount: i64,
    /// What shipping costs before discounts.
    pub shipping_price: i64,
    /// What shipping gets off.
    pub shipping_discount: i64,
    /// The tax that comes on top.
    pub tax_added: i64,
    /// The tax that was inside the prices and is taken off for who pays none.
    pub tax_exempted: i64,
    /// All without tax.
    pub net: i64,
    /// All taxes.
    pub tax: i64,
    /// What the buyer pays.
    pub total: i64,
    /// Where it stands.
    pub status: OrderStatus,
    /// What was paid.
    pub payment_status: PaymentStatus,
    /// What was sent.
    pub fulfillment_progress: FulfillmentProgress,
    /// What came back.
    pub return_progress: ReturnProgress,
    /// When it was called off.
    pub canceled_at: Option<DateTime<Utc>>,
    /// Why it was called off.
    pub cancel_reason: Option<OrderCancelReason>,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// The language that the buyer is written to in.
    pub locale: String,
    /// Where it was sold.
    pub channel: Option<String>,
    /// What the buyer wants the store to know.
    pub note: Option<String>,
    /// A list of pairs of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
    /// What the buyer's own books call it.
    pub purchase_order_number: Option<String>,
    /// The organization that buys.
    pub organization_name: Option<String>,
    /// Its VAT number, as it was given.
    pub vat_number: Option<String>,
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
    /// Its row of `draft_orders`.
    #[sea_orm(
        belongs_to = "super::draft_orders::Entity",
        from = "(Column::StoreId, Column::DraftOrderId)",
        to = "(super::draft_orders::Column::StoreId, super::draft_orders::Column::Id)"
    )]
    DraftOrders,
    /// Its rows of `order_lines`.
    #[sea_orm(has_many = "super::order_lines::Entity")]
    OrderLines,
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

impl Related<super::draft_orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DraftOrders.def()
    }
}

impl Related<super::order_lines::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::OrderLines.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
