//! How a payment is made: begun inside a write, carried out outside of every write, its outcome recorded in another.
//!
//! A payment is known to whoever begins it by a key: the same key again is the same payment, and asks nobody twice.
//! Each request made of a provider is an attempt, written before it is made and ended when its end is known; one that
//! nobody heard of for long is asked after by [`look_up`](super::asking::look_up), so that a crash at any point ends in
//! what the provider says (rule C5). An attempt's id is the key under which the provider does it once.

use entity::payments::{payment_attempts, payments};
use futures::FutureExt;
use rules::ids::{CartId, OrderId, PaymentAttemptId, PaymentId, PaymentProviderId};
use rules::states::{
    DeclineReason, PaymentAttemptKind, PaymentAttemptState, PaymentEventSource, PaymentProviderKind, PaymentStatus,
};
use rules::{ErrorCode, Money, Problem};
use sea_orm::ActiveValue::Set;

use super::asking::settle;
use super::events::{PaymentSnapshot, PaymentStarted};
use super::gateway::{self, Account, Authorization, NewPayment, Next, NextAction, PaymentGateway, Token};
use super::{providers, store};
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input, once};

/// The longest key.
const MAX_KEY: usize = 200;

/// A payment to begin.
#[derive(Debug, Clone)]
pub struct Begin {
    /// Where it is paid.
    pub provider: PaymentProviderId,
    /// The cart that it is for; this, or an order.
    pub cart: Option<CartId>,
    /// The order that it is for.
    pub order: Option<OrderId>,
    /// How much.
    pub amount: Money,
    /// What it is known by: such as the cart's id and the number of the payment.
    pub key: String,
}

/// How it is paid: what the provider is told and nothing of which is kept.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// What stands for the buyer's card or account.
    pub token: Option<Token>,
    /// Where the buyer comes back to.
    pub return_url: Option<String>,
    /// The buyer's e-mail address.
    pub email: Option<String>,
    /// What the buyer reads of it.
    pub description: Option<String>,
}

/// A payment that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// The payment.
    pub payment: PaymentId,
    /// The request that makes it.
    pub attempt: PaymentAttemptId,
    /// Whether it was begun before: then somebody carries it out, or has.
    pub before: bool,
}

/// How far a payment, or a change of one, has come.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The payment.
    pub payment: payments::Model,
    /// What became of the request.
    pub state: PaymentAttemptState,
    /// What the buyer has to do.
    pub action: Option<NextAction>,
    /// Why it was not done.
    pub failure: Option<DeclineReason>,
}

/// Begins a payment, inside the write of whoever needs it. No provider is asked.
///
/// # Errors
/// `Conflict` with `NOT_FOUND` for a provider that the store does not offer in this currency, `OUT_OF_RANGE` for
/// nothing to pay, and `IDEMPOTENCY_KEY_REUSED` where the key names another payment; `Retry` where the same one is
/// begun at this moment.
pub async fn begin(tx: &mut Tx<StoreScope>, begin: &Begin) -> Result<Begun> {
    let ctx = tx.ctx().clone();
    if begin.key.is_empty() || begin.key.len() > MAX_KEY {
        return Err(Error::invalid(ErrorCode::Invalid, "key", format!("Give a key of 1 to {MAX_KEY} characters.")));
    }
    if let Some(known) = store::find_by_key(tx, &begin.key).await? {
        return begun_before(tx, begin, &known).await;
    }
    if begin.amount.minor() < 1 {
        return Err(Error::invalid(ErrorCode::OutOfRange, "amount", "There is nothing to pay."));
    }
    let provider = providers::find(tx, begin.provider).await?;
    let provider = provider.filter(|provider| {
        let is_on = provider.kind != PaymentProviderKind::Test || ctx.settings().payments.test_provider;
        let takes = gateway::gateway(&ctx, provider.kind).is_ok_and(|gateway| gateway.takes(begin.amount.currency()));
        is_on && takes && providers::is_offered_in(provider, begin.amount.currency())
    });
    let provider = provider.ok_or_else(|| input::not_found("paymentProviderId", "way to pay"))?;
    let row = payments::Model {
        store_id: tx.id(),
        id: ctx.id(),
        provider_id: Some(provider.id),
        gift_card_id: None,
        store_credit_id: None,
        cart_id: begin.cart,
        order_id: begin.order,
        idempotency_key: begin.key.clone(),
        currency: begin.amount.currency(),
        amount: begin.amount.minor(),
        capture_mode: provider.capture_mode,
        status: PaymentStatus::Pending,
        authorized: 0,
        captured: 0,
        voided: 0,
        refunded: 0,
        refunding: 0,
        reference: None,
        review: None,
        followed: true,
        version: 1,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    let payment = store::insert(tx, row).await?;
    let attempt = attempt(tx, &payment, PaymentAttemptKind::Authorize, payment.amount).await?;
    tx.emit(&PaymentStarted { payment: PaymentSnapshot::from(&payment), amount: begin.amount })?;
    tx.audit(Action::PaymentStart, Audit::created("payment", payment.id, &PaymentSnapshot::from(&payment))).await?;
    Ok(Begun { payment: payment.id, attempt: attempt.id, before: false })
}

async fn begun_before(tx: &Tx<StoreScope>, begin: &Begin, known: &payments::Model) -> Result<Begun> {
    let same = known.provider_id == Some(begin.provider)
        && (known.cart_id, known.order_id) == (begin.cart, begin.order)
        && Money::from_minor(known.amount, known.currency) == begin.amount;
    if !same {
        let message = "This key names another payment already: choose a new one.";
        return Err(Error::Conflict(Problem::new(ErrorCode::IdempotencyKeyReused, "key", message)));
    }
    let attempts = store::list_attempts(tx, &[known.id]).await?;
    let first = attempts.iter().find(|attempt| attempt.kind == PaymentAttemptKind::Authorize);
    let first = first.ok_or_else(|| Error::internal("a payment without an attempt to make it"))?;
    Ok(Begun { payment: known.id, attempt: first.id, before: true })
}

/// Writes down that a provider is about to be asked.
pub(super) async fn attempt(
    tx: &Tx<StoreScope>,
    payment: &payments::Model,
    kind: PaymentAttemptKind,
    amount: i64,
) -> Result<payment_attempts::Model> {
    store::insert_attempt(tx, new_attempt(tx.ctx(), payment, kind, amount)).await
}

pub(super) fn new_attempt(
    ctx: &Ctx,
    payment: &payments::Model,
    kind: PaymentAttemptKind,
    amount: i64,
) -> payment_attempts::Model {
    payment_attempts::Model {
        store_id: payment.store_id,
        id: ctx.id(),
        payment_id: payment.id,
        refund_id: None,
        kind,
        state: PaymentAttemptState::Started,
        amount,
        failure: None,
        action_url: None,
        ask_from: ctx.now() + ctx.settings().payments.ask_after,
        created_at: ctx.now(),
        finished_at: None,
    }
}

/// Begins a payment in a write of its own, and carries it out.
///
/// # Errors
/// As [`begin`] and [`carry_out`].
pub async fn start(ctx: &Ctx, wanted: &Begin, how: How) -> Result<Progress> {
    let begun = once(ctx, || begin_alone(ctx, wanted).boxed()).await?;
    carry_out(ctx, begun, how).await
}

async fn begin_alone(ctx: &Ctx, wanted: &Begin) -> Result<Begun> {
    let mut tx = ctx.begin_store(Action::PaymentStart).await?;
    let begun = begin(&mut tx, wanted).await?;
    if !begun.before {
        tx.commit_unaudited("the entry stands beside the payment").await?;
    }
    Ok(begun)
}

/// Has the provider make a payment that was begun, and records what it says. One that was begun before is not asked
/// for again: its progress is told as it stands.
///
/// # Errors
/// What the database says; `Internal` where a write of this request is open. What a provider says is no error.
pub async fn carry_out(ctx: &Ctx, begun: Begun, how: How) -> Result<Progress> {
    let scope = ctx.store().await?;
    let payment = store::find(&scope, begun.payment).await?.ok_or(Error::NotFound)?;
    if begun.before {
        let attempt = store::find_attempt(&scope, begun.attempt).await?.ok_or(Error::NotFound)?;
        return Ok(told(payment, &attempt));
    }
    let (gateway, account) = provider_of(ctx, &scope, &payment).await?;
    drop(scope);
    let new = NewPayment {
        payment: payment.id,
        key: begun.attempt,
        amount: Money::from_minor(payment.amount, payment.currency),
        capture: payment.capture_mode,
        token: how.token,
        return_url: how.return_url,
        email: how.email,
        description: how.description,
    };
    let outside = ctx.outside().await?;
    let created = match gateway::ask(&outside, gateway.create(&account, &new)).await {
        Ok(created) => created,
        Err(error) => return settle(ctx, begun.attempt, PaymentEventSource::Answer, Err(error)).await,
    };
    once(ctx, || keep_reference(ctx, begun.payment, &created.reference).boxed()).await?;
    let outcome = match created.next {
        Next::Became(outcome) => Ok(outcome),
        Next::Authorize => {
            let asked = Authorization { new, reference: created.reference };
            let outside = ctx.outside().await?;
            gateway::ask(&outside, gateway.authorize(&account, &asked)).await
        }
    };
    settle(ctx, begun.attempt, PaymentEventSource::Answer, outcome).await
}

/// Keeps what the provider knows a payment by, before anything is done with it.
async fn keep_reference(ctx: &Ctx, payment: PaymentId, reference: &str) -> Result<()> {
    let tx = ctx.begin_store(Action::PaymentRecord).await?;
    let before = store::lock(&tx, payment).await?.ok_or(Error::NotFound)?;
    if before.reference.as_deref() == Some(reference) {
        return Ok(());
    }
    let row = payments::ActiveModel { reference: Set(Some(reference.to_owned())), ..Default::default() };
    let after = store::update(&tx, &before, row).await?;
    tx.commit(Audit::updated("payment", payment, &PaymentSnapshot::from(&before), &PaymentSnapshot::from(&after))).await
}

/// How far the making of a payment has come, by what is known of it.
///
/// # Errors
/// What the database says.
pub async fn progress(scope: &StoreScope, payment: PaymentId) -> Result<Option<Progress>> {
    let attempts = store::list_attempts(scope, &[payment]).await?;
    let made = attempts.iter().rev().find(|attempt| attempt.kind == PaymentAttemptKind::Authorize);
    let payment = store::find(scope, payment).await?;
    Ok(payment.zip(made).map(|(payment, attempt)| told(payment, attempt)))
}

/// The provider of a payment, and its account with the secrets in clear.
pub(super) async fn provider_of(
    ctx: &Ctx,
    scope: &StoreScope,
    payment: &payments::Model,
) -> Result<(std::sync::Arc<dyn PaymentGateway>, Account)> {
    let provider = payment.provider_id.ok_or_else(|| Error::internal("a payment that is made at no provider"))?;
    let row = providers::find(scope, provider).await?;
    let row = row.ok_or_else(|| Error::internal("a payment without its provider"))?;
    Ok((gateway::gateway(ctx, row.kind)?, providers::open(ctx, &row)?))
}

pub(super) fn told(payment: payments::Model, attempt: &payment_attempts::Model) -> Progress {
    let action = attempt.action_url.clone().map(NextAction::Redirect);
    let action = action.filter(|_| attempt.state == PaymentAttemptState::ActionRequired);
    Progress { payment, state: attempt.state, action, failure: attempt.failure }
}
