//! What is told of drafts.

use entity::orders::{draft_order_lines, draft_orders};
use rules::ids::{CustomerId, DraftOrderId, OrderId, ProductVariantId};
use rules::states::DraftOrderStatus;
use rules::{Currency, Money};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A draft as it was at one moment; also what the audit log keeps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftOrderSnapshot {
    pub id: DraftOrderId,
    pub status: DraftOrderStatus,
    pub currency: Currency,
    pub customer_id: Option<CustomerId>,
    pub email: Option<String>,
    pub note: Option<String>,
    pub codes: serde_json::Value,
    pub discount_name: Option<String>,
    pub discount_percent: Option<String>,
    pub discount_amount: Option<Money>,
    pub shipping_title: Option<String>,
    pub shipping_price: Option<Money>,
    pub shipping_address: Option<serde_json::Value>,
    pub billing_address: Option<serde_json::Value>,
    pub tax_exempt: bool,
    pub lines: Vec<DraftOrderLineSnapshot>,
    pub version: i64,
}

/// A line of a draft.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftOrderLineSnapshot {
    pub variant_id: Option<ProductVariantId>,
    pub title: Option<String>,
    pub quantity: i32,
    pub unit_price: Option<Money>,
}

impl DraftOrderSnapshot {
    /// A draft with its lines.
    pub fn of(row: &draft_orders::Model, lines: &[draft_order_lines::Model]) -> Self {
        let money = |minor: Option<i64>| minor.map(|minor| Money::from_minor(minor, row.currency));
        let line = |line: &draft_order_lines::Model| DraftOrderLineSnapshot {
            variant_id: line.variant_id,
            title: line.title.clone(),
            quantity: line.quantity,
            unit_price: money(line.unit_price),
        };
        Self {
            id: row.id,
            status: row.status,
            currency: row.currency,
            customer_id: row.customer_id,
            email: row.email.clone(),
            note: row.note.clone(),
            codes: row.codes.clone(),
            discount_name: row.discount_name.clone(),
            discount_percent: row.discount_percent.clone(),
            discount_amount: money(row.discount_amount),
            shipping_title: row.shipping_title.clone(),
            shipping_price: money(row.shipping_price),
            shipping_address: row.shipping_address.clone(),
            billing_address: row.billing_address.clone(),
            tax_exempt: row.tax_exempt,
            lines: lines.iter().map(line).collect(),
            version: row.version,
        }
    }
}

macro_rules! draft_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The draft after the change, or before it was deleted.
                pub draft_order: DraftOrderSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "draft_order";

                fn aggregate_id(&self) -> String {
                    self.draft_order.id.to_string()
                }
            }
        )+
    };
}

draft_events! {
    /// A draft was made.
    DraftOrderCreated = "draft_order.created",
    /// A draft was changed.
    DraftOrderUpdated = "draft_order.updated",
    /// A draft was thrown away.
    DraftOrderDeleted = "draft_order.deleted",
}

/// A draft became an order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftOrderCompleted {
    /// The draft after it.
    pub draft_order: DraftOrderSnapshot,
    /// The order.
    pub order_id: OrderId,
}

impl Event for DraftOrderCompleted {
    const TOPIC: &'static str = "draft_order.completed";
    const AGGREGATE: &'static str = "draft_order";

    fn aggregate_id(&self) -> String {
        self.draft_order.id.to_string()
    }
}
