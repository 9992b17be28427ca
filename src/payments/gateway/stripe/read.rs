//! What Stripe says, in our words.

use chrono::{DateTime, Utc};
use rules::ids::{PaymentId, RefundId};
use rules::states::{DeclineReason, PaymentEventKind};
use rules::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;

use super::super::{Fact, GatewayError, NextAction, Outcome, Standing, Webhook, WebhookError, units};

/// Currencies that Stripe counts in whole major units.
const WITHOUT_DECIMALS: &[&str] =
    &["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"];

/// Currencies that it counts in thousandths, of which the last digit must be zero.
const WITH_THREE: &[&str] = &["BHD", "JOD", "KWD", "OMR", "TND"];

/// How many decimals Stripe counts a currency with; the others have two, whatever ISO says. `None` for what it can't
/// be paid in.
pub(super) fn exponent(currency: Currency) -> Option<u32> {
    let code = currency.code();
    match currency.exponent() {
        _ if WITHOUT_DECIMALS.contains(&code) => Some(0),
        _ if WITH_THREE.contains(&code) => Some(3),
        0..=2 => Some(2),
        _ => None,
    }
}

/// A payment intent, as far as it matters.
#[derive(Debug, Deserialize)]
pub(super) struct Intent {
    pub id: String,
    status: String,
    amount: i64,
    #[serde(default)]
    amount_received: i64,
    currency: String,
    client_secret: Option<String>,
    next_action: Option<Value>,
    last_payment_error: Option<ApiError>,
    #[serde(default)]
    metadata: Metadata,
}

/// What we wrote on an intent or a refund.
#[derive(Debug, Default, Deserialize)]
struct Metadata {
    stoa_payment: Option<String>,
    stoa_refund: Option<String>,
}

/// An error of the API. Its message may name things of the buyer's: it is never shown, and logged in its code alone.
#[derive(Debug, Default, Deserialize)]
struct ApiError {
    #[serde(rename = "type", default)]
    kind: String,
    code: Option<String>,
    decline_code: Option<String>,
    payment_intent: Option<Box<Intent>>,
}

impl ApiError {
    fn reason(&self) -> DeclineReason {
        let codes = [self.decline_code.as_deref(), self.code.as_deref()];
        let reason = |code: &str| match code {
            "insufficient_funds" | "withdrawal_count_limit_exceeded" | "card_velocity_exceeded" => {
                Some(DeclineReason::InsufficientFunds)
            }
            "expired_card" => Some(DeclineReason::ExpiredCard),
            "incorrect_cvc"
            | "incorrect_number"
            | "incorrect_zip"
            | "invalid_cvc"
            | "invalid_expiry_month"
            | "invalid_expiry_year"
            | "invalid_number" => Some(DeclineReason::IncorrectDetails),
            "authentication_required" | "payment_intent_authentication_failure" => {
                Some(DeclineReason::AuthenticationFailed)
            }
            _ => None,
        };
        codes.into_iter().flatten().find_map(reason).unwrap_or(DeclineReason::CardDeclined)
    }
}

#[derive(Deserialize)]
struct Failure {
    error: ApiError,
}

/// What an error of the API means for the request: a 409 or 429 or 5xx may have been done, or will be; the others were
/// not. Declined cards come with the intent that they were declined for.
fn failure(status: u16, value: Value) -> Result<Option<Intent>, GatewayError> {
    let error = serde_json::from_value::<Failure>(value).map(|failure| failure.error).unwrap_or_default();
    let told = format!("status {status}, {} {}", error.kind, error.code.as_deref().unwrap_or("without a code"));
    match (status, error.payment_intent) {
        (409 | 429 | 500.., _) => Err(GatewayError::Unclear(told)),
        (402, Some(mut intent)) => {
            if intent.last_payment_error.is_none() {
                intent.last_payment_error = Some(ApiError {
                    payment_intent: None,
                    kind: error.kind,
                    code: error.code,
                    decline_code: error.decline_code,
                });
            }
            Ok(Some(*intent))
        }
        (404, _) if error.code.as_deref() == Some("resource_missing") => Ok(None),
        _ => Err(GatewayError::Refused(told)),
    }
}

pub(super) fn intent(status: u16, value: Value) -> Result<Intent, GatewayError> {
    if (200..300).contains(&status) {
        return parsed(value);
    }
    failure(status, value)?.ok_or_else(|| GatewayError::Refused("there is no such intent".to_owned()))
}

/// A refund, as far as it matters.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    id: String,
    status: Option<String>,
    amount: i64,
    currency: String,
    payment_intent: Option<String>,
    #[serde(default)]
    metadata: Metadata,
    #[serde(skip)]
    pub ours: Option<RefundId>,
}

pub(super) fn refund(status: u16, value: Value) -> Result<Refund, GatewayError> {
    if (200..300).contains(&status) {
        return parsed(value).map(Refund::with_ours);
    }
    failure(status, value)?;
    Err(GatewayError::Refused(format!("status {status}")))
}

pub(super) fn refunds(status: u16, value: Value) -> Result<Vec<Refund>, GatewayError> {
    #[derive(Deserialize)]
    struct List {
        data: Vec<Refund>,
    }
    if (200..300).contains(&status) {
        return parsed::<List>(value).map(|list| list.data.into_iter().map(Refund::with_ours).collect());
    }
    failure(status, value).map(|_| Vec::new())
}

fn parsed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, GatewayError> {
    serde_json::from_value(value).map_err(|error| GatewayError::Unclear(format!("an answer of another form: {error}")))
}

/// An amount of Stripe's. What can't be counted is about nothing that we asked for.
fn money(amount: i64, currency: &str) -> Option<Money> {
    let currency = Currency::from_code(&currency.to_ascii_uppercase())?;
    units::from_units(amount, currency, exponent(currency)?)
}

impl Intent {
    /// The standing of an intent that the buyer confirms in the storefront.
    pub(super) fn to_be_confirmed(&self) -> Outcome {
        let standing = match &self.client_secret {
            Some(secret) => Standing::Action(NextAction::Confirm { client_secret: secret.clone() }),
            None => Standing::Pending,
        };
        Outcome { standing, facts: Vec::new() }
    }

    fn fact(&self, kind: PaymentEventKind, amount: i64) -> Option<Fact> {
        let amount = money(amount, &self.currency)?;
        Some(Fact { kind, reference: self.id.clone(), amount, at: None, refund: None })
    }

    pub(super) fn outcome(&self) -> Outcome {
        use PaymentEventKind::{Authorized, Captured, Declined, Voided};
        let (standing, kinds): (Standing, Vec<(PaymentEventKind, i64)>) = match self.status.as_str() {
            "succeeded" => {
                let rest = self.amount.saturating_sub(self.amount_received);
                let let_go = (rest > 0).then_some((Voided, rest));
                let kinds = [(Authorized, self.amount), (Captured, self.amount_received)];
                (Standing::Done, kinds.into_iter().chain(let_go).collect())
            }
            "requires_capture" => (Standing::Done, vec![(Authorized, self.amount)]),
            "canceled" => (Standing::Done, vec![(Voided, self.amount)]),
            "requires_action" => (self.action(), Vec::new()),
            "requires_payment_method" => match &self.last_payment_error {
                Some(error) => (Standing::Declined(error.reason()), vec![(Declined, self.amount)]),
                None => (Standing::Pending, Vec::new()),
            },
            _ => (Standing::Pending, Vec::new()),
        };
        let facts = kinds.into_iter().filter_map(|(kind, amount)| self.fact(kind, amount)).collect();
        Outcome { standing, facts }
    }

    /// The same long after it was asked for: what nobody confirmed by then was never made.
    pub(super) fn looked_up(&self) -> Outcome {
        match self.status.as_str() {
            "requires_confirmation" => Outcome { standing: Standing::NeverMade, facts: Vec::new() },
            "requires_payment_method" if self.last_payment_error.is_none() => {
                Outcome { standing: Standing::NeverMade, facts: Vec::new() }
            }
            _ => self.outcome(),
        }
    }

    fn action(&self) -> Standing {
        let url = self.next_action.as_ref().and_then(|action| action.pointer("/redirect_to_url/url"));
        match (url.and_then(Value::as_str), &self.client_secret) {
            (Some(url), _) => Standing::Action(NextAction::Redirect(url.to_owned())),
            (None, Some(secret)) => Standing::Action(NextAction::Confirm { client_secret: secret.clone() }),
            (None, None) => Standing::Pending,
        }
    }
}

impl Refund {
    fn with_ours(mut self) -> Self {
        self.ours = self.metadata.stoa_refund.as_deref().and_then(|id| id.parse().ok());
        self
    }

    pub(super) fn outcome(&self) -> Outcome {
        let (standing, kind) = match self.status.as_deref() {
            Some("succeeded") => (Standing::Done, Some(PaymentEventKind::Refunded)),
            Some("failed" | "canceled") => {
                (Standing::Declined(DeclineReason::RefusedByProvider), Some(PaymentEventKind::RefundFailed))
            }
            _ => (Standing::Pending, None),
        };
        let fact = kind.zip(money(self.amount, &self.currency)).map(|(kind, amount)| {
            let refund = self.ours;
            Fact { kind, reference: self.id.clone(), amount, at: None, refund }
        });
        Outcome { standing, facts: fact.into_iter().collect() }
    }
}

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: i64,
    livemode: bool,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

/// Reads an event that Stripe signed. One of another mode than the account's is about none of its payments.
pub(super) fn webhook(told: Value, test: bool) -> Result<Webhook, WebhookError> {
    let unreadable = |error: serde_json::Error| WebhookError::Unreadable(error.to_string());
    let event: Event = serde_json::from_value(told).map_err(unreadable)?;
    let nothing = Webhook { event: event.id, kind: event.kind, payment: None, reference: None, outcome: None };
    let object = event.data.object;
    let is = |name: &str| object.get("object").and_then(Value::as_str) == Some(name);
    if event.livemode == test {
        return Ok(nothing);
    }
    let at: Option<DateTime<Utc>> = DateTime::from_timestamp(event.created, 0);
    let (ours, reference, mut outcome) = if is("payment_intent") && nothing.kind.starts_with("payment_intent.") {
        let intent: Intent = serde_json::from_value(object).map_err(unreadable)?;
        (intent.metadata.stoa_payment.clone(), Some(intent.id.clone()), intent.outcome())
    } else if is("refund") {
        let refund = serde_json::from_value::<Refund>(object).map_err(unreadable)?.with_ours();
        (refund.metadata.stoa_payment.clone(), refund.payment_intent.clone(), refund.outcome())
    } else {
        return Ok(nothing);
    };
    outcome.facts.iter_mut().for_each(|fact| fact.at = at);
    let payment: Option<PaymentId> = ours.and_then(|id| id.parse().ok());
    Ok(Webhook { payment, reference, outcome: Some(outcome), ..nothing })
}
