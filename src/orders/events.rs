//! What is told of orders.

use chrono::{DateTime, Utc};
use entity::orders::{order_addresses, order_discounts, order_lines, order_shipping_lines, order_tags, orders};
use rules::ids::{
    CartId, CustomerId, DraftOrderId, OrderId, OrderLineId, OrderNoteId, ProductId, ProductVariantId, PromotionId,
    ShippingRateId,
};
use rules::states::{
    AddressKind, DiscountPhase, FulfillmentProgress, OrderCancelReason, OrderLineKind, OrderStatus, PaymentStatus,
    ReturnProgress,
};
use rules::{Money, TaxMode};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// An order as it was at one moment, complete in itself; also what the audit log keeps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderSnapshot {
    pub id: OrderId,
    pub number: i64,
    pub cart_id: Option<CartId>,
    pub draft_order_id: Option<DraftOrderId>,
    pub customer_id: Option<CustomerId>,
    pub email: Option<String>,
    pub locale: String,
    pub channel: Option<String>,
    pub status: OrderStatus,
    pub payment_status: PaymentStatus,
    pub fulfillment_status: FulfillmentProgress,
    pub return_status: ReturnProgress,
    pub tax_mode: TaxMode,
    pub subtotal: Money,
    pub discount: Money,
    pub shipping_price: Money,
    pub shipping_discount: Money,
    pub net: Money,
    pub tax: Money,
    pub tax_exempted: Money,
    pub total: Money,
    pub lines: Vec<LineSnapshot>,
    pub shipping_lines: Vec<ShippingLineSnapshot>,
    pub discounts: Vec<DiscountSnapshot>,
    pub addresses: Vec<AddressSnapshot>,
    pub note: Option<String>,
    pub attributes: serde_json::Value,
    pub tags: Vec<String>,
    pub purchase_order_number: Option<String>,
    pub organization_name: Option<String>,
    pub vat_number: Option<String>,
    pub placed_at: DateTime<Utc>,
    pub canceled_at: Option<DateTime<Utc>>,
    pub cancel_reason: Option<OrderCancelReason>,
    pub version: i64,
}

/// A line of an order.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineSnapshot {
    pub id: OrderLineId,
    pub kind: OrderLineKind,
    pub product_id: Option<ProductId>,
    pub variant_id: Option<ProductVariantId>,
    pub title: String,
    pub variant_title: Option<String>,
    pub sku: Option<String>,
    pub quantity: i64,
    pub unit_price: Money,
    pub discount: Money,
    pub net: Money,
    pub tax: Money,
    pub gross: Money,
    pub requires_shipping: bool,
    pub fulfilled: i64,
    pub returned: i64,
}

/// A part of an order that is shipped one way.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingLineSnapshot {
    pub rate_id: Option<ShippingRateId>,
    pub title: String,
    pub price: Money,
    pub discount: Money,
    pub gross: Money,
}

/// What came off a line or off shipping.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscountSnapshot {
    pub line_id: Option<OrderLineId>,
    pub promotion_id: Option<PromotionId>,
    pub name: String,
    pub code: Option<String>,
    pub phase: DiscountPhase,
    pub amount: Money,
}

/// An address of an order.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressSnapshot {
    pub kind: AddressKind,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company: Option<String>,
    pub address1: String,
    pub address2: Option<String>,
    pub city: String,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: String,
    pub phone: Option<String>,
}

impl OrderSnapshot {
    /// An order with what hangs on it.
    pub fn of(
        order: &orders::Model,
        lines: &[order_lines::Model],
        shipping: &[order_shipping_lines::Model],
        addresses: &[order_addresses::Model],
        discounts: &[order_discounts::Model],
        tags: &[order_tags::Model],
    ) -> Self {
        let money = |minor| Money::from_minor(minor, order.currency);
        let line = |row: &order_lines::Model| LineSnapshot {
            id: row.id,
            kind: row.kind,
            product_id: row.product_id,
            variant_id: row.variant_id,
            title: row.title.clone(),
            variant_title: row.variant_title.clone(),
            sku: row.sku.clone(),
            quantity: row.quantity,
            unit_price: money(row.unit_price),
            discount: money(row.discount),
            net: money(row.net),
            tax: money(row.tax),
            gross: money(row.gross),
            requires_shipping: row.requires_shipping,
            fulfilled: row.fulfilled,
            returned: row.returned,
        };
        let shipped = |row: &order_shipping_lines::Model| ShippingLineSnapshot {
            rate_id: row.rate_id,
            title: row.title.clone(),
            price: money(row.price),
            discount: money(row.discount),
            gross: money(row.gross),
        };
        let off = |row: &order_discounts::Model| DiscountSnapshot {
            line_id: row.line_id,
            promotion_id: row.promotion_id,
            name: row.name.clone(),
            code: row.code.clone(),
            phase: row.phase,
            amount: money(row.amount),
        };
        Self {
            id: order.id,
            number: order.number,
            cart_id: order.cart_id,
            draft_order_id: order.draft_order_id,
            customer_id: order.customer_id,
            email: order.email.clone(),
            locale: order.locale.clone(),
            channel: order.channel.clone(),
            status: order.status,
            payment_status: order.payment_status,
            fulfillment_status: order.fulfillment_progress,
            return_status: order.return_progress,
            tax_mode: order.tax_mode,
            subtotal: money(order.subtotal),
            discount: money(order.discount),
            shipping_price: money(order.shipping_price),
            shipping_discount: money(order.shipping_discount),
            net: money(order.net),
            tax: money(order.tax),
            tax_exempted: money(order.tax_exempted),
            total: money(order.total),
            lines: lines.iter().map(line).collect(),
            shipping_lines: shipping.iter().map(shipped).collect(),
            discounts: discounts.iter().map(off).collect(),
            addresses: addresses.iter().map(AddressSnapshot::from).collect(),
            note: order.note.clone(),
            attributes: order.attributes.clone(),
            tags: tags.iter().map(|tag| tag.name.clone()).collect(),
            purchase_order_number: order.purchase_order_number.clone(),
            organization_name: order.organization_name.clone(),
            vat_number: order.vat_number.clone(),
            placed_at: order.placed_at,
            canceled_at: order.canceled_at,
            cancel_reason: order.cancel_reason,
            version: order.version,
        }
    }
}

impl From<&order_addresses::Model> for AddressSnapshot {
    fn from(row: &order_addresses::Model) -> Self {
        let row = row.clone();
        Self {
            kind: row.kind,
            first_name: row.first_name,
            last_name: row.last_name,
            company: row.company,
            address1: row.address1,
            address2: row.address2,
            city: row.city,
            region: row.region,
            postal_code: row.postal_code,
            country: row.country,
            phone: row.phone,
        }
    }
}

macro_rules! order_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The order after the change.
                pub order: OrderSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "order";

                fn aggregate_id(&self) -> String {
                    self.order.id.to_string()
                }
            }
        )+
    };
}

order_events! {
    /// An order was placed.
    OrderPlaced = "order.placed",
    /// What is known of an order was changed.
    OrderUpdated = "order.updated",
    /// An order was called off.
    OrderCanceled = "order.canceled",
    /// What was paid of an order has changed.
    OrderPaymentChanged = "order_payment.changed",
    /// What was sent of an order, or came back, has changed.
    OrderUnitsChanged = "order_units.changed",
}

/// Somebody of the store wrote a note about an order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderNoteAdded {
    /// The order.
    pub order_id: OrderId,
    /// The note.
    pub order_note_id: OrderNoteId,
    /// What it says.
    pub body: String,
}

impl Event for OrderNoteAdded {
    const TOPIC: &'static str = "order_note.added";
    const AGGREGATE: &'static str = "order";

    fn aggregate_id(&self) -> String {
        self.order_id.to_string()
    }
}

/// Somebody who has the mailbox of an order, or types it, asked to see the order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderLookedUp {
    /// The order.
    pub order_id: OrderId,
}

impl Event for OrderLookedUp {
    const TOPIC: &'static str = "order.looked_up";
    const AGGREGATE: &'static str = "order";

    fn aggregate_id(&self) -> String {
        self.order_id.to_string()
    }
}
