//! What is told of payments and refunds.

use entity::payments::{payments, refunds};
use rules::Money;
use rules::ids::{CartId, GiftCardId, OrderId, PaymentId, PaymentProviderId, RefundId, StoreCreditId};
use rules::states::{PaymentEventKind, PaymentReview, PaymentStatus, RefundState};
use serde::Serialize;

use crate::kernel::outbox::Event;
use crate::kernel::{Result, StoreScope, Tx};

/// A payment as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentSnapshot {
    /// The id.
    pub id: PaymentId,
    /// Where it is paid; none where a gift card or store credit is paid with, and for money that came in by hand.
    pub provider_id: Option<PaymentProviderId>,
    /// The gift card that is paid with.
    pub gift_card_id: Option<GiftCardId>,
    /// The store credit that is paid with.
    pub store_credit_id: Option<StoreCreditId>,
    /// The cart that it is for.
    pub cart_id: Option<CartId>,
    /// The order that it is for.
    pub order_id: Option<OrderId>,
    /// What it is about.
    pub amount: Money,
    /// What it has come to, in one word.
    pub status: PaymentStatus,
    /// What was promised.
    pub authorized: Money,
    /// What was taken.
    pub captured: Money,
    /// What was let go.
    pub voided: Money,
    /// What was given back.
    pub refunded: Money,
    /// What we asked to be given back, without an answer so far.
    pub refunding: Money,
    /// Why somebody has to look at it.
    pub review: Option<PaymentReview>,
    /// The version.
    pub version: i64,
}

impl From<&payments::Model> for PaymentSnapshot {
    fn from(row: &payments::Model) -> Self {
        let money = |minor| Money::from_minor(minor, row.currency);
        Self {
            id: row.id,
            provider_id: row.provider_id,
            gift_card_id: row.gift_card_id,
            store_credit_id: row.store_credit_id,
            cart_id: row.cart_id,
            order_id: row.order_id,
            amount: money(row.amount),
            status: row.status,
            authorized: money(row.authorized),
            captured: money(row.captured),
            voided: money(row.voided),
            refunded: money(row.refunded),
            refunding: money(row.refunding),
            review: row.review,
            version: row.version,
        }
    }
}

/// A refund as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundSnapshot {
    /// The id.
    pub id: RefundId,
    /// The payment that the money was taken with.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: RefundState,
    /// Why.
    pub reason: Option<String>,
}

impl From<&refunds::Model> for RefundSnapshot {
    fn from(row: &refunds::Model) -> Self {
        Self {
            id: row.id,
            payment_id: row.payment_id,
            amount: Money::from_minor(row.amount, row.currency),
            state: row.state,
            reason: row.reason.clone(),
        }
    }
}

macro_rules! payment_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The payment after it.
                pub payment: PaymentSnapshot,
                /// How much it is about.
                pub amount: Money,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "payment";

                fn aggregate_id(&self) -> String {
                    self.payment.id.to_string()
                }
            }
        )+
    };
}

payment_events! {
    /// A payment was begun.
    PaymentStarted = "payment.started",
    /// A provider was asked to take or let go of money.
    PaymentRequested = "payment.requested",
    /// The bank promised the amount.
    PaymentAuthorized = "payment.authorized",
    /// The bank, or the provider, refused.
    PaymentDeclined = "payment.declined",
    /// The amount was taken.
    PaymentCaptured = "payment.captured",
    /// What was promised was let go.
    PaymentVoided = "payment.voided",
    /// Money is to be given back.
    PaymentRefundRequested = "payment.refund_requested",
    /// Money was given back.
    PaymentRefunded = "payment.refunded",
    /// Money was not given back after all.
    PaymentRefundFailed = "payment.refund_failed",
    /// Somebody has to look at a payment.
    PaymentReviewNeeded = "payment.review_needed",
    /// Somebody has looked at it.
    PaymentReviewClosed = "payment.review_closed",
}

/// Tells of what happened to a payment.
///
/// # Errors
/// `Internal` where it can't be written as JSON.
pub fn tell(tx: &mut Tx<StoreScope>, after: &payments::Model, kind: PaymentEventKind, amount: Money) -> Result<()> {
    let payment = PaymentSnapshot::from(after);
    match kind {
        PaymentEventKind::Authorized => tx.emit(&PaymentAuthorized { payment, amount }),
        PaymentEventKind::Declined => tx.emit(&PaymentDeclined { payment, amount }),
        PaymentEventKind::Captured => tx.emit(&PaymentCaptured { payment, amount }),
        PaymentEventKind::Voided => tx.emit(&PaymentVoided { payment, amount }),
        PaymentEventKind::RefundRequested => tx.emit(&PaymentRefundRequested { payment, amount }),
        PaymentEventKind::Refunded => tx.emit(&PaymentRefunded { payment, amount }),
        PaymentEventKind::RefundFailed => tx.emit(&PaymentRefundFailed { payment, amount }),
    }
}
