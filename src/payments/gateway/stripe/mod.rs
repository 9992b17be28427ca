//! Stripe, by payment intents.
//!
//! A payment is an intent. It is created without being confirmed, which moves no money, and is confirmed in a second
//! request once its reference is kept: so whatever is lost on the way, the intent can be asked. Every request that
//! changes something carries our own id as its idempotency key, and the intent and its refunds carry ours as metadata,
//! by which webhooks find their payment even where they overtake the answer. Without a token the buyer confirms in the
//! storefront with Stripe's own script.

mod read;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::FutureExt;
use http::{HeaderMap, Method, Request, header};
use http_body_util::Full;
use rules::Currency;
use rules::states::{CaptureMode, PaymentProviderKind};
use serde_json::Value;

use super::{
    Account, Answer, Authorization, Change, Created, GatewayError, LookUp, NewPayment, Next, Outcome, PaymentGateway,
    RefundAsked, Standing, Token, Webhook, WebhookError, signature, units,
};
use crate::kernel::outbound::Outbound;
use crate::kernel::vault::Revealed;

/// The version of the API that answers and webhooks are read in.
const VERSION: &str = "2025-03-31.basil";

pub(super) struct Stripe {
    outbound: Outbound,
    url: String,
}

/// What a request says, besides where it goes.
struct Ask<'a> {
    method: Method,
    path: String,
    /// Names and values of the form.
    form: Vec<(&'static str, String)>,
    /// What makes a second one harmless.
    key: Option<&'a str>,
}

impl Stripe {
    pub(super) fn new(outbound: Outbound, url: &str) -> Self {
        Self { outbound, url: url.to_owned() }
    }

    async fn ask(&self, account: &Account, ask: Ask<'_>) -> Result<(u16, Value), GatewayError> {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&ask.form).finish();
        let mut request = Request::builder()
            .method(ask.method)
            .uri(format!("{}{}", self.url, ask.path))
            .header(header::AUTHORIZATION, format!("Bearer {}", account.secret_key()?))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("stripe-version", VERSION);
        if let Some(key) = ask.key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Full::new(Bytes::from(body)));
        let request = request.map_err(|error| GatewayError::Refused(error.to_string()))?;
        let reply = self.outbound.send(request).await?;
        let status = reply.status.as_u16();
        match serde_json::from_slice(&reply.body) {
            Ok(value) => Ok((status, value)),
            Err(error) => Err(GatewayError::Unclear(format!("status {status}, and no JSON: {error}"))),
        }
    }

    /// Asks for something that ends in an intent.
    async fn intent(&self, account: &Account, ask: Ask<'_>) -> Result<read::Intent, GatewayError> {
        let (status, value) = self.ask(account, ask).await?;
        read::intent(status, value)
    }

    async fn create_intent(&self, account: &Account, new: &NewPayment) -> Result<Created, GatewayError> {
        let amount = read::exponent(new.amount.currency())
            .and_then(|exponent| units::to_units(new.amount, exponent))
            .ok_or_else(|| GatewayError::Refused(format!("Stripe can't count {}", new.amount)))?;
        let capture = match new.capture {
            CaptureMode::Automatic => "automatic",
            CaptureMode::Manual => "manual",
        };
        let mut form = vec![
            ("amount", amount.to_string()),
            ("currency", new.amount.currency().code().to_ascii_lowercase()),
            ("capture_method", capture.to_owned()),
            ("automatic_payment_methods[enabled]", "true".to_owned()),
            ("metadata[stoa_payment]", new.payment.to_string()),
        ];
        form.extend(new.description.clone().map(|text| ("description", text)));
        form.extend(new.email.clone().map(|email| ("receipt_email", email)));
        // The same account can be split with, where the store has named one.
        form.extend(account.subaccount.clone().map(|account| ("transfer_data[destination]", account)));
        let key = format!("{}-create", new.key);
        let path = "/v1/payment_intents".to_owned();
        let intent = self.intent(account, Ask { method: Method::POST, path, form, key: Some(&key) }).await?;
        let next = match &new.token {
            Some(_) => Next::Authorize,
            None => Next::Became(intent.to_be_confirmed()),
        };
        Ok(Created { reference: intent.id, next })
    }

    async fn confirm(&self, account: &Account, asked: &Authorization) -> Result<Outcome, GatewayError> {
        let token = asked.new.token.as_ref().map(Token::expose).unwrap_or_default();
        let mut form = vec![("payment_method", token.to_owned())];
        form.extend(asked.new.return_url.clone().map(|url| ("return_url", url)));
        let key = format!("{}-confirm", asked.new.key);
        let path = format!("/v1/payment_intents/{}/confirm", asked.reference);
        Ok(self.intent(account, Ask { method: Method::POST, path, form, key: Some(&key) }).await?.outcome())
    }

    async fn change(
        &self,
        account: &Account,
        asked: &Change,
        verb: &str,
        form: Vec<(&'static str, String)>,
    ) -> Result<Outcome, GatewayError> {
        let key = asked.key.to_string();
        let path = format!("/v1/payment_intents/{}/{verb}", asked.reference);
        Ok(self.intent(account, Ask { method: Method::POST, path, form, key: Some(&key) }).await?.outcome())
    }

    async fn give_back(&self, account: &Account, asked: &RefundAsked) -> Result<Outcome, GatewayError> {
        let amount = asked.change.amount;
        let units = read::exponent(amount.currency()).and_then(|exponent| units::to_units(amount, exponent));
        let units = units.ok_or_else(|| GatewayError::Refused(format!("Stripe can't count {amount}")))?;
        let form = vec![
            ("payment_intent", asked.change.reference.clone()),
            ("amount", units.to_string()),
            ("metadata[stoa_payment]", asked.change.payment.to_string()),
            ("metadata[stoa_refund]", asked.refund.to_string()),
        ];
        let key = asked.change.key.to_string();
        let ask = Ask { method: Method::POST, path: "/v1/refunds".to_owned(), form, key: Some(&key) };
        let (status, value) = self.ask(account, ask).await?;
        Ok(read::refund(status, value)?.outcome())
    }

    async fn became(&self, account: &Account, asked: &LookUp) -> Result<Outcome, GatewayError> {
        // Without a reference the intent was at most created, and is never confirmed: no money moved.
        let never = Outcome { standing: Standing::NeverMade, facts: Vec::new() };
        let Some(reference) = &asked.reference else { return Ok(never) };
        let get = |path| Ask { method: Method::GET, path, form: Vec::new(), key: None };
        let Some((refund, _, of_provider)) = &asked.refund else {
            let intent = self.intent(account, get(format!("/v1/payment_intents/{reference}"))).await?;
            return Ok(intent.looked_up());
        };
        if let Some(of_provider) = of_provider {
            let (status, value) = self.ask(account, get(format!("/v1/refunds/{of_provider}"))).await?;
            return Ok(read::refund(status, value)?.outcome());
        }
        let (status, value) =
            self.ask(account, get(format!("/v1/refunds?payment_intent={reference}&limit=100"))).await?;
        let ours = read::refunds(status, value)?.into_iter().find(|found| found.ours == Some(*refund));
        Ok(ours.map_or(never, |refund| refund.outcome()))
    }
}

impl PaymentGateway for Stripe {
    fn kind(&self) -> PaymentProviderKind {
        PaymentProviderKind::Stripe
    }

    fn takes(&self, currency: Currency) -> bool {
        read::exponent(currency).is_some()
    }

    fn captures_later(&self) -> bool {
        true
    }

    fn create<'a>(&'a self, account: &'a Account, new: &'a NewPayment) -> Answer<'a, Created> {
        self.create_intent(account, new).boxed()
    }

    fn authorize<'a>(&'a self, account: &'a Account, asked: &'a Authorization) -> Answer<'a, Outcome> {
        self.confirm(account, asked).boxed()
    }

    fn capture<'a>(&'a self, account: &'a Account, asked: &'a Change) -> Answer<'a, Outcome> {
        let units =
            read::exponent(asked.amount.currency()).and_then(|exponent| units::to_units(asked.amount, exponent));
        let form = units.map(|units| ("amount_to_capture", units.to_string())).into_iter().collect();
        self.change(account, asked, "capture", form).boxed()
    }

    fn void<'a>(&'a self, account: &'a Account, asked: &'a Change) -> Answer<'a, Outcome> {
        self.change(account, asked, "cancel", Vec::new()).boxed()
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
        now: DateTime<Utc>,
    ) -> Result<Webhook, WebhookError> {
        let secret = account.webhook_secret.as_ref().map(Revealed::expose).unwrap_or_default();
        let header = headers.get("stripe-signature").and_then(|header| header.to_str().ok()).unwrap_or_default();
        if !signature::is_timed(secret, header, body, now) {
            return Err(WebhookError::Forged);
        }
        let told = serde_json::from_slice(body).map_err(|error| WebhookError::Unreadable(error.to_string()))?;
        read::webhook(told, account.test)
    }
}
