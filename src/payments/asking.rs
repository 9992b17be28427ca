//! What became of what providers were asked: recorded where they answer, and asked after where nobody heard of it.
//!
//! A request stays open until its end is known. How long it is left alone grows with how long it has been open, so that
//! a provider that is down is not asked more and more.

use chrono::{DateTime, TimeDelta, Utc};
use entity::payments::{payment_attempts, payments};
use futures::FutureExt;
use rules::Money;
use rules::ids::PaymentAttemptId;
use rules::states::{DeclineReason, PaymentAttemptKind, PaymentAttemptState, PaymentEventKind, PaymentEventSource};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::events::PaymentSnapshot;
use super::gateway::{self, Fact, GatewayError, LookUp, NextAction, Outcome, Standing};
use super::record::{own_fact, record};
use super::session::{Progress, provider_of, told};
use super::store;
use crate::kernel::schedule::Waiting;
use crate::kernel::{Action, Audit, Ctx, Error, Result, once};

/// After how long somebody's own hand is asked after again: never, as good as.
const BY_HAND: TimeDelta = TimeDelta::days(3_650);

/// By when whoever took a request has asked after it: then it is somebody else's turn.
const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// The requests that are to be asked after at a moment.
pub fn due(now: DateTime<Utc>) -> Waiting {
    store::due(now)
}

/// Asks providers after requests of the store whose end nobody heard of for long, `most` of them, the longest waiting
/// first. Answers how many they were. One that fails does not stop the others, and is asked after again later.
///
/// # Errors
/// What the database says.
pub async fn ask(ctx: &Ctx, most: u64) -> Result<u64> {
    let claimed = once(ctx, || claim(ctx, most).boxed()).await?;
    for attempt in &claimed {
        if let Err(error) = look_up(ctx, *attempt).await {
            tracing::warn!(%attempt, %error, "a payment provider could not be asked");
        }
    }
    Ok(u64::try_from(claimed.len()).unwrap_or(u64::MAX))
}

async fn claim(ctx: &Ctx, most: u64) -> Result<Vec<PaymentAttemptId>> {
    let tx = ctx.begin_store(Action::PaymentSync).await?;
    let claimed = store::claim_due(&tx, ctx.now() + CLAIM, most).await?;
    tx.commit_unaudited("nothing changed but when they are asked after again").await?;
    Ok(claimed)
}

/// Asks the provider what became of a request that nobody knows the end of, and records what it says.
///
/// # Errors
/// `NotFound` for an attempt that is not there; as [`carry_out`].
pub async fn look_up(ctx: &Ctx, attempt: PaymentAttemptId) -> Result<Progress> {
    let scope = ctx.store().await?;
    let attempt = store::find_attempt(&scope, attempt).await?.ok_or(Error::NotFound)?;
    let payment = store::find(&scope, attempt.payment_id).await?.ok_or(Error::NotFound)?;
    if attempt.finished_at.is_some() {
        return Ok(told(payment, &attempt));
    }
    let refund = match attempt.refund_id {
        Some(id) => store::find_refund(&scope, id)
            .await?
            .map(|refund| (refund.id, Money::from_minor(refund.amount, refund.currency), refund.reference)),
        None => None,
    };
    let (gateway, account) = provider_of(ctx, &scope, &payment).await?;
    drop(scope);
    let amount = Money::from_minor(payment.amount, payment.currency);
    let asked = LookUp { payment: payment.id, reference: payment.reference.clone(), amount, refund };
    let outside = ctx.outside().await?;
    let outcome = gateway::ask(&outside, gateway.look_up(&account, &asked)).await;
    // That nothing can be found out is no answer: the request stays open.
    let outcome = outcome.map_err(|error| GatewayError::Unclear(error.to_string()));
    settle(ctx, attempt.id, PaymentEventSource::LookUp, outcome).await
}

/// Records what a provider says of a request, and ends the request where its end is known.
///
/// # Errors
/// What the database says.
pub(super) async fn settle(
    ctx: &Ctx,
    attempt: PaymentAttemptId,
    source: PaymentEventSource,
    outcome: Result<Outcome, GatewayError>,
) -> Result<Progress> {
    if let Err(error) = &outcome {
        tracing::warn!(%attempt, %error, "a payment provider gave no outcome");
    }
    once(ctx, || settle_once(ctx, attempt, source, &outcome).boxed()).await
}

async fn settle_once(
    ctx: &Ctx,
    attempt: PaymentAttemptId,
    source: PaymentEventSource,
    outcome: &Result<Outcome, GatewayError>,
) -> Result<Progress> {
    let action = match source {
        PaymentEventSource::LookUp => Action::PaymentSync,
        _ => Action::PaymentRecord,
    };
    let mut tx = ctx.begin_store(action).await?;
    let of = store::find_attempt(&tx, attempt).await?.ok_or(Error::NotFound)?;
    let before = store::lock(&tx, of.payment_id).await?.ok_or(Error::NotFound)?;
    let told_by = PaymentSnapshot::from(&before);
    let mut facts = outcome.as_ref().map(|outcome| outcome.facts.clone()).unwrap_or_default();
    let (state, failure) = standing(&of, outcome);
    let not_made = matches!(state, PaymentAttemptState::Failed | PaymentAttemptState::Declined);
    if not_made && facts.is_empty() {
        let amount = Money::from_minor(of.amount, before.currency);
        let kind = match of.kind {
            PaymentAttemptKind::Authorize => Some((PaymentEventKind::Declined, of.id.to_string())),
            PaymentAttemptKind::Refund => of.refund_id.map(|id| (PaymentEventKind::RefundFailed, id.to_string())),
            PaymentAttemptKind::Capture | PaymentAttemptKind::Void => None,
        };
        facts.extend(
            kind.map(|(kind, reference)| Fact { refund: of.refund_id, ..own_fact(ctx, kind, reference, amount) }),
        );
    }
    let recorded = record(&mut tx, before, source, &facts).await?;
    // A webhook may have ended it before the answer came.
    let now = store::find_attempt(&tx, attempt).await?.ok_or(Error::NotFound)?;
    let action = outcome.as_ref().ok().and_then(|outcome| match &outcome.standing {
        Standing::Action(action) => Some(action.clone()),
        _ => None,
    });
    let mut progress = Progress { payment: recorded.payment, state: now.state, action: None, failure };
    if now.finished_at.is_none() || not_made {
        let state = effect(&now, state, &progress.payment);
        let is_open = matches!(
            state,
            PaymentAttemptState::Started
                | PaymentAttemptState::ActionRequired
                | PaymentAttemptState::Pending
                | PaymentAttemptState::Unknown
        );
        let mut row = payment_attempts::ActiveModel { state: Set(state), failure: Set(failure), ..Default::default() };
        row.finished_at = Set((!is_open).then(|| ctx.now()));
        if let Some(NextAction::Redirect(url)) = &action {
            row.action_url = Set(Some(url.clone()));
        }
        let wait = match &action {
            Some(NextAction::Instructions(_)) => BY_HAND,
            // The longer it takes, the less often it is asked.
            _ => ctx.settings().payments.ask_after.max(ctx.now() - now.created_at),
        };
        row.ask_from = Set(ctx.now() + wait);
        store::update_attempt(&tx, attempt, row).await?;
        progress.state = state;
        progress.action = action.filter(|_| state == PaymentAttemptState::ActionRequired);
    }
    let audit =
        json!({ "attempt": attempt, "state": progress.state, "payment": PaymentSnapshot::from(&progress.payment) });
    tx.commit(Audit::updated("payment", progress.payment.id, &told_by, &audit)).await?;
    Ok(progress)
}

/// What an outcome means for the request that it answers.
fn standing(
    attempt: &payment_attempts::Model,
    outcome: &Result<Outcome, GatewayError>,
) -> (PaymentAttemptState, Option<DeclineReason>) {
    match outcome {
        Err(GatewayError::Refused(_)) => (PaymentAttemptState::Failed, Some(DeclineReason::RefusedByProvider)),
        Err(GatewayError::Unclear(_)) => (PaymentAttemptState::Unknown, None),
        Ok(outcome) => match &outcome.standing {
            Standing::Done => (PaymentAttemptState::Succeeded, None),
            Standing::Pending => (PaymentAttemptState::Pending, None),
            Standing::Action(_) => (PaymentAttemptState::ActionRequired, None),
            Standing::Declined(reason) => (PaymentAttemptState::Declined, Some(*reason)),
            // What the buyer has to do was not done yet, and may still be.
            Standing::NeverMade if attempt.state == PaymentAttemptState::ActionRequired => {
                (PaymentAttemptState::ActionRequired, None)
            }
            Standing::NeverMade if attempt.kind == PaymentAttemptKind::Authorize => {
                (PaymentAttemptState::Failed, Some(DeclineReason::Abandoned))
            }
            Standing::NeverMade => (PaymentAttemptState::Failed, None),
        },
    }
}

/// Whether a change was made is seen by what the payment has come to: that the payment itself stands well says nothing
/// of a capture that was lost on its way.
fn effect(
    attempt: &payment_attempts::Model,
    state: PaymentAttemptState,
    payment: &payments::Model,
) -> PaymentAttemptState {
    let done = match attempt.kind {
        PaymentAttemptKind::Capture => payment.captured > 0,
        PaymentAttemptKind::Void => payment.voided > 0,
        PaymentAttemptKind::Authorize | PaymentAttemptKind::Refund => true,
    };
    if state == PaymentAttemptState::Succeeded && !done { PaymentAttemptState::Failed } else { state }
}
