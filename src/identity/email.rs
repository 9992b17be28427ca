//! E-mail addresses: the form that is taken, and the key that they are compared by.
//!
//! Owns the check of the form alone: whether a mailbox is there is only known once something was
//! sent to it.

use rules::{ErrorCode, Problem};

use crate::kernel::text;

/// The longest address, in bytes (RFC 5321).
const MAX: usize = 254;
/// The longest part before the @, in bytes.
const MAX_LOCAL_PART: usize = 64;

/// An address of good form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// As it was typed, without blanks around it.
    pub address: String,
    /// As it is compared: two addresses with one key are one address.
    pub key: String,
}

/// Reads an address.
///
/// # Errors
/// A problem at `path`.
pub fn read(path: &str, raw: &str) -> Result<Email, Problem> {
    let address = raw.trim();
    if address.is_empty() {
        return Err(Problem::new(ErrorCode::Required, path, "Give an e-mail address."));
    }
    if address.len() > MAX {
        return Err(Problem::new(ErrorCode::TooLong, path, "Give an address of at most 254 bytes."));
    }
    let key = text::email_key(address);
    // The key is checked as well: folding must not make another form of a good one.
    if !is_well_formed(address) || !is_well_formed(&key) {
        return Err(Problem::new(ErrorCode::Invalid, path, "Give an e-mail address such as ann@example.com."));
    }
    Ok(Email { address: address.to_owned(), key })
}

fn is_well_formed(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let visible = |c: char| !c.is_whitespace() && !c.is_control() && !"()<>[]:;,\\\"@".contains(c);
    let dotted = |part: &str| !part.split('.').any(str::is_empty);
    address.len() <= MAX
        && (1..=MAX_LOCAL_PART).contains(&local.len())
        && local.chars().all(visible)
        && dotted(local)
        && domain.contains('.')
        && dotted(domain)
        && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
        && !domain.split('.').any(|label| label.starts_with('-') || label.ends_with('-') || label.len() > 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_in_case_and_width_have_one_key() {
        let email = read("email", "  Ann.Lee+shop@Example.COM ").expect("an address");
        assert_eq!(email, Email { address: "Ann.Lee+shop@Example.COM".into(), key: "ann.lee+shop@example.com".into() });
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in [
            "ann",
            "@example.com",
            "ann@",
            "ann@example",
            "ann@@example.com",
            "ann@b@example.com",
            "ann lee@example.com",
            "ann@exa mple.com",
            "ann.@example.com",
            ".ann@example.com",
            "ann@.com",
            "ann@example..com",
            "ann@-a.com",
            "ann\n@example.com",
            "\"ann\"@example.com",
            "<ann@example.com>",
            "ann@example.com\0",
            "ann＠example.com",
            "ann@evil.com＠example.com",
            "ann@[127.0.0.1]",
        ] {
            assert_eq!(read("email", wrong).map_err(|problem| problem.code), Err(ErrorCode::Invalid), "{wrong}");
        }
        assert_eq!(read("email", " ").map_err(|problem| problem.code), Err(ErrorCode::Required));
        let long = format!("{}@example.com", "a".repeat(100_000));
        assert_eq!(read("email", &long).map_err(|problem| problem.code), Err(ErrorCode::TooLong));
    }
}
