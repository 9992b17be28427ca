//! Paystack, by transactions.
//!
//! A payment is a transaction under a reference that we choose, our own id: so it can be asked after whatever was lost.
//! Without a token the buyer pays on Paystack's page, and comes back; with the authorization of an earlier payment it
//! is charged at once. Paystack takes the money with the promise: nothing can be captured later, and nothing voided.
//! It knows no idempotency keys: a reference is used once, and a refund carries our id in its note, by which it is
//! looked for before anybody asks again.

mod read;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::ready;
use http::{HeaderMap, Method, Request, header};
use http_body_util::Full;
use rules::ids::PaymentId;
use rules::states::PaymentProviderKind;
use rules::{Currency, Money};
use serde_json::{Value, json};

use super::{
    Account, Answer, Authorization, Change, Created, GatewayError, LookUp, NewPayment, Next, NextAction, Outcome,
    PaymentGateway, RefundAsked, Standing, Token, Webhook, WebhookError, signature, units,
};
use crate::kernel::outbound::Outbound;

/// Paystack counts every currency in hundredths.
const EXPONENT: u32 = 2;

/// The currencies that it can be paid in.
const CURRENCIES: &[&str] = &["NGN", "GHS", "ZAR", "KES", "USD", "XOF"];

pub(super) struct Paystack {
    outbound: Outbound,
    url: String,
}

/// The reference of a payment: Paystack takes letters, digits, and of signs a hyphen, and no underscore.
fn reference_of(payment: PaymentId) -> String {
    payment.to_string().replace('_', "-")
}

/// The payment of a reference; `None` for one that is not ours.
fn payment_of(reference: &str) -> Option<PaymentId> {
    reference.replacen('-', "_", 1).parse().ok()
}

fn count(amount: Money) -> Result<i64, GatewayError> {
    units::to_units(amount, EXPONENT).ok_or_else(|| GatewayError::Refused(format!("Paystack can't count {amount}")))
}

impl Paystack {
    pub(super) fn new(outbound: Outbound, url: &str) -> Self {
        Self { outbound, url: url.to_owned() }
    }

    /// Asks, and gives the status and `data` of the answer.
    async fn ask(
        &self,
        account: &Account,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<read::Reply, GatewayError> {
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(header::AUTHORIZATION, format!("Bearer {}", account.secret_key()?))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|error| GatewayError::Refused(error.to_string()))?;
        let reply = self.outbound.send(request).await?;
        read::reply(reply.status.as_u16(), &reply.body)
    }

    async fn begin(&self, account: &Account, new: &NewPayment) -> Result<Created, GatewayError> {
        let reference = reference_of(new.payment);
        if new.token.is_some() {
            // The charge itself makes it known, under the reference that is kept before.
            return Ok(Created { reference, next: Next::Authorize });
        }
        let mut body = self.transaction(account, new)?;
        if let Some(url) = &new.return_url {
            body["callback_url"] = json!(url);
        }
        let reply = self.ask(account, Method::POST, "/transaction/initialize", Some(body)).await?.done()?;
        let url = reply.get("authorization_url").and_then(Value::as_str);
        let url = url.ok_or_else(|| GatewayError::Unclear("no address to pay at".to_owned()))?;
        let standing = Standing::Action(NextAction::Redirect(url.to_owned()));
        Ok(Created { reference, next: Next::Became(Outcome { standing, facts: Vec::new() }) })
    }

    fn transaction(&self, account: &Account, new: &NewPayment) -> Result<Value, GatewayError> {
        let email = new.email.as_ref();
        let email =
            email.ok_or_else(|| GatewayError::Refused("Paystack wants the buyer's e-mail address".to_owned()))?;
        let mut body = json!({
            "email": email,
            "amount": count(new.amount)?.to_string(),
            "currency": new.amount.currency().code(),
            "reference": reference_of(new.payment),
            "metadata": { "stoa_payment": new.payment.to_string() },
        });
        if let Some(subaccount) = &account.subaccount {
            body["subaccount"] = json!(subaccount);
        }
        Ok(body)
    }

    async fn charge(&self, account: &Account, asked: &Authorization) -> Result<Outcome, GatewayError> {
        let mut body = self.transaction(account, &asked.new)?;
        body["authorization_code"] = json!(asked.new.token.as_ref().map(Token::expose).unwrap_or_default());
        let reply = self.ask(account, Method::POST, "/transaction/charge_authorization", Some(body)).await?;
        if reply.is_duplicate() {
            // An earlier request got through: what became of that one?
            return self.verify(account, &asked.reference).await.map(|(_, outcome)| outcome);
        }
        Ok(read::transaction(&reply.done()?)?.outcome())
    }

    /// What became of a transaction, and the number that Paystack gave it.
    async fn verify(&self, account: &Account, reference: &str) -> Result<(Option<i64>, Outcome), GatewayError> {
        let reply = self.ask(account, Method::GET, &format!("/transaction/verify/{reference}"), None).await?;
        if reply.is_unknown() {
            return Ok((None, Outcome { standing: Standing::NeverMade, facts: Vec::new() }));
        }
        let found = read::transaction(&reply.done()?)?;
        Ok((found.id, found.outcome()))
    }

    async fn give_back(&self, account: &Account, asked: &RefundAsked) -> Result<Outcome, GatewayError> {
        let amount = asked.change.amount;
        let body = json!({
            "transaction": asked.change.reference,
            "amount": count(amount)?,
            "currency": amount.currency().code(),
            "merchant_note": asked.refund.to_string(),
        });
        let reply = self.ask(account, Method::POST, "/refund", Some(body)).await?;
        Ok(read::refund(&reply.done()?)?.outcome())
    }

    async fn became(&self, account: &Account, asked: &LookUp) -> Result<Outcome, GatewayError> {
        let reference = reference_of(asked.payment);
        let (id, payment) = self.verify(account, &reference).await?;
        let Some((refund, _, _)) = &asked.refund else { return Ok(payment) };
        let never = Outcome { standing: Standing::NeverMade, facts: Vec::new() };
        let Some(id) = id else { return Ok(never) };
        let reply = self.ask(account, Method::GET, &format!("/refund?transaction={id}&perPage=100"), None).await?;
        let found = read::refunds(&reply.done()?)?;
        Ok(found.into_iter().find(|found| found.ours() == Some(*refund)).map_or(never, |refund| refund.outcome()))
    }
}

impl PaymentGateway for Paystack {
    fn kind(&self) -> PaymentProviderKind {
        PaymentProviderKind::Paystack
    }

    fn takes(&self, currency: Currency) -> bool {
        CURRENCIES.contains(&currency.code())
    }

    fn captures_later(&self) -> bool {
        false
    }

    fn create<'a>(&'a self, account: &'a Account, new: &'a NewPayment) -> Answer<'a, Created> {
        self.begin(account, new).boxed()
    }

    fn authorize<'a>(&'a self, account: &'a Account, asked: &'a Authorization) -> Answer<'a, Outcome> {
        self.charge(account, asked).boxed()
    }

    fn capture<'a>(&'a self, _: &'a Account, _: &'a Change) -> Answer<'a, Outcome> {
        ready(Err(GatewayError::Refused("Paystack takes the money with the promise".to_owned()))).boxed()
    }

    fn void<'a>(&'a self, _: &'a Account, _: &'a Change) -> Answer<'a, Outcome> {
        ready(Err(GatewayError::Refused("Paystack takes the money with the promise".to_owned()))).boxed()
    }

    fn refund<'a>(&'a self, account: &'a Account, asked: &'a RefundAsked) -> Answer<'a, Outcome> {
        self.give_back(account, asked).boxed()
    }

    fn look_up<'a>(&'a self, account: &'a Account, asked: &'a LookUp) -> Answer<'a, Outcome> {
        self.became(account, asked).boxed()
    }

    fn webhook(
        &self,
        account: &Account,
        headers: &HeaderMap,
        body: &[u8],
        _: DateTime<Utc>,
    ) -> Result<Webhook, WebhookError> {
        // Paystack signs with the key that it is asked with, and no time: what is told again is known by its content.
        let secret = account.secret_key().unwrap_or_default();
        let header = headers.get("x-paystack-signature").and_then(|header| header.to_str().ok()).unwrap_or_default();
        if !signature::is_sha512(secret, body, header) {
            return Err(WebhookError::Forged);
        }
        read::webhook(body, account.test)
    }
}
