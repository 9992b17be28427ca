//! How payments look in the schema.

use std::sync::Arc;

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::payments::{payment_attempts, payment_events, payments, refunds};
use rules::Money;
use rules::ids::{CartId, OrderId, PaymentAttemptId, PaymentEventId, PaymentId, PaymentProviderId, RefundId};
use rules::permission::Permission;
use rules::states::{
    CaptureMode, DeclineReason, PaymentAttemptKind, PaymentAttemptState, PaymentEventKind, PaymentEventSource,
    PaymentReview, PaymentStatus, RefundState,
};

use super::gift_cards::{GiftCard, GiftCardById};
use super::loaders::{AttemptsByPayment, EventsByPayment, PaymentById, RefundsByPayment};
use super::providers::{PaymentProvider, PaymentProviderById};
use super::record::folded;
use super::store::PaymentFilter;
use super::store_credits::{StoreCredit, StoreCreditById};
use crate::gate::directives::{cost, requires};
use crate::kernel::Error;
use crate::kernel::graph::{Load, object};
use crate::{connection, payload};

/// What somebody pays for one cart or order, by one means: at a provider, with a gift card, or with store credit.
#[derive(Clone)]
pub struct Payment(pub Arc<payments::Model>);

impl From<payments::Model> for Payment {
    fn from(row: payments::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl Payment {
    fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.0.currency)
    }
}

/// What somebody pays for one cart or order, by one means: at a provider, with a gift card, or with store credit.
#[object]
impl Payment {
    /// The payment's id.
    fn id(&self) -> PaymentId {
        self.0.id
    }

    /// Where it is paid; null where a gift card or store credit is paid with, and for money that came in by hand.
    #[graphql(directive = requires::apply(Permission::PaymentProvidersRead))]
    fn provider(&self) -> Load<PaymentProviderById, Option<PaymentProvider>> {
        Load::<PaymentProviderById, _>::maybe(self.0.provider_id, |row| row.map(PaymentProvider))
    }

    /// The gift card that is paid with; null for any other means.
    #[graphql(directive = requires::apply(Permission::GiftCardsRead))]
    fn gift_card(&self) -> Load<GiftCardById, Option<GiftCard>> {
        Load::<GiftCardById, _>::maybe(self.0.gift_card_id, |row| row.map(GiftCard))
    }

    /// The store credit that is paid with; null for any other means.
    #[graphql(directive = requires::apply(Permission::StoreCreditRead))]
    fn store_credit(&self) -> Load<StoreCreditById, Option<StoreCredit>> {
        Load::<StoreCreditById, _>::maybe(self.0.store_credit_id, |row| row.map(StoreCredit))
    }

    /// The cart that it is for, where it began with one.
    fn cart_id(&self) -> Option<CartId> {
        self.0.cart_id
    }

    /// The order that it is for, where there is one.
    fn order_id(&self) -> Option<OrderId> {
        self.0.order_id
    }

    /// What it is about.
    fn amount(&self) -> Money {
        self.money(self.0.amount)
    }

    /// When what the bank promised is taken.
    fn capture_mode(&self) -> CaptureMode {
        self.0.capture_mode
    }

    /// What it has come to, in one word.
    fn status(&self) -> PaymentStatus {
        self.0.status
    }

    /// What was promised.
    fn authorized(&self) -> Money {
        self.money(self.0.authorized)
    }

    /// What was taken.
    fn captured(&self) -> Money {
        self.money(self.0.captured)
    }

    /// What was let go.
    fn voided(&self) -> Money {
        self.money(self.0.voided)
    }

    /// What was given back.
    fn refunded(&self) -> Money {
        self.money(self.0.refunded)
    }

    /// What is being given back, without an answer so far.
    fn refunding(&self) -> Money {
        self.money(self.0.refunding)
    }

    /// What can still be taken.
    fn capturable(&self) -> Money {
        folded(&self.0).capturable()
    }

    /// What can still be given back.
    fn refundable(&self) -> Money {
        folded(&self.0).refundable()
    }

    /// What the provider knows it by.
    fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// Why somebody has to look at it; null where nobody has.
    fn review(&self) -> Option<PaymentReview> {
        self.0.review
    }

    /// What the provider was asked, the oldest first.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn attempts(&self) -> Load<AttemptsByPayment, Vec<PaymentAttempt>> {
        let payment = self.clone();
        Load::<AttemptsByPayment, _>::of(self.0.id, move |rows| {
            rows.into_iter().map(|row| PaymentAttempt { row, payment: payment.clone() }).collect()
        })
    }

    /// What happened to it, in the order in which it was heard of. Nothing of it is ever changed.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn events(&self) -> Load<EventsByPayment, Vec<PaymentEvent>> {
        Load::<EventsByPayment, _>::of(self.0.id, |rows| rows.into_iter().map(PaymentEvent).collect())
    }

    /// What is given back of it, the oldest first.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn refunds(&self) -> Load<RefundsByPayment, Vec<Refund>> {
        Load::<RefundsByPayment, _>::of(self.0.id, |rows| rows.into_iter().map(Refund).collect())
    }

    /// Goes up with each change.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was begun.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

connection!(PaymentConnection, PaymentEdge, Payment, "payments");

/// One request made of a provider.
#[derive(Clone)]
pub struct PaymentAttempt {
    /// Its row.
    pub row: Arc<payment_attempts::Model>,
    /// The payment.
    pub payment: Payment,
}

/// One request made of a provider.
#[object]
impl PaymentAttempt {
    /// The attempt's id; the key under which the provider does it once.
    fn id(&self) -> PaymentAttemptId {
        self.row.id
    }

    /// The payment that it is about.
    fn payment(&self) -> Payment {
        self.payment.clone()
    }

    /// What was asked for.
    fn kind(&self) -> PaymentAttemptKind {
        self.row.kind
    }

    /// What became of it.
    fn state(&self) -> PaymentAttemptState {
        self.row.state
    }

    /// How much it is about.
    fn amount(&self) -> Money {
        self.payment.money(self.row.amount)
    }

    /// Why it was not done.
    fn failure(&self) -> Option<DeclineReason> {
        self.row.failure
    }

    /// When it was asked.
    fn created_at(&self) -> DateTime<Utc> {
        self.row.created_at
    }

    /// When its end was known; null as long as it is not.
    fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.row.finished_at
    }
}

/// Something that happened to a payment.
#[derive(Clone)]
pub struct PaymentEvent(pub Arc<payment_events::Model>);

/// Something that happened to a payment.
#[object]
impl PaymentEvent {
    /// The event's id.
    fn id(&self) -> PaymentEventId {
        self.0.id
    }

    /// What happened.
    fn kind(&self) -> PaymentEventKind {
        self.0.kind
    }

    /// The provider's reference, or the refund's id.
    fn reference(&self) -> &str {
        &self.0.reference
    }

    /// How much it is about.
    fn amount(&self) -> Money {
        Money::from_minor(self.0.amount, self.0.currency)
    }

    /// Who told.
    fn source(&self) -> PaymentEventSource {
        self.0.source
    }

    /// Whether it contradicts what came before, and counts for nothing.
    fn parked(&self) -> bool {
        self.0.parked
    }

    /// When it happened, as the provider says.
    fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// When it was heard of.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// Money of a payment that is given back.
#[derive(Clone)]
pub struct Refund(pub Arc<refunds::Model>);

impl From<refunds::Model> for Refund {
    fn from(row: refunds::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// Money of a payment that is given back.
#[object]
impl Refund {
    /// The refund's id.
    fn id(&self) -> RefundId {
        self.0.id
    }

    /// The payment that the money was taken with.
    fn payment(&self) -> Load<PaymentById, Payment> {
        Load::<PaymentById, _>::try_of(self.0.payment_id, |row| {
            row.map(Payment).ok_or_else(|| Error::internal("a refund without its payment"))
        })
    }

    /// How much.
    fn amount(&self) -> Money {
        Money::from_minor(self.0.amount, self.0.currency)
    }

    /// Where it stands. One that failed can be asked for again.
    fn state(&self) -> RefundState {
        self.0.state
    }

    /// Why, in words of the store.
    fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// What the provider knows it by.
    fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// When it was asked for.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Which payments to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct PaymentFilterInput {
    /// Those that have come to this.
    status: Option<PaymentStatus>,
    /// Those at this provider.
    provider_id: Option<PaymentProviderId>,
    /// Those for this cart.
    cart_id: Option<CartId>,
    /// Those for this order.
    order_id: Option<OrderId>,
    /// Those that somebody has to look at, or those that nobody has.
    needs_review: Option<bool>,
}

impl From<PaymentFilterInput> for PaymentFilter {
    fn from(input: PaymentFilterInput) -> Self {
        Self {
            status: input.status,
            provider: input.provider_id,
            cart: input.cart_id,
            order: input.order_id,
            needs_review: input.needs_review,
        }
    }
}

macro_rules! payment_payloads {
    ($($field:literal $name:ident,)+) => {
        $(
            payload! {
                #[doc = concat!("The answer of `", $field, "`.")]
                $name {
                    /// The payment as it is now.
                    payment: Payment,
                }
            }
        )+
    };
}

payment_payloads! {
    "paymentCapture" PaymentCapturePayload,
    "paymentVoid" PaymentVoidPayload,
    "paymentMarkAsPaid" PaymentMarkAsPaidPayload,
    "paymentSync" PaymentSyncPayload,
    "paymentReviewClose" PaymentReviewClosePayload,
}

payload! {
    /// The answer of `paymentRefund`.
    PaymentRefundPayload {
        /// The refund. Its state tells whether the money was given back.
        refund: Refund,
    }
}
