//! What Paystack says, in our words.

use chrono::{DateTime, Utc};
use rules::ids::{PaymentId, RefundId};
use rules::states::{DeclineReason, PaymentEventKind};
use rules::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::{Fact, GatewayError, NextAction, Outcome, Standing, Webhook, WebhookError, units};
use super::{EXPONENT, payment_of};

/// An answer that could be read.
pub(super) struct Reply {
    status: u16,
    good: bool,
    message: String,
    data: Value,
}

pub(super) fn reply(status: u16, body: &[u8]) -> Result<Reply, GatewayError> {
    #[derive(Deserialize)]
    struct Form {
        status: bool,
        #[serde(default)]
        message: String,
        #[serde(default)]
        data: Value,
    }
    // What is too much for it now, or broken, may have been done.
    if status == 409 || status == 429 || status >= 500 {
        return Err(GatewayError::Unclear(format!("status {status}")));
    }
    match serde_json::from_slice::<Form>(body) {
        Ok(form) => {
            let good = form.status && (200..300).contains(&status);
            Ok(Reply { status, good, message: form.message, data: form.data })
        }
        Err(error) => Err(GatewayError::Unclear(format!("status {status}, and an answer of another form: {error}"))),
    }
}

impl Reply {
    /// What it holds, where the request was done.
    pub(super) fn done(self) -> Result<Value, GatewayError> {
        if self.good {
            return Ok(self.data);
        }
        Err(GatewayError::Refused(format!("status {}, {:.200}", self.status, self.message)))
    }

    /// Whether there is no such transaction.
    pub(super) fn is_unknown(&self) -> bool {
        !self.good && matches!(self.status, 400 | 404) && self.message.to_ascii_lowercase().contains("not found")
    }

    /// Whether the reference was used before.
    pub(super) fn is_duplicate(&self) -> bool {
        !self.good && self.message.to_ascii_lowercase().contains("duplicate")
    }
}

fn parsed<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, GatewayError> {
    T::deserialize(value).map_err(|error| GatewayError::Unclear(format!("an answer of another form: {error}")))
}

/// A number that some answers write as a text.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

fn money(amount: &Value, currency: &str) -> Option<Money> {
    units::from_units(number(amount)?, Currency::from_code(currency)?, EXPONENT)
}

/// A transaction, as far as it matters.
#[derive(Debug, Deserialize)]
pub(super) struct Transaction {
    pub id: Option<i64>,
    status: String,
    reference: String,
    #[serde(default)]
    amount: Value,
    #[serde(default)]
    currency: String,
    gateway_response: Option<String>,
    authorization_url: Option<String>,
    paid_at: Option<DateTime<Utc>>,
}

pub(super) fn transaction(data: &Value) -> Result<Transaction, GatewayError> {
    parsed(data)
}

impl Transaction {
    pub(super) fn outcome(&self) -> Outcome {
        let (standing, kind) = match self.status.as_str() {
            // Given back whole, it was taken before.
            "success" | "reversed" => (Standing::Done, Some(PaymentEventKind::Captured)),
            "failed" => (Standing::Declined(self.reason()), Some(PaymentEventKind::Declined)),
            // The buyer has not paid yet.
            "abandoned" => (Standing::NeverMade, None),
            _ => match &self.authorization_url {
                Some(url) => (Standing::Action(NextAction::Redirect(url.clone())), None),
                None => (Standing::Pending, None),
            },
        };
        let fact = kind.zip(money(&self.amount, &self.currency)).map(|(kind, amount)| Fact {
            kind,
            reference: self.reference.clone(),
            amount,
            at: self.paid_at,
            refund: None,
        });
        Outcome { standing, facts: fact.into_iter().collect() }
    }

    /// Paystack passes on what the bank says, in the bank's words.
    fn reason(&self) -> DeclineReason {
        let told = self.gateway_response.as_deref().unwrap_or_default().to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| told.contains(word));
        if says(&["insufficient"]) {
            DeclineReason::InsufficientFunds
        } else if says(&["expired card"]) {
            DeclineReason::ExpiredCard
        } else if says(&["incorrect", "invalid"]) {
            DeclineReason::IncorrectDetails
        } else if says(&["authentication", "3d secure", "otp"]) {
            DeclineReason::AuthenticationFailed
        } else {
            DeclineReason::CardDeclined
        }
    }
}

/// A refund, as far as it matters: as it is answered, and as webhooks tell of it.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    #[serde(default)]
    id: Value,
    status: String,
    #[serde(default)]
    amount: Value,
    #[serde(default)]
    currency: String,
    merchant_note: Option<String>,
    refund_reference: Option<String>,
    transaction_reference: Option<String>,
}

pub(super) fn refund(data: &Value) -> Result<Refund, GatewayError> {
    parsed(data)
}

pub(super) fn refunds(data: &Value) -> Result<Vec<Refund>, GatewayError> {
    parsed(data)
}

impl Refund {
    /// The refund of ours that it is.
    pub(super) fn ours(&self) -> Option<RefundId> {
        self.merchant_note.as_deref().and_then(|note| note.trim().parse().ok())
    }

    /// What it is known by: its number, or, in webhooks, the reference of the bank's refund.
    fn reference(&self) -> Option<String> {
        number(&self.id).map(|id| id.to_string()).or_else(|| self.refund_reference.clone())
    }

    pub(super) fn outcome(&self) -> Outcome {
        let (standing, kind) = match self.status.as_str() {
            "processed" => (Standing::Done, Some(PaymentEventKind::Refunded)),
            "failed" => (Standing::Declined(DeclineReason::RefusedByProvider), Some(PaymentEventKind::RefundFailed)),
            _ => (Standing::Pending, None),
        };
        let fact = kind.zip(money(&self.amount, &self.currency)).zip(self.reference());
        let fact =
            fact.map(|((kind, amount), reference)| Fact { kind, reference, amount, at: None, refund: self.ours() });
        Outcome { standing, facts: fact.into_iter().collect() }
    }
}

/// Reads an event that Paystack signed.
pub(super) fn webhook(body: &[u8], test: bool) -> Result<Webhook, WebhookError> {
    #[derive(Deserialize)]
    struct Event {
        event: String,
        data: Value,
    }
    let unreadable = |error: String| WebhookError::Unreadable(error);
    let told: Event = serde_json::from_slice(body).map_err(|error| unreadable(error.to_string()))?;
    // It has no id of its own, and is sent again byte by byte.
    let event = hex::encode(Sha256::digest(body));
    let nothing = Webhook { event, kind: told.event, payment: None, reference: None, outcome: None };
    let is_other_mode =
        told.data.get("domain").and_then(Value::as_str).is_some_and(|domain| (domain == "test") != test);
    if is_other_mode {
        return Ok(nothing);
    }
    let (reference, outcome) = match nothing.kind.as_str() {
        "charge.success" | "charge.failed" => {
            let found = transaction(&told.data).map_err(|error| unreadable(error.to_string()))?;
            (Some(found.reference.clone()), found.outcome())
        }
        kind if kind.starts_with("refund.") => {
            let found = refund(&told.data).map_err(|error| unreadable(error.to_string()))?;
            (found.transaction_reference.clone(), found.outcome())
        }
        _ => return Ok(nothing),
    };
    let payment: Option<PaymentId> = reference.as_deref().and_then(payment_of);
    Ok(Webhook { payment, reference, outcome: Some(outcome), ..nothing })
}
