//! Secrets of others, sealed for the database.
//!
//! Owns the envelope: each value has a data key of its own, which the server's key wraps; both are AES-256-GCM. What
//! is sealed is bound to its place, so that it opens in no other row, column or store (attack S06). The server's key
//! is changed by naming the old one beside the new one: what was sealed under it opens until it is sealed anew, which
//! wraps the data key again and leaves the value as it is. Never keeps what it opened, and never prints it.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use rules::ids::StoreId;
use uuid::Uuid;

use super::entropy::Entropy;
use super::settings::{SecretKey, Settings};

/// The form of what is sealed; another form gets another number.
const FORM: u8 = 1;
/// Bytes that tell which key wrapped.
const KEY_ID: usize = 8;
/// Bytes of a data key.
const KEY: usize = 32;
/// Bytes of a tag.
const TAG: usize = 16;
/// Bytes before the sealed value: the form, the key's id, the wrapped data key, the value's nonce.
const HEAD: usize = 1 + KEY_ID + NONCE_LEN + KEY + TAG + NONCE_LEN;

/// Where a sealed value is kept.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Whose it is.
    pub store: StoreId,
    /// The table and the column, such as `payment_provider_configs.secret_key_sealed`.
    pub column: &'static str,
    /// The id of the row.
    pub row: Uuid,
}

/// What of an envelope is bound to its place.
#[derive(Clone, Copy)]
enum Part {
    Key = 1,
    Value = 2,
}

/// A secret in clear. It can't be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed(String);

impl Revealed {
    /// Takes what somebody sent.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret, for the one who is asked with it, and for nobody else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// How it ends, to know it by.
    pub fn last_four(&self) -> String {
        let characters: Vec<char> = self.0.chars().collect();
        characters[characters.len().saturating_sub(4)..].iter().collect()
    }
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Revealed(…)")
    }
}

/// Why something can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// No key that is known here wrapped it.
    #[error("a secret was sealed with a STOA_SECRET_KEY that is not known here: name it in STOA_SECRET_KEYS_BEFORE")]
    UnknownKey,
    /// It was changed, or belongs to another place.
    #[error("a sealed secret was changed, or moved from where it belongs")]
    Forged,
}

/// The keys that wrap: the one that seals first.
pub struct Vault(Vec<WrappingKey>);

struct WrappingKey {
    id: [u8; KEY_ID],
    key: LessSafeKey,
}

impl Vault {
    /// The vault of a server: it seals with its key, and opens with those that it had before, too.
    pub fn of(settings: &Settings) -> Self {
        Self(std::iter::once(&settings.secret).chain(&settings.secrets_before).map(WrappingKey::of).collect())
    }

    /// Seals a value for a place.
    pub fn seal(&self, entropy: &dyn Entropy, place: Place, secret: &Revealed) -> Vec<u8> {
        let (mut data_key, mut nonce) = ([0; KEY], [0; NONCE_LEN]);
        entropy.fill(&mut data_key);
        entropy.fill(&mut nonce);
        let mut value = secret.expose().as_bytes().to_vec();
        encrypt(&key(&data_key), nonce, &place.bound(Part::Value), &mut value);
        let mut sealed = self.0[0].wrap(entropy, place, &data_key);
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut value);
        sealed
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// Where no key of this server wrapped it, or it is not as it was sealed.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Revealed, VaultError> {
        let data_key = self.unwrap(place, sealed)?;
        let (nonce, value) = sealed[HEAD - NONCE_LEN..].split_at(NONCE_LEN);
        let value = decrypt(&key(&data_key), nonce, &place.bound(Part::Value), value)?;
        String::from_utf8(value).map(Revealed).map_err(|_| VaultError::Forged)
    }

    /// The same value, wrapped by the newest key; `None` where it is already.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn reseal(&self, entropy: &dyn Entropy, place: Place, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        let data_key = self.unwrap(place, sealed)?;
        if sealed[1..=KEY_ID] == self.0[0].id {
            return Ok(None);
        }
        let mut anew = self.0[0].wrap(entropy, place, &data_key);
        anew.extend_from_slice(&sealed[HEAD - NONCE_LEN..]);
        Ok(Some(anew))
    }

    /// The data key of a sealed value.
    fn unwrap(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        if sealed.len() < HEAD + TAG || sealed[0] != FORM {
            return Err(VaultError::Forged);
        }
        let wrapping = self.0.iter().find(|key| key.id == sealed[1..=KEY_ID]).ok_or(VaultError::UnknownKey)?;
        let wrapped = &sealed[1 + KEY_ID..HEAD - NONCE_LEN];
        decrypt(&wrapping.key, &wrapped[..NONCE_LEN], &place.bound(Part::Key), &wrapped[NONCE_LEN..])
    }
}

impl WrappingKey {
    fn of(secret: &SecretKey) -> Self {
        let mut id = [0; KEY_ID];
        id.copy_from_slice(&secret.sign("vault key id", &[])[..KEY_ID]);
        Self { id, key: key(&secret.sign("vault wrapping key", &[])) }
    }

    /// The form, the key's id, and the wrapped data key.
    fn wrap(&self, entropy: &dyn Entropy, place: Place, data_key: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut wrapped = data_key.to_vec();
        encrypt(&self.key, nonce, &place.bound(Part::Key), &mut wrapped);
        [&[FORM][..], &self.id, &nonce, &wrapped].concat()
    }
}

impl Place {
    /// What a value is bound to. Only the column varies in length, and it stands last.
    fn bound(self, part: Part) -> Vec<u8> {
        [&[part as u8][..], self.store.0.as_bytes(), self.row.as_bytes(), self.column.as_bytes()].concat()
    }
}

#[expect(clippy::expect_used, reason = "the length of the key is that of the algorithm")]
fn key(bytes: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes"))
}

#[expect(clippy::expect_used, reason = "only a value of gigabytes is too long")]
fn encrypt(key: &LessSafeKey, nonce: [u8; NONCE_LEN], bound: &[u8], value: &mut Vec<u8>) {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(bound), value).expect("a value of a sensible length");
}

fn decrypt(key: &LessSafeKey, nonce: &[u8], bound: &[u8], value: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Forged)?;
    let mut value = value.to_vec();
    let opened = key.open_in_place(nonce, Aad::from(bound), &mut value).map_err(|_| VaultError::Forged)?.len();
    value.truncate(opened);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::entropy::SeededEntropy;

    fn settings(now: u8, before: &[u8]) -> Settings {
        let key = |byte: &u8| SecretKey::new([*byte; 32]);
        Settings { secret: key(&now), secrets_before: before.iter().map(key).collect(), ..Settings::default() }
    }

    fn place() -> Place {
        Place { store: StoreId(Uuid::from_u128(1)), column: "a.b", row: Uuid::from_u128(2) }
    }

    fn sealed(now: u8) -> Vec<u8> {
        let secret = Revealed::new("sk_test_canary".to_owned());
        Vault::of(&settings(now, &[])).seal(&SeededEntropy::new(1), place(), &secret)
    }

    #[test]
    fn promise_p27_a_secret_opens_where_it_was_sealed_and_shows_nothing_of_itself() {
        let vault = Vault::of(&settings(7, &[]));
        let secret = vault.open(place(), &sealed(7)).expect("it opens");
        assert_eq!((secret.expose(), secret.last_four().as_str()), ("sk_test_canary", "nary"));
        assert_eq!(format!("{secret:?}"), "Revealed(…)");
        assert!(!sealed(7).windows(6).any(|part| part == b"canary"));
    }

    #[test]
    fn attack_s06_a_sealed_secret_opens_in_no_other_place() {
        let vault = Vault::of(&settings(7, &[]));
        let elsewhere = [
            Place { store: StoreId(Uuid::from_u128(9)), ..place() },
            Place { column: "a.c", ..place() },
            Place { row: Uuid::from_u128(9), ..place() },
        ];
        for place in elsewhere {
            assert_eq!(vault.open(place, &sealed(7)), Err(VaultError::Forged), "{place:?}");
        }
        for byte in 0..sealed(7).len() {
            let mut changed = sealed(7);
            changed[byte] ^= 1;
            assert!(vault.open(place(), &changed).is_err(), "byte {byte}");
            assert!(vault.open(place(), &changed[..byte]).is_err(), "cut at {byte}");
        }
    }

    #[test]
    fn attack_s05_the_key_is_changed_in_three_steps() {
        let (old, entropy) = (sealed(7), SeededEntropy::new(2));
        let both = Vault::of(&settings(8, &[7]));
        assert_eq!(both.open(place(), &old).expect("the key before opens").expose(), "sk_test_canary");
        let anew = both.reseal(&entropy, place(), &old).expect("it opens").expect("it is wrapped anew");
        assert_eq!(both.reseal(&entropy, place(), &anew), Ok(None), "a second run has nothing to do");
        let new = Vault::of(&settings(8, &[]));
        assert_eq!(new.open(place(), &anew).expect("the new key opens").expose(), "sk_test_canary");
        assert_eq!(new.open(place(), &old), Err(VaultError::UnknownKey));
        assert_eq!(Vault::of(&settings(7, &[])).open(place(), &anew), Err(VaultError::UnknownKey));
    }
}
