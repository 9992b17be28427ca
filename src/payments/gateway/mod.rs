//! Providers of payments, each behind one trait (rule Y2).
//!
//! Owns the trait, what a provider is asked and answers, and the list of those that a build has. A provider answers
//! with facts: what happened, under which reference, about how much. It never decides what a payment has come to, reads
//! no row, and knows a secret only while it is asked. To add one, implement [`PaymentGateway`], add its kind to
//! `rules::states::PaymentProviderKind`, and put it into [`PaymentGateways::of`]; a build that has its own puts other
//! [`PaymentGateways`] into `System::extensions`.

mod manual;
mod paystack;
mod signature;
mod stripe;
mod test;
mod units;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use http::HeaderMap;
use rules::ids::{PaymentAttemptId, PaymentId, PaymentProviderId, RefundId, StoreId};
use rules::states::{CaptureMode, DeclineReason, PaymentEventKind, PaymentProviderKind};
use rules::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::kernel::outbound::{NoAnswer, Outbound};
use crate::kernel::settings::PaymentSettings;
use crate::kernel::vault::Revealed;
use crate::kernel::{Ctx, Error, Outside, Result};

/// Somebody who makes payments. None of these is called while a write is open: whoever asks shows [`Outside`].
pub trait PaymentGateway: Send + Sync + 'static {
    /// What it is.
    fn kind(&self) -> PaymentProviderKind;

    /// Whether it can be paid in this currency.
    fn takes(&self, currency: Currency) -> bool;

    /// Whether it can take later what the bank promises now.
    fn captures_later(&self) -> bool;

    /// Makes the payment known to the provider. No money moves by this alone, unless it is answered with
    /// [`Next::Became`].
    fn create<'a>(&'a self, account: &'a Account, new: &'a NewPayment) -> Answer<'a, Created>;

    /// Has the bank promise the amount, or pay it. The key makes a second call harmless.
    fn authorize<'a>(&'a self, account: &'a Account, asked: &'a Authorization) -> Answer<'a, Outcome>;

    /// Takes so much of what was promised.
    fn capture<'a>(&'a self, account: &'a Account, asked: &'a Change) -> Answer<'a, Outcome>;

    /// Lets go of what was promised and not taken, and sees that it can't be taken any more.
    fn void<'a>(&'a self, account: &'a Account, asked: &'a Change) -> Answer<'a, Outcome>;

    /// Gives so much back of what was taken.
    fn refund<'a>(&'a self, account: &'a Account, asked: &'a RefundAsked) -> Answer<'a, Outcome>;

    /// Asks what became of a payment, or of one of its refunds. Changes nothing.
    fn look_up<'a>(&'a self, account: &'a Account, asked: &'a LookUp) -> Answer<'a, Outcome>;

    /// Reads what the provider tells of its own accord, once it is known to come from it.
    ///
    /// # Errors
    /// Where it does not, or can't be read.
    fn webhook(
        &self,
        account: &Account,
        headers: &HeaderMap,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Webhook, WebhookError>;
}

/// What a provider answers, some time later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, GatewayError>>;

/// Why a provider did not answer the question.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// It was not done: the provider says no to the request itself, or never got it. What it says is for the log.
    #[error("refused: {0}")]
    Refused(String),
    /// It may have been done: no answer came, or none that says.
    #[error("unclear: {0}")]
    Unclear(String),
}

impl From<NoAnswer> for GatewayError {
    fn from(error: NoAnswer) -> Self {
        if error.was_sent() { Self::Unclear(error.to_string()) } else { Self::Refused(error.to_string()) }
    }
}

/// Why something that claims to come from a provider is not listened to. Told to the log, never to the sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// It is not signed as the provider signs.
    #[error("not signed by the provider")]
    Forged,
    /// It is signed, and can't be read.
    #[error("can't be read: {0}")]
    Unreadable(String),
}

/// The account at a provider that is asked, with its secrets in clear.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose it is.
    pub store: StoreId,
    /// The row that it stands in.
    pub provider: PaymentProviderId,
    /// Whether no money moves.
    pub test: bool,
    /// What the provider is asked with.
    pub secret_key: Option<Revealed>,
    /// What its webhooks are signed with.
    pub webhook_secret: Option<Revealed>,
    /// The key of the storefront.
    pub public_key: Option<String>,
    /// The account that payments are split with.
    pub subaccount: Option<String>,
    /// What buyers have to know.
    pub instructions: Option<String>,
}

impl Account {
    fn secret_key(&self) -> Result<&str, GatewayError> {
        let key = self.secret_key.as_ref().map(Revealed::expose);
        key.ok_or_else(|| GatewayError::Refused("the account has no secret key".to_owned()))
    }
}

/// A payment to be made.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// The payment.
    pub payment: PaymentId,
    /// The request, which makes a second one harmless.
    pub key: PaymentAttemptId,
    /// How much.
    pub amount: Money,
    /// When what was promised is taken.
    pub capture: CaptureMode,
    /// What stands for the buyer's card or account, made by the provider in the buyer's browser.
    pub token: Option<Token>,
    /// Where the buyer comes back to.
    pub return_url: Option<String>,
    /// The buyer's e-mail address.
    pub email: Option<String>,
    /// What the buyer reads of it, such as the name of the store.
    pub description: Option<String>,
}

/// What stands for a card; never a card's number (rule Y4), and never kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes what a storefront sent; `None` for what could be the number of a card.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let is_number = digits >= 12 && text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '-'));
        let is_good = !text.is_empty() && text.len() <= 500 && text.bytes().all(|byte| byte.is_ascii_graphic());
        (is_good && !is_number).then(|| Self(text.to_owned()))
    }

    fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A payment that the provider knows now.
#[derive(Debug, Clone)]
pub struct Created {
    /// What the provider knows it by.
    pub reference: String,
    /// What comes next.
    pub next: Next,
}

/// What comes after a payment was made known.
#[derive(Debug, Clone)]
pub enum Next {
    /// The bank is asked, by [`PaymentGateway::authorize`].
    Authorize,
    /// That was all that the provider is asked.
    Became(Outcome),
}

/// The bank is to be asked.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The payment as it was made known.
    pub new: NewPayment,
    /// What the provider knows it by.
    pub reference: String,
}

/// A payment is to be changed.
#[derive(Debug, Clone)]
pub struct Change {
    /// The payment.
    pub payment: PaymentId,
    /// The request, which makes a second one harmless.
    pub key: PaymentAttemptId,
    /// What the provider knows the payment by.
    pub reference: String,
    /// How much is taken or let go.
    pub amount: Money,
}

/// Money is to be given back.
#[derive(Debug, Clone)]
pub struct RefundAsked {
    /// The change.
    pub change: Change,
    /// The refund.
    pub refund: RefundId,
}

/// The provider is asked what became of something.
#[derive(Debug, Clone)]
pub struct LookUp {
    /// The payment.
    pub payment: PaymentId,
    /// What the provider knows it by; none where it never said.
    pub reference: Option<String>,
    /// What the payment is about.
    pub amount: Money,
    /// The refund that is asked for, with its amount and what the provider knows it by; none for the payment itself.
    pub refund: Option<(RefundId, Money, Option<String>)>,
}

/// What the provider says of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it stands.
    pub standing: Standing,
    /// What is known to have happened.
    pub facts: Vec<Fact>,
}

/// How a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was done.
    Done,
    /// The provider works on it, and tells later.
    Pending,
    /// The buyer has to do something.
    Action(NextAction),
    /// The bank or the provider said no.
    Declined(DeclineReason),
    /// The provider knows nothing of it: it was never done.
    NeverMade,
}

/// What the buyer has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextAction {
    /// To go there, and come back.
    Redirect(String),
    /// To confirm in the storefront, with the provider's own script and this secret of the one payment.
    Confirm {
        /// What the provider's script is given. Never kept.
        client_secret: String,
    },
    /// To pay in another way, as the store says.
    Instructions(String),
}

/// Something that happened to a payment, in the provider's words turned into ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// What happened.
    pub kind: PaymentEventKind,
    /// The provider's reference.
    pub reference: String,
    /// About how much.
    pub amount: Money,
    /// When, where the provider says.
    pub at: Option<DateTime<Utc>>,
    /// The refund of ours that it is, where the provider says.
    pub refund: Option<RefundId>,
}

/// What a provider told of its own accord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// What the provider knows it by; the same one is told again.
    pub event: String,
    /// What it is, in the provider's words.
    pub kind: String,
    /// The payment, where the provider was told its id.
    pub payment: Option<PaymentId>,
    /// What the provider knows the payment by.
    pub reference: Option<String>,
    /// What it says. Nothing where it is of no kind that matters.
    pub outcome: Option<Outcome>,
}

/// The providers of a build.
pub struct PaymentGateways(Vec<Arc<dyn PaymentGateway>>);

impl PaymentGateways {
    /// These providers. Of two of one kind the first counts.
    pub fn new(gateways: Vec<Arc<dyn PaymentGateway>>) -> Self {
        Self(gateways)
    }

    /// The providers of the product.
    pub fn of(settings: &PaymentSettings) -> Self {
        let outbound = Outbound::new(settings.patience);
        Self::new(vec![
            Arc::new(test::Test::new(settings.patience)),
            Arc::new(manual::Manual::new(PaymentProviderKind::BankTransfer)),
            Arc::new(manual::Manual::new(PaymentProviderKind::CashOnDelivery)),
            Arc::new(stripe::Stripe::new(outbound.clone(), &settings.stripe_url)),
            Arc::new(paystack::Paystack::new(outbound, &settings.paystack_url)),
        ])
    }

    /// The provider of a kind.
    pub fn find(&self, kind: PaymentProviderKind) -> Option<Arc<dyn PaymentGateway>> {
        self.0.iter().find(|gateway| gateway.kind() == kind).cloned()
    }
}

impl fmt::Debug for PaymentGateways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|gateway| gateway.kind())).finish()
    }
}

/// The provider of a kind, of this build.
///
/// # Errors
/// `Internal` where the build has none.
pub fn gateway(ctx: &Ctx, kind: PaymentProviderKind) -> Result<Arc<dyn PaymentGateway>> {
    let found = ctx.system().extensions.get::<PaymentGateways>().and_then(|gateways| gateways.find(kind));
    found.ok_or_else(|| Error::internal(format!("this build has no provider {}", kind.name())))
}

/// Asks a provider, with nothing of the database in hand.
pub async fn ask<T>(_: &Outside, question: Answer<'_, T>) -> Result<T, GatewayError> {
    question.await
}
