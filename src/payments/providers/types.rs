//! How payment providers look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::payments::payment_provider_configs;
use rules::Currency;
use rules::ids::PaymentProviderId;
use rules::states::{CaptureMode, PaymentProviderKind};

use super::store;
use crate::kernel::Ctx;
use crate::kernel::graph::object;
use crate::payload;

/// One way to pay that a store offers, with the account behind it.
#[derive(Clone)]
pub struct PaymentProvider(pub Arc<payment_provider_configs::Model>);

impl From<payment_provider_configs::Model> for PaymentProvider {
    fn from(row: payment_provider_configs::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// One way to pay that a store offers, with the account behind it. Its secrets are never shown.
#[object]
impl PaymentProvider {
    /// The provider's id.
    fn id(&self) -> PaymentProviderId {
        self.0.id
    }

    /// With whom, or how, one pays.
    fn kind(&self) -> PaymentProviderKind {
        self.0.kind
    }

    /// What buyers choose it by.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What buyers have to know, such as a bank account.
    fn instructions(&self) -> Option<&str> {
        self.0.instructions.as_deref()
    }

    /// Whether buyers can choose it.
    fn enabled(&self) -> bool {
        self.0.enabled
    }

    /// Whether no money moves.
    fn test(&self) -> bool {
        self.0.test
    }

    /// When what the bank promised is taken.
    fn capture_mode(&self) -> CaptureMode {
        self.0.capture_mode
    }

    /// The currencies that it is offered in; null for all that it takes.
    fn currencies(&self) -> Option<Vec<Currency>> {
        store::currencies(&self.0)
    }

    /// How the secret key ends; null where there is none.
    fn secret_key_last_four(&self) -> Option<&str> {
        self.0.secret_key_last_four.as_deref()
    }

    /// How the secret that webhooks are signed with ends; null where there is none.
    fn webhook_secret_last_four(&self) -> Option<&str> {
        self.0.webhook_secret_last_four.as_deref()
    }

    /// The public key of the account.
    fn public_key(&self) -> Option<&str> {
        self.0.public_key.as_deref()
    }

    /// The account at the provider that payments are split with.
    fn subaccount(&self) -> Option<&str> {
        self.0.subaccount.as_deref()
    }

    /// Where the provider has to send its webhooks.
    async fn webhook_url(&self, ctx: &Ctx) -> crate::kernel::Result<String> {
        Ok(format!("{}/webhooks/payments/{}", ctx.settings().public_url, self.0.id))
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A way to pay, as buyers see it.
#[derive(Clone)]
pub struct PaymentMethod(pub Arc<payment_provider_configs::Model>);

/// A way to pay, as buyers see it.
#[object]
impl PaymentMethod {
    /// What it is chosen by.
    fn provider_id(&self) -> PaymentProviderId {
        self.0.id
    }

    /// With whom, or how, one pays.
    fn kind(&self) -> PaymentProviderKind {
        self.0.kind
    }

    /// What it is called.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What the buyer has to know, such as a bank account.
    fn instructions(&self) -> Option<&str> {
        self.0.instructions.as_deref()
    }

    /// Whether no money moves.
    fn test(&self) -> bool {
        self.0.test
    }

    /// What the storefront gives to the provider's script.
    fn public_key(&self) -> Option<&str> {
        self.0.public_key.as_deref()
    }
}

payload! {
    /// The answer of `paymentProviderCreate`.
    PaymentProviderCreatePayload {
        /// The new provider.
        payment_provider: PaymentProvider,
    }
}

payload! {
    /// The answer of `paymentProviderUpdate`.
    PaymentProviderUpdatePayload {
        /// The provider as it is now.
        payment_provider: PaymentProvider,
    }
}
