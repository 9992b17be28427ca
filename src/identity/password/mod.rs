//! Passwords: what is taken for one, and how one is kept.
//!
//! Owns the policy and the Argon2id hashes. A hash takes 19 MiB and tens of milliseconds of a core, so
//! it runs on a thread of its own behind the process's queue, with no connection held. Never knows
//! whose password it is, and never prints one.

mod policy;

use std::fmt;

use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, PasswordHash, Version};
use async_graphql::NewType;
use unicode_normalization::UnicodeNormalization;

use crate::kernel::{Ctx, Error, Result};

/// Memory of one hash, in KiB.
const MEMORY: u32 = 19_456;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes, worked on one after the other.
const LANES: u32 = 1;
/// Bytes of the result.
const LENGTH: usize = 32;
/// Bytes of chance that make two hashes of one password differ.
const SALT: usize = 16;

/// What a stored hash may ask of the machine at the most, as a multiple of our own: a damaged one
/// must not take the memory of all the others.
const MAX_MEMORY: u32 = MEMORY * 4;
const MAX_PASSES: u32 = 10;
const MAX_LANES: u32 = 4;

/// A hash that no password is known for: verified where there is none, so that an unknown e-mail
/// takes as long as a known one (rule A3).
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3RvYSBoYXMgbm8gc3VjaA$5pQ0m8pG1uGfTtF8hZkq3Yw1nXv7yCk2JrLd4sBe6Ao";

/// A password in clear, on its way to its hash. It can't be printed by accident.
#[derive(Clone, NewType)]
pub struct Password(String);

impl Password {
    /// Takes a text for a password; whether it is a good one is asked with [`Password::check`].
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What is hashed: composed and decomposed accents are the same keys pressed.
    fn normalized(&self) -> String {
        self.0.nfc().collect()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What became of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is not the password, or none is stored, or what is stored can't be read.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, and its hash is weaker than those made today: make a new one.
    RightButOld,
}

/// Hashes a password, in PHC form. No write may be open.
///
/// # Errors
/// `Busy` where too many hashes wait.
pub async fn hash(ctx: &Ctx, password: &Password) -> Result<String> {
    let mut salt = [0; SALT];
    ctx.system().entropy.fill(&mut salt);
    let text = password.normalized();
    off_thread(ctx, move || hash_now(&text, &salt)).await?.map_err(|error| Error::internal(error.to_string()))
}

/// Compares a password with a stored hash. It takes the same time where there is none. No write may
/// be open.
///
/// # Errors
/// `Busy` where too many hashes wait.
pub async fn verify(ctx: &Ctx, password: &Password, stored: Option<&str>) -> Result<Verdict> {
    let text = password.normalized();
    let stored = stored.map(str::to_owned);
    off_thread(ctx, move || verify_now(&text, stored.as_deref())).await?
}

/// Runs work in its turn. The pass travels with the work: a caller that goes away does not make room
/// for another while the work goes on.
async fn off_thread<T: Send + 'static>(ctx: &Ctx, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    ctx.release().await;
    let pass = ctx.system().hashing.enter().await?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(pass);
        done
    });
    done.await.map_err(Error::internal)
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY, PASSES, LANES, Some(LENGTH)).map_err(|_| HashError::ParamsInvalid)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(text: &str, salt: &[u8]) -> Result<String, HashError> {
    Ok(argon2()?.hash_password_with_salt(text.as_bytes(), salt)?.to_string())
}

fn verify_now(text: &str, stored: Option<&str>) -> Result<Verdict> {
    let readable = stored.and_then(read);
    let (hash, is_real) = match (&readable, read(NOBODY)) {
        (Some(hash), _) => (hash.clone(), true),
        (None, Some(nobody)) => (nobody, false),
        (None, None) => return Err(Error::internal("the hash of nobody can't be read")),
    };
    if stored.is_some() && !is_real {
        tracing::error!("a stored password hash can't be read: its owner can't sign in");
    }
    let argon2 = argon2().map_err(|error| Error::internal(error.to_string()))?;
    match argon2.verify_password(text.as_bytes(), &hash) {
        Ok(()) if is_real => Ok(if is_current(&hash) { Verdict::Right } else { Verdict::RightButOld }),
        // The memory is short: an answer now would be a wrong one.
        Err(HashError::OutOfMemory) => Err(Error::Busy),
        Ok(()) | Err(_) => Ok(Verdict::Wrong),
    }
}

/// Reads a stored hash, where it is whole and asks for no more than the machine bears.
fn read(stored: &str) -> Option<PasswordHash> {
    let hash = PasswordHash::new(stored).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let bearable = params.m_cost() <= MAX_MEMORY && params.t_cost() <= MAX_PASSES && params.p_cost() <= MAX_LANES;
    (bearable && hash.salt.is_some() && hash.hash.is_some()).then_some(hash)
}

/// Whether a hash was made as hashes are made today.
fn is_current(hash: &PasswordHash) -> bool {
    let Ok(params) = Params::try_from(hash) else { return false };
    hash.algorithm == ARGON2ID_IDENT
        && hash.version == Some(Version::V0x13.into())
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY, PASSES, LANES)
        && params.output_len() == Some(LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &[u8] = b"sixteen bytes ok";

    fn made(text: &str) -> String {
        hash_now(&Password::new(text).normalized(), SALT).expect("a hash")
    }

    fn verdict(text: &str, stored: Option<&str>) -> Verdict {
        verify_now(&Password::new(text).normalized(), stored).expect("a verdict")
    }

    #[test]
    fn promise_p15_hashes_are_argon2id_with_19_mib_and_two_passes() {
        let hash = made("correct horse battery");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(verdict("correct horse battery", Some(&hash)), Verdict::Right);
        assert_eq!(verdict("correct horse batterz", Some(&hash)), Verdict::Wrong);
    }

    #[test]
    fn attack_n03_twins_that_share_72_bytes_differ() {
        let shared = "a".repeat(72);
        let hash = made(&format!("{shared}1"));
        assert_eq!(verdict(&format!("{shared}2"), Some(&hash)), Verdict::Wrong);
        assert_eq!(verdict(&shared, Some(&hash)), Verdict::Wrong);
    }

    #[test]
    fn attack_n04_a_damaged_hash_is_a_failed_sign_in() {
        let good = made("correct horse battery");
        for damaged in [
            "",
            "$",
            "plain text",
            "$argon2id$v=19$m=19456,t=2,p=1$",
            "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA",
            "$argon2id$v=19$m=4294967295,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=19456,t=4294967295,p=1$c2l4dGVlbiBieXRlcyBvaw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$naïve",
            "$2b$12$abcdefghijklmnopqrstuv",
            "$argon2id$v=19$m=19456,t=2,p=1$sålt$hash🙂",
            &good[..good.len() - 9],
            &good.replace("argon2id", "argon2x"),
            &good.replace("v=19", "v=7"),
            &format!("{good}$more"),
        ] {
            assert_eq!(verdict("correct horse battery", Some(damaged)), Verdict::Wrong, "{damaged}");
        }
    }

    #[test]
    fn nobody_has_no_password() {
        assert!(read(NOBODY).is_some_and(|hash| is_current(&hash)), "its hash takes as long as another");
        assert_eq!(verdict("anything at all", None), Verdict::Wrong);
    }

    #[test]
    fn a_hash_of_older_parameters_is_right_but_old() {
        let params = Params::new(8192, 1, 1, None).expect("parameters");
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = old.hash_password_with_salt(b"correct horse battery", SALT).expect("a hash").to_string();
        assert_eq!(verdict("correct horse battery", Some(&hash)), Verdict::RightButOld);
        assert_eq!(verdict("another one", Some(&hash)), Verdict::Wrong);
    }

    #[test]
    fn accents_are_the_same_however_the_keyboard_writes_them() {
        let hash = made("cafe\u{301} au lait");
        assert_eq!(verdict("caf\u{e9} au lait", Some(&hash)), Verdict::Right);
    }

    #[test]
    fn a_password_is_never_printed() {
        assert_eq!(format!("{:?}", Password::new("correct horse")), "Password(…)");
    }
}
