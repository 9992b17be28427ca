//! What hangs on an order.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::orders::{
    order_addresses, order_attributions, order_discounts, order_notes, order_payment_tasks, order_payments,
    order_shipping_lines, order_status_history, order_taxes, orders,
};
use rules::ids::{OrderLineId, PaymentId, PromotionId, ShippingRateId};
use rules::place::Place;
use rules::states::{ActorKind, DiscountPhase, OrderStatusKind, PaymentStatus, PaymentTaskKind};
use rules::tax::TaxPart;
use rules::{Currency, Money};

use crate::kernel::graph::object;
use crate::kernel::{Error, Result};
use crate::orders::store;
use crate::places;
use crate::tax::TaxLine;

/// What came off one part of an order.
#[object]
#[derive(Clone)]
pub struct OrderDiscountShare {
    /// What it was called.
    name: String,
    /// The code that was given for it.
    code: Option<String>,
    /// What is off what.
    phase: DiscountPhase,
    /// How much, in the order's tax mode.
    amount: Money,
    /// The id of the promotion; null for a discount of the staff's own.
    promotion_id: Option<PromotionId>,
    /// The id of the line; null for shipping.
    line_id: Option<OrderLineId>,
}

impl OrderDiscountShare {
    /// A discount of an order in a currency.
    pub fn new(row: Arc<order_discounts::Model>, currency: Currency) -> Self {
        Self {
            name: row.name.clone(),
            code: row.code.clone(),
            phase: row.phase,
            amount: Money::from_minor(row.amount, currency),
            promotion_id: row.promotion_id,
            line_id: row.line_id,
        }
    }
}

/// How a part of an order is shipped.
#[object]
#[derive(Clone)]
pub struct OrderShippingLine {
    /// What it was called.
    title: String,
    /// The id of the shipping rate; null where staff named the price.
    rate_id: Option<ShippingRateId>,
    /// What it costs before discounts, in the order's tax mode.
    price: Money,
    /// What is off.
    discount: Money,
    /// What is left, in the order's tax mode.
    total: Money,
    /// The same without tax.
    net: Money,
    /// All taxes on it.
    tax: Money,
    /// What the buyer pays for it: net and tax.
    gross: Money,
}

impl OrderShippingLine {
    /// A shipping line of an order in a currency.
    pub fn new(row: Arc<order_shipping_lines::Model>, currency: Currency) -> Self {
        let money = |minor| Money::from_minor(minor, currency);
        Self {
            title: row.title.clone(),
            rate_id: row.rate_id,
            price: money(row.price),
            discount: money(row.discount),
            total: money(row.amount),
            net: money(row.net),
            tax: money(row.tax),
            gross: money(row.gross),
        }
    }
}

/// A tax of an order in a currency.
pub fn tax(row: &order_taxes::Model, currency: Currency) -> Result<TaxLine> {
    let money = |minor| Money::from_minor(minor, currency);
    let rate = row.rate.parse().map_err(|_| Error::internal("a tax has a rate that is no number"))?;
    Ok(TaxLine::from(&TaxPart { name: row.name.clone(), rate, net: money(row.net), tax: money(row.tax) }))
}

/// An address of an order.
pub fn address(row: &order_addresses::Model) -> places::Address {
    let row = row.clone();
    places::Address(rules::address::Address {
        first_name: row.first_name,
        last_name: row.last_name,
        company: row.company,
        address1: row.address1,
        address2: row.address2,
        city: row.city,
        phone: row.phone,
        place: Place { country: row.country, region: row.region, postal_code: row.postal_code },
    })
}

/// Who did something at the store.
#[object]
#[derive(Clone)]
pub struct OrderActor {
    /// What kind of caller it was.
    kind: ActorKind,
    /// The id of the person or token; null for the platform itself and for who was not known.
    actor_id: Option<String>,
}

/// A note about an order, for the store's people alone.
#[object]
#[derive(Clone)]
pub struct OrderNote {
    /// What it says.
    body: String,
    /// Who wrote it.
    author: OrderActor,
    /// When it was written.
    created_at: DateTime<Utc>,
}

impl From<order_notes::Model> for OrderNote {
    fn from(row: order_notes::Model) -> Self {
        Self {
            body: row.body,
            author: OrderActor { kind: row.actor_kind, actor_id: row.actor_id },
            created_at: row.created_at,
        }
    }
}

/// One change of where an order stands.
#[object]
#[derive(Clone)]
pub struct OrderStatusChange {
    /// What changed.
    kind: OrderStatusKind,
    /// What it was; null at the beginning.
    from: Option<String>,
    /// What it became.
    to: String,
    /// Who did what changed it.
    actor: OrderActor,
    /// Why, where it was said.
    reason: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<&order_status_history::Model> for OrderStatusChange {
    fn from(row: &order_status_history::Model) -> Self {
        let row = row.clone();
        Self {
            kind: row.kind,
            from: row.from_status,
            to: row.to_status,
            actor: OrderActor { kind: row.actor_kind, actor_id: row.actor_id },
            reason: row.reason,
            created_at: row.created_at,
        }
    }
}

/// What led a buyer to an order.
#[object]
#[derive(Clone)]
pub struct OrderAttribution {
    /// Which site sent the buyer, as the link says.
    utm_source: Option<String>,
    /// By which medium.
    utm_medium: Option<String>,
    /// By which campaign.
    utm_campaign: Option<String>,
    /// For which words.
    utm_term: Option<String>,
    /// By which of several links.
    utm_content: Option<String>,
    /// The page that the buyer came from.
    referrer: Option<String>,
    /// The page that the buyer came to first.
    landing_page: Option<String>,
}

impl From<&order_attributions::Model> for OrderAttribution {
    fn from(row: &order_attributions::Model) -> Self {
        let row = row.clone();
        Self {
            utm_source: row.utm_source,
            utm_medium: row.utm_medium,
            utm_campaign: row.utm_campaign,
            utm_term: row.utm_term,
            utm_content: row.utm_content,
            referrer: row.referrer,
            landing_page: row.landing_page,
        }
    }
}

/// What a payment of an order has come to.
#[object]
#[derive(Clone)]
pub struct OrderPayment {
    /// The payment's id.
    payment_id: PaymentId,
    /// What was paid by it.
    status: PaymentStatus,
    /// What was promised.
    authorized: Money,
    /// What was taken.
    captured: Money,
    /// What was given back.
    refunded: Money,
}

impl OrderPayment {
    /// A payment of an order.
    pub fn new(order: &orders::Model, row: &order_payments::Model) -> Self {
        let payment = store::payment(order, row);
        Self {
            payment_id: row.payment_id,
            status: payment.status(),
            authorized: payment.authorized,
            captured: payment.captured,
            refunded: payment.refunded,
        }
    }
}

/// Something that is to be done about a payment of an order that was called off.
#[object]
#[derive(Clone)]
pub struct OrderPaymentTask {
    /// What is to be done.
    kind: PaymentTaskKind,
    /// The payment's id.
    payment_id: PaymentId,
    /// How much it is about.
    amount: Money,
    /// Since when it is to be done.
    created_at: DateTime<Utc>,
    /// When it was done; null before.
    done_at: Option<DateTime<Utc>>,
}

impl OrderPaymentTask {
    /// A task of an order in a currency.
    pub fn new(row: &order_payment_tasks::Model, currency: Currency) -> Self {
        Self {
            kind: row.kind,
            payment_id: row.payment_id,
            amount: Money::from_minor(row.amount, currency),
            created_at: row.created_at,
            done_at: row.done_at,
        }
    }
}
