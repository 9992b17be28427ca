//! What is taken for a password: long enough, of characters that every keyboard can type again, and
//! not among those that are tried first.

use std::collections::HashSet;
use std::sync::LazyLock;

use rules::{ErrorCode, Problem};

use super::Password;
use crate::kernel::text;

/// The fewest characters.
const MIN: usize = 8;
/// The most characters.
const MAX: usize = 256;
/// The most bytes, so that a refusal costs nothing.
const MAX_BYTES: usize = 1024;

/// The part of an e-mail address before the @ counts from this length: shorter ones stand in every
/// other word.
const MIN_LOCAL_PART: usize = 4;

/// Passwords and stems of passwords that are tried first, folded, one a line.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common.txt").lines().filter(|line| !line.is_empty()).collect());

impl Password {
    /// Whether it may become the password of the account with this e-mail address, as folded by
    /// `text::email_key`. Costs next to nothing, however long the text is.
    ///
    /// # Errors
    /// A problem at `path`.
    pub fn check(&self, path: &str, email_key: &str) -> Result<(), Problem> {
        let problem = |code, message: &str| Err(Problem::new(code, path, message));
        if self.0.len() > MAX_BYTES {
            return problem(ErrorCode::TooLong, "Use at most 256 characters.");
        }
        let normalized = self.normalized();
        let length = normalized.chars().count();
        if length > MAX {
            return problem(ErrorCode::TooLong, "Use at most 256 characters.");
        }
        if normalized.chars().any(char::is_control) {
            return problem(ErrorCode::Invalid, "Use no control characters, line breaks or tabs.");
        }
        if length < MIN {
            let code = if length == 0 { ErrorCode::Required } else { ErrorCode::TooShort };
            return problem(code, "Use at least 8 characters.");
        }
        let folded = text::fold(&normalized);
        if is_common(&folded) {
            return problem(ErrorCode::PasswordTooWeak, "This is among the first that are guessed: choose another.");
        }
        if names(&folded, email_key) {
            return problem(ErrorCode::PasswordTooWeak, "Leave your e-mail address out of your password.");
        }
        Ok(())
    }

    /// Whether it could be anybody's password. What could not is refused without a hash, which says
    /// nothing about any account.
    pub fn is_plausible(&self) -> bool {
        !self.0.is_empty()
            && self.0.len() <= MAX_BYTES
            && self.normalized().chars().count() <= MAX
            && !self.0.chars().any(char::is_control)
    }
}

/// Whether a folded password is on the list, as it is or as a word with digits and signs around it,
/// or is a run of few characters.
fn is_common(folded: &str) -> bool {
    let stem = folded.trim_matches(|c: char| !c.is_alphabetic());
    let distinct: HashSet<char> = folded.chars().collect();
    let steps: HashSet<i64> =
        folded.chars().zip(folded.chars().skip(1)).map(|(a, b)| i64::from(b as u32) - i64::from(a as u32)).collect();
    COMMON.contains(folded)
        || (!stem.is_empty() && COMMON.contains(stem))
        || distinct.len() <= 2
        // 12345678, hgfedcba
        || (steps.len() == 1 && steps.iter().all(|step| step.abs() <= 1))
}

fn names(folded: &str, email_key: &str) -> bool {
    let local = email_key.split('@').next().unwrap_or_default();
    folded == email_key || (local.chars().count() >= MIN_LOCAL_PART && folded.contains(local))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<ErrorCode> {
        Password::new(text).check("password", "maria.silva@example.com").err().map(|problem| problem.code)
    }

    #[test]
    fn attack_n03_lengths_are_8_to_256_characters() {
        assert_eq!(code(""), Some(ErrorCode::Required));
        assert_eq!(code("kx7-Tq2"), Some(ErrorCode::TooShort));
        assert_eq!(code("kx7-Tq2!"), None);
        assert_eq!(code(&"ab🙂".repeat(21)), None);
        let long: String = ('a'..='z').cycle().step_by(3).take(256).collect();
        assert_eq!(code(&long), None);
        assert_eq!(code(&format!("{long}x")), Some(ErrorCode::TooLong));
        assert_eq!(code(&long.repeat(16)), Some(ErrorCode::TooLong));
        assert_eq!(code(&"é".repeat(500_000)), Some(ErrorCode::TooLong));
    }

    #[test]
    fn attack_n03_control_characters_are_refused() {
        for text in ["kx7-Tq2!\0", "\0\0\0\0\0\0\0\0", "kx7\nTq2!9", "kx7\tTq2!9", "kx7\u{7f}Tq2!9"] {
            assert_eq!(code(text), Some(ErrorCode::Invalid), "{text:?}");
        }
    }

    #[test]
    fn what_is_guessed_first_is_too_weak() {
        for text in [
            "password",
            "Password1",
            "PASSWORD123!",
            "12345678",
            "987654321",
            "aaaaaaaa",
            "abababab",
            "qwertyuiop",
            "Iloveyou!!",
            "abcdefgh",
            "ｐａｓｓｗｏｒｄ",
        ] {
            assert_eq!(code(text), Some(ErrorCode::PasswordTooWeak), "{text}");
        }
    }

    #[test]
    fn the_own_address_is_too_weak() {
        assert_eq!(code("Maria.Silva-2024"), Some(ErrorCode::PasswordTooWeak));
        assert_eq!(code("maria.silva@example.com"), Some(ErrorCode::PasswordTooWeak));
        let short = Password::new("a fine sentence").check("password", "ann@example.com");
        assert_eq!(short, Ok(()), "three letters stand in many words");
    }

    #[test]
    fn what_could_be_nobodys_password_needs_no_hash() {
        assert!(Password::new("old").is_plausible(), "the policy was laxer once, perhaps");
        for text in ["", "a\0b", &"x".repeat(257), &"x".repeat(1_000_000)] {
            assert!(!Password::new(text).is_plausible());
        }
    }
}
