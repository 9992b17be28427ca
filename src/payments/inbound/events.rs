//! What the audit log keeps of a webhook.

use rules::ids::{PaymentId, PaymentProviderId};
use rules::states::InboundWebhookOutcome;
use serde::Serialize;

use super::super::gateway::Fact;

/// A webhook that came in; what it said of the buyer is kept nowhere.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InboundWebhookSnapshot {
    /// Who told.
    pub provider_id: PaymentProviderId,
    /// What the provider knows it by.
    pub event_id: String,
    /// What it is, in the provider's words.
    pub event_type: String,
    /// The payment that it is about.
    pub payment_id: Option<PaymentId>,
    /// What came of it.
    pub outcome: InboundWebhookOutcome,
    /// What it told.
    pub facts: Vec<Fact>,
}
