//! What can be done to payment providers, one file each.

pub mod create;
pub mod reseal;
pub mod update;

use rules::states::{CaptureMode, PaymentProviderKind};
use rules::{Currency, ErrorCode, Problem, Problems};
use serde_json::json;

use crate::kernel::input;
use crate::kernel::vault::Revealed;
use crate::payments::gateway::PaymentGateway;

pub use create::PaymentProviderCreateInput;
pub use update::PaymentProviderUpdateInput;

/// Providers of a store at the most.
const MAX_PROVIDERS: usize = 20;

/// The longest name, in characters.
const MAX_NAME: usize = 60;

/// The longest instructions, in characters.
const MAX_INSTRUCTIONS: usize = 2_000;

/// The longest key or secret.
const MAX_KEY: usize = 255;

/// Whether the provider asks somebody outside, with a key.
fn has_key(kind: PaymentProviderKind) -> bool {
    matches!(kind, PaymentProviderKind::Stripe | PaymentProviderKind::Paystack)
}

/// Whether the provider signs its webhooks with a secret of its own.
fn has_webhook_secret(kind: PaymentProviderKind) -> bool {
    matches!(kind, PaymentProviderKind::Stripe | PaymentProviderKind::Test)
}

fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}

/// Reads what buyers have to know: several lines, none of them of control characters.
fn instructions(raw: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(text) = raw.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().any(|sign| sign.is_control() && sign != '\n') {
        return Err(Problem::new(ErrorCode::Invalid, "instructions", "Use lines of text without control characters."));
    }
    if text.chars().count() > MAX_INSTRUCTIONS {
        let message = format!("Give at most {MAX_INSTRUCTIONS} characters.");
        return Err(Problem::new(ErrorCode::TooLong, "instructions", message));
    }
    Ok(Some(text.to_owned()))
}

/// Reads a key or a secret. What is wrong with it is said without it.
fn key(path: &str, raw: &str) -> Result<Revealed, Problem> {
    let text = raw.trim();
    if text.len() < 8 || text.len() > MAX_KEY || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("Give 8 to {MAX_KEY} characters without blanks, as the provider shows it.");
        return Err(Problem::new(ErrorCode::Invalid, path, message));
    }
    Ok(Revealed::new(text.to_owned()))
}

/// Reads a secret key, and whether it is one of test mode: both are told by how it begins.
fn secret_key(raw: &str) -> Result<(Revealed, bool), Problem> {
    let key = key("secretKey", raw)?;
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| key.expose().starts_with(prefix));
    match (begins(&["sk_test_", "rk_test_"]), begins(&["sk_live_", "rk_live_"])) {
        (true, _) => Ok((key, true)),
        (_, true) => Ok((key, false)),
        _ => {
            let message = "Give a secret key: it begins with `sk_test_` or `sk_live_`.";
            Err(Problem::new(ErrorCode::Invalid, "secretKey", message))
        }
    }
}

/// Reads a key that stands in storefronts: a secret one must not end up there.
fn public_key(raw: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(raw) = raw.map(str::trim).filter(|raw| !raw.is_empty()) else { return Ok(None) };
    let key = key("publicKey", raw)?.expose().to_owned();
    if key.starts_with("pk_") {
        return Ok(Some(key));
    }
    Err(Problem::new(ErrorCode::Invalid, "publicKey", "Give the public key: it begins with `pk_`."))
}

/// Reads the currencies that it is offered in.
fn currencies(
    given: Option<Vec<Currency>>,
    gateway: &dyn PaymentGateway,
) -> Result<Option<serde_json::Value>, Problem> {
    let Some(mut given) = given else { return Ok(None) };
    given.sort_unstable_by_key(|currency| currency.code());
    given.dedup();
    if let Some(other) = given.iter().find(|currency| !gateway.takes(**currency)) {
        let message = format!("This provider can't be paid in {other}.");
        return Err(Problem::new(ErrorCode::Invalid, "currencies", message));
    }
    if given.is_empty() {
        let message = "Name a currency, or leave it out for all; disable the provider to offer it in none.";
        return Err(Problem::new(ErrorCode::Required, "currencies", message));
    }
    Ok(Some(json!(given.iter().map(|currency| currency.code()).collect::<Vec<_>>())))
}

fn capture_mode(mode: CaptureMode, gateway: &dyn PaymentGateway) -> Result<CaptureMode, Problem> {
    if mode == CaptureMode::Manual && !gateway.captures_later() {
        let message = "This provider takes the money at once: choose AUTOMATIC.";
        return Err(Problem::new(ErrorCode::NotAllowed, "captureMode", message));
    }
    Ok(mode)
}

/// Refuses what a provider of this kind has no use for, and notes what it can't do without.
fn expect(problems: &mut Problems, wanted: bool, given: bool, path: &str) {
    match (wanted, given) {
        (true, false) => problems.add(ErrorCode::Required, path, "This provider can't be used without it."),
        (false, true) => problems.add(ErrorCode::NotAllowed, path, "This provider has none: leave it out."),
        _ => {}
    }
}
