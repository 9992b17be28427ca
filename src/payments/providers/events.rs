//! What is told of payment providers.

use entity::payments::payment_provider_configs;
use rules::ids::PaymentProviderId;
use rules::states::{CaptureMode, PaymentProviderKind};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A provider as it was at one moment; also what the audit log keeps. Of its secrets it tells how they end, so that it
/// can be seen when one was changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentProviderSnapshot {
    /// The id.
    pub id: PaymentProviderId,
    /// With whom, or how, one pays.
    pub kind: PaymentProviderKind,
    /// What buyers choose it by.
    pub name: String,
    /// Whether buyers can choose it.
    pub enabled: bool,
    /// Whether no money moves.
    pub test: bool,
    /// When what the bank promised is taken.
    pub capture_mode: CaptureMode,
    /// The currencies that it is offered in; none for all that it takes.
    pub currencies: Option<serde_json::Value>,
    /// The account that payments are split with.
    pub subaccount: Option<String>,
    /// How the secret key ends.
    pub secret_key_last_four: Option<String>,
    /// How the webhook secret ends.
    pub webhook_secret_last_four: Option<String>,
    /// The version.
    pub version: i64,
}

impl From<&payment_provider_configs::Model> for PaymentProviderSnapshot {
    fn from(row: &payment_provider_configs::Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name.clone(),
            enabled: row.enabled,
            test: row.test,
            capture_mode: row.capture_mode,
            currencies: row.currencies.clone(),
            subaccount: row.subaccount.clone(),
            secret_key_last_four: row.secret_key_last_four.clone(),
            webhook_secret_last_four: row.webhook_secret_last_four.clone(),
            version: row.version,
        }
    }
}

macro_rules! provider_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The provider after the change.
                pub payment_provider: PaymentProviderSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "payment_provider";

                fn aggregate_id(&self) -> String {
                    self.payment_provider.id.to_string()
                }
            }
        )+
    };
}

provider_events! {
    /// A provider was created.
    PaymentProviderCreated = "payment_provider.created",
    /// A provider was changed.
    PaymentProviderUpdated = "payment_provider.updated",
}
