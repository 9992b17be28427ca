//! One webhook, from its bytes to what the payment has come to.

use entity::payments::{inbound_webhooks, payment_provider_configs};
use futures::FutureExt;
use http::HeaderMap;
use rules::ids::{PaymentId, PaymentProviderId};
use rules::states::{InboundWebhookOutcome, PaymentEventSource, PaymentProviderKind};

use super::events::InboundWebhookSnapshot;
use super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, once};
use crate::payments::gateway::{self, Webhook, WebhookError};
use crate::payments::record::record;
use crate::payments::{providers, store as payments};

/// The longest name of an event that is kept.
const MAX_NAME: usize = 200;

/// Whether something was listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It comes from the provider, and is kept; with the payment that it is about, where that is known.
    Yes(Option<PaymentId>),
    /// There is no such provider here, or none that tells anything.
    Unknown,
    /// It does not come from the provider, or can't be read.
    Refused,
}

/// Hears a webhook for a provider of the context's store. The same event again changes nothing.
///
/// # Errors
/// What the database says; then the provider tells it again.
pub async fn receive(ctx: &Ctx, id: PaymentProviderId, headers: &HeaderMap, body: &[u8]) -> Result<Heard> {
    let row = providers::find(&ctx.store().await?, id).await?;
    let tells = |row: &payment_provider_configs::Model| match row.kind {
        PaymentProviderKind::BankTransfer | PaymentProviderKind::CashOnDelivery => false,
        PaymentProviderKind::Test => ctx.settings().payments.test_provider,
        PaymentProviderKind::Stripe | PaymentProviderKind::Paystack => true,
    };
    // One that is switched off still hears of payments that were begun before.
    let Some(row) = row.filter(tells) else { return Ok(Heard::Unknown) };
    let account = providers::open(ctx, &row)?;
    let gateway = gateway::gateway(ctx, row.kind)?;
    let told = match gateway.webhook(&account, headers, body, ctx.now()) {
        Ok(told) => told,
        Err(error) => {
            let kind = row.kind.name();
            match error {
                WebhookError::Forged => tracing::warn!(provider = %id, kind, "a webhook that is not the provider's"),
                WebhookError::Unreadable(_) => tracing::warn!(provider = %id, kind, %error, "a webhook was refused"),
            }
            return Ok(Heard::Refused);
        }
    };
    if told.event.is_empty() || told.event.len() > MAX_NAME {
        return Ok(Heard::Refused);
    }
    let payment = once(ctx, || keep(ctx, id, &told).boxed()).await?;
    Ok(Heard::Yes(payment))
}

async fn keep(ctx: &Ctx, provider: PaymentProviderId, told: &Webhook) -> Result<Option<PaymentId>> {
    let mut tx = ctx.begin_store(Action::PaymentWebhook).await?;
    let payment = payment_of(&tx, provider, told).await?;
    // Behind the payment's lock, two tellings of one event come one after the other.
    if store::is_known(&tx, provider, &told.event).await? {
        return Ok(payment.map(|payment| payment.id));
    }
    let facts = told.outcome.as_ref().map(|outcome| outcome.facts.clone()).unwrap_or_default();
    let (payment_id, outcome) = match payment {
        None => (None, InboundWebhookOutcome::Ignored),
        Some(payment) => {
            let id = payment.id;
            let recorded = record(&mut tx, payment, PaymentEventSource::Webhook, &facts).await?;
            let outcome = match (told.outcome.is_some(), recorded.parked, recorded.news) {
                (false, _, _) => InboundWebhookOutcome::Ignored,
                (_, true, _) => InboundWebhookOutcome::Parked,
                (_, _, 0) => InboundWebhookOutcome::Known,
                _ => InboundWebhookOutcome::Folded,
            };
            (Some(id), outcome)
        }
    };
    let row = inbound_webhooks::Model {
        store_id: tx.id(),
        id: ctx.id(),
        provider_id: provider,
        event_id: told.event.clone(),
        event_type: told.kind.chars().take(MAX_NAME).collect(),
        payment_id,
        outcome,
        facts: serde_json::to_value(&facts).map_err(Error::internal)?,
        created_at: ctx.now(),
    };
    let row = store::insert(&tx, row).await?;
    let snapshot = InboundWebhookSnapshot {
        provider_id: provider,
        event_id: row.event_id,
        event_type: row.event_type,
        payment_id,
        outcome,
        facts,
    };
    tx.commit(Audit::created("inbound_webhook", row.id, &snapshot)).await?;
    Ok(payment_id)
}

/// The payment that an event is about, held: by our own id where the provider was told it, else by its reference.
/// A payment of another provider of the store is none of this one's.
async fn payment_of(
    tx: &Tx<StoreScope>,
    provider: PaymentProviderId,
    told: &Webhook,
) -> Result<Option<entity::payments::payments::Model>> {
    let by_id = match told.payment {
        Some(id) => payments::find(tx, id).await?,
        None => None,
    };
    let found = match (by_id, &told.reference) {
        (Some(found), _) => Some(found),
        (None, Some(reference)) => payments::find_by_reference(tx, provider, reference).await?,
        (None, None) => None,
    };
    match found.filter(|found| found.provider_id == Some(provider)) {
        Some(found) => payments::lock(tx, found.id).await,
        None => Ok(None),
    }
}
