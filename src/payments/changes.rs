//! How money of a payment is taken, let go and given back: asked inside one write, done outside, recorded in another.
//!
//! Whoever asks holds the payment while it is decided whether it may be done. A refund counts from the moment that it is
//! asked for, so that refunds never sum to more than was taken, however many are asked for at once (rule Y3); of
//! captures and voids there is one at a time.

use entity::payments::{payment_attempts, payments, refunds};
use futures::FutureExt;
use rules::ids::{PaymentAttemptId, PaymentId, RefundId};
use rules::states::{
    PaymentAttemptKind, PaymentAttemptState, PaymentEventKind, PaymentEventSource, PaymentProviderKind, RefundState,
};
use rules::{ErrorCode, Money, Problem};

use super::asking::{look_up, settle};
use super::events::{PaymentRequested, PaymentSnapshot, RefundSnapshot};
use super::gateway::{self, Change, Fact, RefundAsked};
use super::record::{folded, own_fact, record};
use super::session::{Progress, attempt, new_attempt, provider_of};
use super::{providers, store, stored};
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, once};

/// A refund to be made.
#[derive(Debug, Clone)]
pub struct Refund {
    /// The payment.
    pub payment: PaymentId,
    /// How much; all that is left where it is none.
    pub amount: Option<Money>,
    /// Why, in words of the store.
    pub reason: Option<String>,
    /// What it is known by: the same key again is the same refund.
    pub key: Option<String>,
}

/// What became of undoing a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// Whether it had been made.
    pub was_made: bool,
    /// Whether nothing of it is left; where not, it is to be undone again later.
    pub finished: bool,
}

/// Takes so much of what was promised, or all of it.
///
/// # Errors
/// `NotFound`; `Conflict` with `OUT_OF_RANGE` for more than is left, and `NOT_ALLOWED` while another change is under
/// way or where the payment is told of by hand.
pub async fn capture(ctx: &Ctx, payment: PaymentId, amount: Option<Money>) -> Result<Progress> {
    change(ctx, payment, Wanted::Capture(amount)).await
}

/// Lets go of what was promised and not taken; where nothing was promised yet, sees that it won't be.
///
/// # Errors
/// `NotFound`; `Conflict` with `NOT_ALLOWED` where all was taken or let go, and while another change is under way.
pub async fn void(ctx: &Ctx, payment: PaymentId) -> Result<Progress> {
    change(ctx, payment, Wanted::Void).await
}

/// A change of what was promised.
#[derive(Clone, Copy)]
enum Wanted {
    /// To take so much of it, or all.
    Capture(Option<Money>),
    /// To let go of the rest.
    Void,
}

impl Wanted {
    fn action(self) -> Action {
        match self {
            Self::Capture(_) => Action::PaymentCapture,
            Self::Void => Action::PaymentVoid,
        }
    }

    fn kind(self) -> PaymentAttemptKind {
        match self {
            Self::Capture(_) => PaymentAttemptKind::Capture,
            Self::Void => PaymentAttemptKind::Void,
        }
    }

    /// How much it is about, where the payment allows it.
    fn amount(self, row: &payments::Model) -> Result<Money> {
        let sums = folded(row);
        match self {
            Self::Capture(amount) => {
                let amount = amount.unwrap_or(sums.capturable());
                sums.may_capture(amount).map_err(Error::Conflict)?;
                Ok(amount)
            }
            Self::Void if sums.capturable().minor() > 0 => Ok(sums.capturable()),
            Self::Void if row.captured == 0 && row.voided == 0 => Ok(Money::from_minor(row.amount, row.currency)),
            Self::Void => Err(not_allowed("Nothing of it is left to let go: give back what was taken.")),
        }
    }
}

async fn change(ctx: &Ctx, payment: PaymentId, wanted: Wanted) -> Result<Progress> {
    let (row, asked) = once(ctx, || ask_change(ctx, payment, wanted).boxed()).await?;
    let scope = ctx.store().await?;
    let (gateway, account) = provider_of(ctx, &scope, &row).await?;
    drop(scope);
    let change = of_provider(&row, &asked);
    let outside = ctx.outside().await?;
    let outcome = match wanted {
        Wanted::Capture(_) => gateway::ask(&outside, gateway.capture(&account, &change)).await,
        Wanted::Void => gateway::ask(&outside, gateway.void(&account, &change)).await,
    };
    settle(ctx, asked.id, PaymentEventSource::Answer, outcome).await
}

async fn ask_change(
    ctx: &Ctx,
    payment: PaymentId,
    wanted: Wanted,
) -> Result<(payments::Model, payment_attempts::Model)> {
    let mut tx = ctx.begin_store(wanted.action()).await?;
    let row = store::lock(&tx, payment).await?.ok_or(Error::NotFound)?;
    refuse_by_hand(&tx, &row, wanted.kind()).await?;
    let amount = wanted.amount(&row)?;
    let mut open = store::list_open(&tx, payment).await?.into_iter();
    if open.any(|other| matches!(other.kind, PaymentAttemptKind::Capture | PaymentAttemptKind::Void)) {
        return Err(not_allowed("Another change of this payment is under way: wait for it."));
    }
    let asked = attempt(&tx, &row, wanted.kind(), amount.minor()).await?;
    tx.emit(&PaymentRequested { payment: PaymentSnapshot::from(&row), amount })?;
    tx.commit(Audit::updated("payment", payment, &PaymentSnapshot::from(&row), &asked_of(&asked))).await?;
    Ok((row, asked))
}

/// What is told of by hand is not taken by asking anybody.
async fn refuse_by_hand(tx: &Tx<StoreScope>, row: &payments::Model, kind: PaymentAttemptKind) -> Result<()> {
    if kind == PaymentAttemptKind::Capture && is_by_hand(tx, row).await? {
        return Err(not_allowed("Say that the money has come in: `paymentMarkAsPaid`."));
    }
    Ok(())
}

/// Whether a payment is told of by somebody's own hand, such as a bank transfer.
///
/// # Errors
/// What the database says.
pub async fn is_by_hand(scope: &StoreScope, payment: &payments::Model) -> Result<bool> {
    let Some(provider) = payment.provider_id else { return Ok(false) };
    Ok(providers::find(scope, provider).await?.is_some_and(|provider| by_hand(provider.kind)))
}

fn by_hand(kind: PaymentProviderKind) -> bool {
    matches!(kind, PaymentProviderKind::BankTransfer | PaymentProviderKind::CashOnDelivery)
}

fn of_provider(payment: &payments::Model, attempt: &payment_attempts::Model) -> Change {
    Change {
        payment: payment.id,
        key: attempt.id,
        reference: payment.reference.clone().unwrap_or_default(),
        amount: Money::from_minor(attempt.amount, payment.currency),
    }
}

fn asked_of(attempt: &payment_attempts::Model) -> serde_json::Value {
    serde_json::json!({ "attempt": attempt.id, "asked": attempt.kind, "amount": attempt.amount })
}

fn not_allowed(message: &str) -> Error {
    Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message))
}

/// Gives back so much of what was taken (rule Y3). It counts as given from the moment that it is asked for, until it is
/// known to have failed; then it can be asked for again.
///
/// # Errors
/// `NotFound`; `Conflict` with `OUT_OF_RANGE` for more than is left, and `IDEMPOTENCY_KEY_REUSED` where the key names
/// another refund.
pub async fn refund(ctx: &Ctx, wanted: &Refund) -> Result<refunds::Model> {
    let asked = once(ctx, || ask_refund(ctx, wanted).boxed()).await?;
    let (row, refund, attempt) = match asked {
        Asked::Before(refund) => return Ok(refund),
        Asked::Now(asked) => *asked,
    };
    let scope = ctx.store().await?;
    let (gateway, account) = provider_of(ctx, &scope, &row).await?;
    drop(scope);
    let asked = RefundAsked { change: of_provider(&row, &attempt), refund: refund.id };
    let outside = ctx.outside().await?;
    let outcome = gateway::ask(&outside, gateway.refund(&account, &asked)).await;
    settle(ctx, attempt.id, PaymentEventSource::Answer, outcome).await?;
    let refund = store::find_refund(&ctx.store().await?, refund.id).await?;
    refund.ok_or_else(|| Error::internal("a refund that was just written is gone"))
}

enum Asked {
    /// It was asked for before, or is made already.
    Before(refunds::Model),
    Now(Box<(payments::Model, refunds::Model, payment_attempts::Model)>),
}

async fn ask_refund(ctx: &Ctx, wanted: &Refund) -> Result<Asked> {
    let mut tx = ctx.begin_store(Action::PaymentRefund).await?;
    let row = store::lock(&tx, wanted.payment).await?.ok_or(Error::NotFound)?;
    if let Some(key) = &wanted.key
        && let Some(known) = store::find_refund_by_key(&tx, key).await?
    {
        let amount = Money::from_minor(known.amount, known.currency);
        if known.payment_id == row.id && wanted.amount.is_none_or(|wanted| wanted == amount) {
            return Ok(Asked::Before(known));
        }
        let message = "This key names another refund already: choose a new one.";
        return Err(Error::Conflict(Problem::new(ErrorCode::IdempotencyKeyReused, "idempotencyKey", message)));
    }
    let sums = folded(&row);
    let amount = wanted.amount.unwrap_or(sums.refundable());
    sums.may_refund(amount).map_err(Error::Conflict)?;
    let id: RefundId = ctx.id();
    let refund = refunds::Model {
        store_id: tx.id(),
        id,
        payment_id: row.id,
        currency: row.currency,
        amount: amount.minor(),
        state: RefundState::Requested,
        reason: wanted.reason.clone(),
        idempotency_key: wanted.key.clone(),
        reference: None,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    let refund = store::insert_refund(&tx, refund).await?;
    let fact = own_fact(ctx, PaymentEventKind::RefundRequested, id, amount);
    let fact = Fact { refund: Some(id), ..fact };
    // What was taken of the store's own books goes back in this very write; what came in by hand, by whoever asks.
    if row.provider_id.is_none() {
        let source = match stored::give_back(&mut tx, &row, amount).await? {
            true => PaymentEventSource::Ledger,
            false => PaymentEventSource::Staff,
        };
        let made = Fact { kind: PaymentEventKind::Refunded, ..fact.clone() };
        record(&mut tx, row, source, &[fact, made]).await?;
        let refund = store::find_refund(&tx, id).await?.ok_or(Error::NotFound)?;
        tx.commit(Audit::created("refund", id, &RefundSnapshot::from(&refund))).await?;
        return Ok(Asked::Before(refund));
    }
    let attempt = payment_attempts::Model {
        refund_id: Some(id),
        ..new_attempt(ctx, &row, PaymentAttemptKind::Refund, amount.minor())
    };
    let attempt = store::insert_attempt(&tx, attempt).await?;
    let recorded = record(&mut tx, row, PaymentEventSource::Staff, &[fact]).await?;
    tx.commit(Audit::created("refund", id, &RefundSnapshot::from(&refund))).await?;
    Ok(Asked::Now(Box::new((recorded.payment, refund, attempt))))
}

/// Says that money has come in by hand: a transfer, or cash.
///
/// # Errors
/// `NotFound`; `Conflict` with `NOT_ALLOWED` where a provider tells of the payment itself, and `OUT_OF_RANGE` for more
/// than is missing.
pub async fn mark_as_paid(ctx: &Ctx, payment: PaymentId, amount: Option<Money>) -> Result<payments::Model> {
    once(ctx, || mark_once(ctx, payment, amount).boxed()).await
}

async fn mark_once(ctx: &Ctx, payment: PaymentId, amount: Option<Money>) -> Result<payments::Model> {
    let mut tx = ctx.begin_store(Action::PaymentMarkAsPaid).await?;
    let row = store::lock(&tx, payment).await?.ok_or(Error::NotFound)?;
    if !is_by_hand(&tx, &row).await? {
        return Err(not_allowed("What came in of this payment is known already: nobody tells of it by hand."));
    }
    if row.voided > 0 {
        return Err(not_allowed("It was called off: begin another payment."));
    }
    let missing = Money::from_minor(row.amount - row.captured, row.currency);
    let amount = amount.unwrap_or(missing);
    let fits = amount.currency() == row.currency && amount.minor() > 0 && amount.minor() <= missing.minor();
    if !fits {
        let message = format!("Give an amount above nothing, and at most the {missing} that are missing.");
        return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "amount", message)));
    }
    let before = PaymentSnapshot::from(&row);
    let came_in: PaymentAttemptId = ctx.id();
    let promise = own_fact(ctx, PaymentEventKind::Authorized, row.id, Money::from_minor(row.amount, row.currency));
    let fact = own_fact(ctx, PaymentEventKind::Captured, came_in, amount);
    let after = record(&mut tx, row, PaymentEventSource::Staff, &[promise, fact]).await?.payment;
    tx.commit(Audit::updated("payment", payment, &before, &PaymentSnapshot::from(&after))).await?;
    Ok(after)
}

/// Undoes a payment, be it made or not: gives back what was taken, lets go of what was promised, and else sees that it
/// can't come any more. Done again, it does nothing twice.
///
/// # Errors
/// `NotFound`; what the database says.
pub async fn undo(ctx: &Ctx, payment: PaymentId) -> Result<Undone> {
    let open = store::list_open(&ctx.store().await?, payment).await?;
    for attempt in open.iter().filter(|attempt| attempt.kind == PaymentAttemptKind::Authorize) {
        look_up(ctx, attempt.id).await?;
    }
    let row = store::find(&ctx.store().await?, payment).await?.ok_or(Error::NotFound)?;
    let sums = folded(&row);
    let was_made = row.authorized > 0;
    if sums.refundable().minor() > 0 {
        let key = Some(format!("undo {payment} {}", row.captured));
        refund(ctx, &Refund { payment, amount: None, reason: None, key }).await?;
    }
    let never_made = !was_made && row.voided == 0;
    if sums.capturable().minor() > 0 || never_made {
        let asked = void(ctx, payment).await;
        match asked {
            // Another is at it, or the provider knows no such thing.
            Ok(_) | Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let row = store::find(&ctx.store().await?, payment).await?.ok_or(Error::NotFound)?;
    let sums = folded(&row);
    let open = store::list_open(&ctx.store().await?, payment).await?;
    let is_open = open.iter().any(|attempt| attempt.state != PaymentAttemptState::ActionRequired);
    let finished = sums.capturable().is_zero() && sums.refundable().is_zero() && row.refunding == 0 && !is_open;
    Ok(Undone { was_made: row.authorized > 0, finished })
}

/// Says that somebody has looked at a payment whose facts contradict each other.
///
/// # Errors
/// `NotFound`; `Conflict` with `NOT_ALLOWED` where its sums are still off.
pub async fn close_review(ctx: &Ctx, payment: PaymentId) -> Result<payments::Model> {
    use super::events::PaymentReviewClosed;
    use sea_orm::ActiveValue::Set;
    let mut tx = ctx.begin_store(Action::PaymentReviewClose).await?;
    let row = store::lock(&tx, payment).await?.ok_or(Error::NotFound)?;
    if row.review.is_none() {
        return Err(not_allowed("Nobody has to look at this payment."));
    }
    if row.refunded + row.refunding > row.captured || row.captured > row.amount {
        return Err(not_allowed("Its sums are off until the provider tells otherwise."));
    }
    let cleared = payments::ActiveModel { review: Set(None), ..Default::default() };
    let after = store::update(&tx, &row, cleared).await?;
    let amount = Money::from_minor(after.amount, after.currency);
    tx.emit(&PaymentReviewClosed { payment: PaymentSnapshot::from(&after), amount })?;
    tx.commit(Audit::updated("payment", payment, &PaymentSnapshot::from(&row), &PaymentSnapshot::from(&after))).await?;
    Ok(after)
}

/// Asks the provider what became of everything of a payment whose end is not known.
///
/// # Errors
/// `NotFound`; what the database says.
pub async fn sync(ctx: &Ctx, payment: PaymentId) -> Result<payments::Model> {
    let scope = ctx.store().await?;
    store::find(&scope, payment).await?.ok_or(Error::NotFound)?;
    let open = store::list_open(&scope, payment).await?;
    drop(scope);
    for attempt in open {
        look_up(ctx, attempt.id).await?;
    }
    store::find(&ctx.store().await?, payment).await?.ok_or(Error::NotFound)
}
