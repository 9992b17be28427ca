//! What an operator can set that the domains need to know.

use std::time::Duration;

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The settings that reach into the domains. Everything about sockets, pools and logs stays in `config`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address that people reach the server under, without a slash at its end.
    pub public_url: String,
    /// Whether anybody may sign up.
    pub sign_up_open: bool,
    /// How long an access token of a session lives.
    pub access_token_lifetime: TimeDelta,
    /// How long a session lives that is not refreshed.
    pub session_lifetime: TimeDelta,
    /// How long an invitation can be accepted.
    pub invitation_lifetime: TimeDelta,
    /// The page that a connection gives when it is not told how long.
    pub page_default: u32,
    /// The longest page.
    pub page_max: u32,
    /// The longest list in an input.
    pub input_list_max: usize,
    /// Bytes of answers that are remembered for visitors; 0 remembers nothing, not even stores.
    pub cache_bytes: u64,
    /// How long what another node wrote may stay unknown here; what is older is not told from memory.
    pub cache_staleness: Duration,
    /// How stores are paid.
    pub payments: PaymentSettings,
    /// Signs what goes out and must come back unchanged, and seals what is kept.
    pub secret: SecretKey,
    /// The keys that were that before: what they sealed can still be opened.
    pub secrets_before: Vec<SecretKey>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            sign_up_open: true,
            access_token_lifetime: TimeDelta::hours(1),
            session_lifetime: TimeDelta::days(30),
            invitation_lifetime: TimeDelta::days(7),
            page_default: 20,
            page_max: 100,
            input_list_max: 250,
            cache_bytes: 64 << 20,
            cache_staleness: Duration::from_secs(1),
            payments: PaymentSettings::default(),
            secret: SecretKey::new([0; 32]),
            secrets_before: Vec::new(),
        }
    }
}

/// How stores are paid, as far as the operator says.
#[derive(Debug, Clone)]
pub struct PaymentSettings {
    /// Whether stores may use the provider that moves no money.
    pub test_provider: bool,
    /// How long a provider is waited for.
    pub patience: Duration,
    /// After how long a provider is asked what became of a request that it did not answer.
    pub ask_after: TimeDelta,
    /// Where Stripe's API is.
    pub stripe_url: String,
    /// Where Paystack's API is.
    pub paystack_url: String,
}

impl Default for PaymentSettings {
    fn default() -> Self {
        Self {
            test_provider: true,
            patience: Duration::from_secs(20),
            ask_after: TimeDelta::minutes(2),
            stripe_url: "https://api.stripe.com".to_owned(),
            paystack_url: "https://api.paystack.co".to_owned(),
        }
    }
}

/// The server's own key. It can sign, and can't be printed.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// Takes 32 bytes of chance.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Signs the parts for one purpose. Each part is led by its length, so that no two lists of parts
    /// are signed alike.
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    pub fn sign(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}
