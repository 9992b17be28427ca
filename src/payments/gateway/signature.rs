//! Signatures of webhooks: whether a text was signed with a secret, told in the same time whichever byte is wrong.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};

/// Whether `given`, in hexadecimal, is the HMAC-SHA-256 of the parts, one after the other.
pub(super) fn is_sha256(secret: &str, parts: &[&[u8]], given: &str) -> bool {
    // A secret of no length is what an attacker would guess first (attack C20).
    let (false, Ok(mut mac)) = (secret.is_empty(), Hmac::<Sha256>::new_from_slice(secret.as_bytes())) else {
        return false;
    };
    parts.iter().for_each(|part| mac.update(part));
    hex::decode(given).is_ok_and(|given| mac.verify_slice(&given).is_ok())
}

/// The same of HMAC-SHA-512.
pub(super) fn is_sha512(secret: &str, body: &[u8], given: &str) -> bool {
    let (false, Ok(mut mac)) = (secret.is_empty(), Hmac::<Sha512>::new_from_slice(secret.as_bytes())) else {
        return false;
    };
    mac.update(body);
    hex::decode(given).is_ok_and(|given| mac.verify_slice(&given).is_ok())
}

/// How old a signature may be, and how far ahead: clocks differ, and what was overheard is not told again later.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// Whether a header such as `t=1492774577,v1=5257a8…,v1=…` says that the body was signed with the secret, at a time
/// that is not long ago. One of several signatures is enough: there are two while a secret is changed.
pub(super) fn is_timed(secret: &str, header: &str, body: &[u8], now: DateTime<Utc>) -> bool {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let of = |name: &'static str| parts().filter(move |(key, _)| *key == name).map(|(_, value)| value);
    let Some(signed_at) = of("t").next() else { return false };
    let moment = signed_at.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let is_fresh = moment.is_some_and(|moment| (now - moment).abs() <= TOLERANCE);
    is_fresh && of("v1").take(8).any(|given| is_sha256(secret, &[signed_at.as_bytes(), b".", body], given))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).expect("a moment")
    }

    fn sign(secret: &str, at: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{at}.{body}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    #[test]
    fn attack_c20_only_the_secret_signs() {
        let good = sign("whsec_a", 1_700_000_000, "{}");
        let header = format!("t=1700000000,v1={good}");
        assert!(is_timed("whsec_a", &header, b"{}", now()));
        assert!(
            is_timed("whsec_a", &format!("t=1700000000,v1=00,v0=1,v1={good}"), b"{}", now()),
            "while it is changed"
        );
        for (secret, header, body) in [
            ("whsec_b", header.as_str(), "{}"),
            ("", header.as_str(), "{}"),
            ("whsec_a", header.as_str(), "{ }"),
            ("whsec_a", &format!("t=1700000001,v1={good}"), "{}"),
            ("whsec_a", &format!("t=1700000000,v0={good}"), "{}"),
            ("whsec_a", &format!("v1={good}"), "{}"),
            ("whsec_a", "t=1700000000", "{}"),
            ("whsec_a", "t=1700000000,v1=", "{}"),
            ("whsec_a", "t=9223372036854775807,v1=00", "{}"),
            ("whsec_a", "", "{}"),
        ] {
            assert!(!is_timed(secret, header, body.as_bytes(), now()), "{secret} {header} {body}");
        }
        // A secret of no length signs nothing, whoever signs with it.
        let empty = sign("", 1_700_000_000, "{}");
        assert!(!is_timed("", &format!("t=1700000000,v1={empty}"), b"{}", now()));
    }

    #[test]
    fn attack_c19_an_old_signature_is_none() {
        for (ahead, good) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
            let at = 1_700_000_000 + ahead;
            let header = format!("t={at},v1={}", sign("whsec_a", at, "{}"));
            assert_eq!(is_timed("whsec_a", &header, b"{}", now()), good, "{ahead} s ahead");
        }
    }
}
