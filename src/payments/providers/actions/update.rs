//! `paymentProviderUpdate`: a way to pay changes.

use async_graphql::{InputObject, MaybeUndefined};
use entity::payments::payment_provider_configs::ActiveModel;
use rules::ids::PaymentProviderId;
use rules::states::CaptureMode;
use rules::{Currency, ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::account::secret_places;
use super::super::events::{PaymentProviderSnapshot, PaymentProviderUpdated};
use super::super::store;
use super::super::types::PaymentProvider;
use crate::kernel::vault::Vault;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::payments::gateway;

/// What changes of a way to pay. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct PaymentProviderUpdateInput {
    /// What buyers choose it by.
    pub name: Option<String>,
    /// What buyers have to know.
    pub instructions: MaybeUndefined<String>,
    /// Whether buyers can choose it. Payments that were begun go on.
    pub enabled: Option<bool>,
    /// When what the bank promises from now on is taken.
    pub capture_mode: Option<CaptureMode>,
    /// The currencies that it is offered in; null for all that it takes.
    pub currencies: MaybeUndefined<Vec<Currency>>,
    /// A new secret key of the same account, and of the same mode. Never shown again.
    #[graphql(secret)]
    pub secret_key: Option<String>,
    /// What the provider signs webhooks with from now on. Never shown again.
    #[graphql(secret)]
    pub webhook_secret: Option<String>,
    /// The public key of the account.
    pub public_key: MaybeUndefined<String>,
    /// The account at the provider that payments are split with; null for none.
    pub subaccount: MaybeUndefined<String>,
}

/// Changes the provider.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (PaymentProviderId, PaymentProviderUpdateInput, Option<i32>),
) -> Result<PaymentProvider> {
    let mut tx = ctx.begin_store(Action::PaymentProviderUpdate).await?;
    let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let gateway = gateway::gateway(ctx, before.kind)?;
    let vault = Vault::of(ctx.settings());
    let [key_place, webhook_place] = secret_places(&before);
    let mut problems = Problems::new();
    let mut row = ActiveModel::default();
    if let Some(name) = input.name.as_deref().and_then(|raw| problems.keep(super::name(raw))) {
        row.name = Set(name);
    }
    if let Some(enabled) = input.enabled {
        row.enabled = Set(enabled);
    }
    if let Some(text) = given(&mut problems, input.instructions, |raw| super::instructions(raw.as_deref())) {
        row.instructions = Set(text);
    }
    if let Some(mode) = input.capture_mode.and_then(|mode| problems.keep(super::capture_mode(mode, &*gateway))) {
        row.capture_mode = Set(mode);
    }
    if let Some(codes) = given(&mut problems, input.currencies, |codes| super::currencies(codes, &*gateway)) {
        row.currencies = Set(codes);
    }
    if let Some(key) = given(&mut problems, input.public_key, |raw| super::public_key(raw.as_deref())) {
        row.public_key = Set(key);
    }
    let line = |raw: Option<String>| input::optional_line("subaccount", raw.as_deref(), 100);
    if let Some(account) = given(&mut problems, input.subaccount, line) {
        row.subaccount = Set(account);
    }
    if let Some(raw) = input.secret_key.as_deref() {
        if !super::has_key(before.kind) {
            super::expect(&mut problems, false, true, "secretKey");
        } else if let Some((secret, test)) = problems.keep(super::secret_key(raw)) {
            if test != before.test {
                // What was begun in one mode can't go on in the other.
                let message = "The key is of the other mode: create another provider for it.";
                problems.push(Problem::new(ErrorCode::NotAllowed, "secretKey", message));
            }
            row.secret_key_last_four = Set(Some(secret.last_four()));
            row.secret_key_sealed = Set(Some(vault.seal(&*ctx.system().entropy, key_place, &secret)));
        }
    }
    if let Some(raw) = input.webhook_secret.as_deref() {
        if !super::has_webhook_secret(before.kind) {
            super::expect(&mut problems, false, true, "webhookSecret");
        } else if let Some(secret) = problems.keep(super::key("webhookSecret", raw)) {
            row.webhook_secret_last_four = Set(Some(secret.last_four()));
            row.webhook_secret_sealed = Set(Some(vault.seal(&*ctx.system().entropy, webhook_place, &secret)));
        }
    }
    problems.finish()?;
    let after = store::update(&tx, &before, row).await?;
    let (old, new) = (PaymentProviderSnapshot::from(&before), PaymentProviderSnapshot::from(&after));
    tx.emit(&PaymentProviderUpdated { payment_provider: PaymentProviderSnapshot::from(&after) })?;
    tx.commit(Audit::updated("payment_provider", id, &old, &new)).await?;
    Ok(after.into())
}

/// Reads a value that may be left out, or cleared by null.
fn given<T, U>(
    problems: &mut Problems,
    given: MaybeUndefined<T>,
    read: impl FnOnce(Option<T>) -> Result<U, Problem>,
) -> Option<U> {
    match given {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => problems.keep(read(None)),
        MaybeUndefined::Value(value) => problems.keep(read(Some(value))),
    }
}
