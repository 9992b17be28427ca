//! The provider that moves no money: what it answers is chosen by the token, so that every turn of a payment can be
//! tried.
//!
//! | token | what becomes of the payment |
//! |---|---|
//! | `tok_approve` | it is made |
//! | `tok_decline`, `tok_insufficient_funds`, `tok_expired_card` | the bank refuses |
//! | `tok_action`, `tok_action_fails` | the buyer has to go somewhere first; asked later, it is made, or not |
//! | `tok_timeout`, `tok_timeout_lost` | no answer comes; asked later, it was made, or not |
//! | `tok_late` | it is worked on; asked later, it was made |
//! | `tok_refund_fails`, `tok_refund_late`, `tok_refund_timeout` | it is made; its refunds are not, or late, or unclear |
//!
//! It keeps nothing: the reference says what was chosen. Its webhooks are signed as Stripe's are, in the header
//! `stoa-test-signature`, with the webhook secret of the account.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::ready;
use http::HeaderMap;
use rules::ids::{PaymentId, RefundId};
use rules::states::{CaptureMode, DeclineReason, PaymentEventKind, PaymentProviderKind};
use rules::{Currency, Money};
use serde::Deserialize;

use super::{
    Account, Answer, Authorization, Change, Created, Fact, GatewayError, LookUp, NewPayment, Next, NextAction, Outcome,
    PaymentGateway, RefundAsked, Standing, Token, Webhook, WebhookError, signature,
};
use crate::kernel::vault::Revealed;

const PREFIX: &str = "test";

pub(super) struct Test {
    patience: Duration,
}

impl Test {
    /// One that lets those who wait for nothing wait for so long.
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience }
    }

    async fn says_nothing<T>(&self) -> Result<T, GatewayError> {
        tokio::time::sleep(self.patience).await;
        Err(GatewayError::Unclear("no answer, as the token says".to_owned()))
    }
}

/// What was chosen, and how it is captured, out of a reference such as `test:approve:AUTOMATIC:payment_01…`.
fn chosen(reference: &str) -> Option<(&str, CaptureMode)> {
    let mut parts = reference.split(':');
    let (prefix, choice, mode) = (parts.next()?, parts.next()?, parts.next()?);
    let mode = CaptureMode::ALL.iter().copied().find(|known| known.name() == mode)?;
    (prefix == PREFIX).then_some((choice, mode))
}

fn fact(kind: PaymentEventKind, reference: &str, amount: Money) -> Fact {
    Fact { kind, reference: reference.to_owned(), amount, at: None, refund: None }
}

fn made(reference: &str, amount: Money, mode: CaptureMode) -> Outcome {
    let kind = match mode {
        CaptureMode::Automatic => PaymentEventKind::Captured,
        CaptureMode::Manual => PaymentEventKind::Authorized,
    };
    Outcome { standing: Standing::Done, facts: vec![fact(kind, reference, amount)] }
}

fn declined(reference: &str, amount: Money, reason: DeclineReason) -> Outcome {
    let facts = vec![fact(PaymentEventKind::Declined, reference, amount)];
    Outcome { standing: Standing::Declined(reason), facts }
}

fn refund(kind: PaymentEventKind, refund: RefundId, amount: Money) -> Fact {
    Fact { refund: Some(refund), ..fact(kind, &format!("{PREFIX}:{refund}"), amount) }
}

impl PaymentGateway for Test {
    fn kind(&self) -> PaymentProviderKind {
        PaymentProviderKind::Test
    }

    fn takes(&self, _: Currency) -> bool {
        true
    }

    fn captures_later(&self) -> bool {
        true
    }

    fn create<'a>(&'a self, _: &'a Account, new: &'a NewPayment) -> Answer<'a, Created> {
        let choice = match new.token.as_ref().map(Token::expose) {
            None => "approve",
            Some(token) => match token.strip_prefix("tok_").filter(|choice| !choice.contains(':')) {
                Some(choice) => choice,
                None => {
                    return ready(Err(GatewayError::Refused("a test token begins with `tok_`".to_owned()))).boxed();
                }
            },
        };
        let reference = format!("{PREFIX}:{choice}:{}:{}", new.capture.name(), new.payment);
        ready(Ok(Created { reference, next: Next::Authorize })).boxed()
    }

    fn authorize<'a>(&'a self, _: &'a Account, asked: &'a Authorization) -> Answer<'a, Outcome> {
        let (reference, amount) = (asked.reference.as_str(), asked.new.amount);
        let Some((choice, mode)) = chosen(reference) else {
            return ready(Err(GatewayError::Refused("no reference of the test provider".to_owned()))).boxed();
        };
        let outcome = match choice {
            "decline" => declined(reference, amount, DeclineReason::CardDeclined),
            "insufficient_funds" => declined(reference, amount, DeclineReason::InsufficientFunds),
            "expired_card" => declined(reference, amount, DeclineReason::ExpiredCard),
            "action" | "action_fails" => {
                let url = asked.new.return_url.clone().unwrap_or_else(|| "https://bank.example/step".to_owned());
                Outcome { standing: Standing::Action(NextAction::Redirect(url)), facts: Vec::new() }
            }
            "late" => Outcome { standing: Standing::Pending, facts: Vec::new() },
            "timeout" | "timeout_lost" => return self.says_nothing().boxed(),
            "approve" | "refund_fails" | "refund_late" | "refund_timeout" => made(reference, amount, mode),
            _ => return ready(Err(GatewayError::Refused("no such test token".to_owned()))).boxed(),
        };
        ready(Ok(outcome)).boxed()
    }

    fn capture<'a>(&'a self, _: &'a Account, asked: &'a Change) -> Answer<'a, Outcome> {
        let reference = format!("{PREFIX}:{}", asked.key);
        let facts = vec![fact(PaymentEventKind::Captured, &reference, asked.amount)];
        ready(Ok(Outcome { standing: Standing::Done, facts })).boxed()
    }

    fn void<'a>(&'a self, _: &'a Account, asked: &'a Change) -> Answer<'a, Outcome> {
        let facts = vec![fact(PaymentEventKind::Voided, &asked.reference, asked.amount)];
        ready(Ok(Outcome { standing: Standing::Done, facts })).boxed()
    }

    fn refund<'a>(&'a self, _: &'a Account, asked: &'a RefundAsked) -> Answer<'a, Outcome> {
        let of = |kind| vec![refund(kind, asked.refund, asked.change.amount)];
        let outcome = match chosen(&asked.change.reference) {
            Some(("refund_fails", _)) => {
                let standing = Standing::Declined(DeclineReason::RefusedByProvider);
                Outcome { standing, facts: of(PaymentEventKind::RefundFailed) }
            }
            Some(("refund_late", _)) => Outcome { standing: Standing::Pending, facts: Vec::new() },
            Some(("refund_timeout", _)) => return self.says_nothing().boxed(),
            _ => Outcome { standing: Standing::Done, facts: of(PaymentEventKind::Refunded) },
        };
        ready(Ok(outcome)).boxed()
    }

    fn look_up<'a>(&'a self, _: &'a Account, asked: &'a LookUp) -> Answer<'a, Outcome> {
        let never = Outcome { standing: Standing::NeverMade, facts: Vec::new() };
        let Some((reference, (choice, mode))) =
            asked.reference.as_deref().and_then(|reference| Some((reference, chosen(reference)?)))
        else {
            return ready(Ok(never)).boxed();
        };
        let outcome = match (&asked.refund, choice) {
            (Some((id, amount, _)), "refund_fails") => {
                let facts = vec![refund(PaymentEventKind::RefundFailed, *id, *amount)];
                Outcome { standing: Standing::Declined(DeclineReason::RefusedByProvider), facts }
            }
            (Some((id, amount, _)), _) => {
                let facts = vec![refund(PaymentEventKind::Refunded, *id, *amount)];
                Outcome { standing: Standing::Done, facts }
            }
            (None, "timeout_lost") => never,
            (None, "action_fails") => declined(reference, asked.amount, DeclineReason::AuthenticationFailed),
            (None, "decline") => declined(reference, asked.amount, DeclineReason::CardDeclined),
            (None, "insufficient_funds") => declined(reference, asked.amount, DeclineReason::InsufficientFunds),
            (None, "expired_card") => declined(reference, asked.amount, DeclineReason::ExpiredCard),
            (None, _) => made(reference, asked.amount, mode),
        };
        ready(Ok(outcome)).boxed()
    }

    fn webhook(
        &self,
        account: &Account,
        headers: &HeaderMap,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Webhook, WebhookError> {
        let secret = account.webhook_secret.as_ref().map(Revealed::expose).unwrap_or_default();
        let header = headers.get("stoa-test-signature").and_then(|header| header.to_str().ok()).unwrap_or_default();
        if !signature::is_timed(secret, header, body, now) {
            return Err(WebhookError::Forged);
        }
        let told: Told = serde_json::from_slice(body).map_err(|error| WebhookError::Unreadable(error.to_string()))?;
        let facts: Option<Vec<Fact>> = told.facts.into_iter().map(ToldFact::read).collect();
        let facts = facts.ok_or_else(|| WebhookError::Unreadable("an amount that is none".to_owned()))?;
        Ok(Webhook {
            event: told.id,
            kind: told.kind,
            payment: told.payment,
            reference: told.reference,
            outcome: Some(Outcome { standing: Standing::Done, facts }),
        })
    }
}

/// The body of a webhook.
#[derive(Deserialize)]
struct Told {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    payment: Option<PaymentId>,
    reference: Option<String>,
    facts: Vec<ToldFact>,
}

#[derive(Deserialize)]
struct ToldFact {
    kind: PaymentEventKind,
    reference: String,
    /// In minor units.
    amount: i64,
    currency: String,
    refund: Option<RefundId>,
}

impl ToldFact {
    fn read(self) -> Option<Fact> {
        let currency = Currency::from_code(&self.currency)?;
        let amount = (self.amount >= 0).then(|| Money::from_minor(self.amount, currency))?;
        Some(Fact { refund: self.refund, ..fact(self.kind, &self.reference, amount) })
    }
}
