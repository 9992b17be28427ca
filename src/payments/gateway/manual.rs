//! Payments that somebody of the store sees come in: bank transfers, and cash on delivery.
//!
//! The buyer is told what to do; nobody outside is asked. What came in, and what was given back, is said by the store's
//! people, in actions of their own.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::ready;
use http::HeaderMap;
use rules::Currency;
use rules::states::{PaymentEventKind, PaymentProviderKind};

use super::{
    Account, Answer, Authorization, Change, Created, Fact, GatewayError, LookUp, NewPayment, Next, NextAction, Outcome,
    PaymentGateway, RefundAsked, Standing, Webhook, WebhookError,
};

pub(super) struct Manual {
    kind: PaymentProviderKind,
}

impl Manual {
    pub(super) fn new(kind: PaymentProviderKind) -> Self {
        Self { kind }
    }
}

fn waits(account: &Account) -> Outcome {
    let told = account.instructions.clone().unwrap_or_default();
    Outcome { standing: Standing::Action(NextAction::Instructions(told)), facts: Vec::new() }
}

impl PaymentGateway for Manual {
    fn kind(&self) -> PaymentProviderKind {
        self.kind
    }

    fn takes(&self, _: Currency) -> bool {
        true
    }

    fn captures_later(&self) -> bool {
        true
    }

    fn create<'a>(&'a self, account: &'a Account, new: &'a NewPayment) -> Answer<'a, Created> {
        // What the buyer writes on the transfer.
        ready(Ok(Created { reference: new.payment.to_string(), next: Next::Became(waits(account)) })).boxed()
    }

    fn authorize<'a>(&'a self, account: &'a Account, _: &'a Authorization) -> Answer<'a, Outcome> {
        ready(Ok(waits(account))).boxed()
    }

    fn capture<'a>(&'a self, _: &'a Account, _: &'a Change) -> Answer<'a, Outcome> {
        ready(Err(GatewayError::Refused("somebody of the store says what came in".to_owned()))).boxed()
    }

    fn void<'a>(&'a self, _: &'a Account, asked: &'a Change) -> Answer<'a, Outcome> {
        // Nothing was promised by anybody: the payment is waited for no longer.
        let fact = Fact {
            kind: PaymentEventKind::Voided,
            reference: asked.key.to_string(),
            amount: asked.amount,
            at: None,
            refund: None,
        };
        ready(Ok(Outcome { standing: Standing::Done, facts: vec![fact] })).boxed()
    }

    fn refund<'a>(&'a self, _: &'a Account, asked: &'a RefundAsked) -> Answer<'a, Outcome> {
        // Whoever asks for it gives the money back.
        let fact = Fact {
            kind: PaymentEventKind::Refunded,
            reference: asked.refund.to_string(),
            amount: asked.change.amount,
            at: None,
            refund: Some(asked.refund),
        };
        ready(Ok(Outcome { standing: Standing::Done, facts: vec![fact] })).boxed()
    }

    fn look_up<'a>(&'a self, account: &'a Account, _: &'a LookUp) -> Answer<'a, Outcome> {
        ready(Ok(waits(account))).boxed()
    }

    fn webhook(&self, _: &Account, _: &HeaderMap, _: &[u8], _: DateTime<Utc>) -> Result<Webhook, WebhookError> {
        Err(WebhookError::Forged)
    }
}
