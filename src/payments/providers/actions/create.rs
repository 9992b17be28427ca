//! `paymentProviderCreate`: a new way to pay.

use async_graphql::InputObject;
use entity::payments::payment_provider_configs::Model;
use rules::ids::PaymentProviderId;
use rules::states::{CaptureMode, PaymentProviderKind};
use rules::{Currency, ErrorCode, Problem, Problems};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::super::account::secret_places;
use super::super::events::{PaymentProviderCreated, PaymentProviderSnapshot};
use super::super::store;
use super::super::types::PaymentProvider;
use crate::kernel::vault::{Place, Revealed, Vault};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::payments::gateway;

/// A new way to pay.
#[derive(InputObject, Clone)]
pub struct PaymentProviderCreateInput {
    /// With whom, or how, one pays.
    pub kind: PaymentProviderKind,
    /// What buyers choose it by; at most 60 characters.
    pub name: String,
    /// What buyers have to know, such as a bank account; at most 2,000 characters.
    pub instructions: Option<String>,
    /// Whether buyers can choose it.
    #[graphql(default = true)]
    pub enabled: bool,
    /// When what the bank promised is taken.
    #[graphql(default_with = "CaptureMode::Automatic")]
    pub capture_mode: CaptureMode,
    /// The currencies that it is offered in; all that it takes where it is left out.
    pub currencies: Option<Vec<Currency>>,
    /// The secret key of the account, for STRIPE and PAYSTACK. It says whether payments are of test mode. Never shown
    /// again.
    #[graphql(secret)]
    pub secret_key: Option<String>,
    /// What the provider signs webhooks with, for STRIPE and TEST. Never shown again.
    #[graphql(secret)]
    pub webhook_secret: Option<String>,
    /// The public key of the account, which storefronts give to the provider's script.
    pub public_key: Option<String>,
    /// The account at the provider that payments are split with: a connected account at Stripe, a subaccount at
    /// Paystack.
    pub subaccount: Option<String>,
}

/// Creates the provider.
pub async fn run(ctx: &Ctx, input: PaymentProviderCreateInput) -> Result<PaymentProvider> {
    let kind = input.kind;
    let gateway = gateway::gateway(ctx, kind)?;
    let mut problems = Problems::new();
    if kind == PaymentProviderKind::Test && !ctx.settings().payments.test_provider {
        let message = "The operator has switched the test provider off: STOA_PAYMENTS_TEST_PROVIDER.";
        problems.add(ErrorCode::Disabled, "kind", message);
    }
    let name = problems.keep(super::name(&input.name));
    let instructions = problems.keep(super::instructions(input.instructions.as_deref()));
    let capture_mode = problems.keep(super::capture_mode(input.capture_mode, &*gateway));
    let currencies = problems.keep(super::currencies(input.currencies, &*gateway));
    let public_key = problems.keep(super::public_key(input.public_key.as_deref()));
    let subaccount = problems.keep(input::optional_line("subaccount", input.subaccount.as_deref(), 100));
    super::expect(&mut problems, super::has_key(kind), input.secret_key.is_some(), "secretKey");
    if !super::has_webhook_secret(kind) {
        super::expect(&mut problems, false, input.webhook_secret.is_some(), "webhookSecret");
    }
    let secret = input.secret_key.as_deref().and_then(|raw| problems.keep(super::secret_key(raw)));
    let webhook = input.webhook_secret.as_deref().and_then(|raw| problems.keep(super::key("webhookSecret", raw)));
    problems.finish()?;
    let (Some(name), Some(capture_mode)) = (name, capture_mode) else { return Err(input::unread()) };

    let mut tx = ctx.begin_store(Action::PaymentProviderCreate).await?;
    tx.hold_store().await?;
    if store::list(&tx).await?.len() >= super::MAX_PROVIDERS {
        let message = format!("A store has at most {} providers: change one that is disabled.", super::MAX_PROVIDERS);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let id: PaymentProviderId = ctx.id();
    let mut row = Model {
        store_id: tx.id(),
        id,
        kind,
        name,
        instructions: instructions.flatten(),
        enabled: input.enabled,
        test: match kind {
            PaymentProviderKind::Test => true,
            _ => secret.as_ref().is_some_and(|(_, test)| *test),
        },
        capture_mode,
        currencies: currencies.flatten(),
        public_key: public_key.flatten(),
        subaccount: subaccount.flatten(),
        secret_key_sealed: None,
        secret_key_last_four: secret.as_ref().map(|(secret, _)| secret.last_four()),
        webhook_secret_sealed: None,
        webhook_secret_last_four: webhook.as_ref().map(Revealed::last_four),
        version: 1,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    let vault = Vault::of(ctx.settings());
    let seal = |place: Place, secret: &Revealed| vault.seal(&*ctx.system().entropy, place, secret);
    let [key_place, webhook_place] = secret_places(&row);
    row.secret_key_sealed = secret.as_ref().map(|(secret, _)| seal(key_place, secret));
    row.webhook_secret_sealed = webhook.as_ref().map(|webhook| seal(webhook_place, webhook));
    let row = store::insert(&tx, row.into_active_model().reset_all()).await?;
    tx.emit(&PaymentProviderCreated { payment_provider: PaymentProviderSnapshot::from(&row) })?;
    tx.commit(Audit::created("payment_provider", row.id, &PaymentProviderSnapshot::from(&row))).await?;
    Ok(row.into())
}
