//! Opaque secrets: access and refresh tokens, API and storefront tokens, invitations, what letters prove.
//!
//! Owns their one form: `stoa_`, two or three letters that say the kind, an underscore, 43 letters
//! and digits that carry 256 bits of chance, and a checksum of six. A typing error and the token of
//! another product are known as such without a look into the database, and a scanner finds the
//! prefix in a public place. Never stores a secret: what is kept is its SHA-256, its prefix and its
//! last four characters. To add a kind, add a line to [`Kind`].

use std::fmt;

use sha2::{Digest, Sha256};

use crate::kernel::Entropy;

/// The digits of the random part and of the checksum: one double click selects a whole secret.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Digits that 256 bits take.
const RANDOM: usize = 43;

/// Digits that the 32 bits of the checksum take.
const CHECKSUM: usize = 6;

/// The SHA-256 of a secret: the only form that is stored and compared.
pub type Hash = [u8; 32];

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal,)+) => {
        /// What a secret is for. A secret of one kind never stands in for another.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $name,)+
        }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// How a secret of this kind begins, up to the part that is random.
            pub const fn prefix(self) -> &'static str {
                match self { $(Self::$name => $prefix,)+ }
            }
        }
    };
}

kinds! {
    /// Proves a session, for an hour or so.
    AccessToken = "stoa_at_",
    /// Is traded for the next access token, once.
    RefreshToken = "stoa_rt_",
    /// Proves a partner's integration at one store.
    ApiToken = "stoa_pat_",
    /// Names the storefront of one store; may stand in a page.
    StorefrontToken = "stoa_sft_",
    /// Accepts an invitation into an organization.
    Invitation = "stoa_inv_",
    /// Proves a customer's session at one store, for an hour or so.
    CustomerAccessToken = "stoa_cat_",
    /// Is traded for a customer's next access token, once.
    CustomerRefreshToken = "stoa_crt_",
    /// Proves the mailbox of a customer's account, once.
    EmailVerification = "stoa_cev_",
    /// Chooses a new password for a customer's account, once.
    PasswordReset = "stoa_cpr_",
    /// Makes an account of a customer whom the staff entered, once.
    CustomerInvitation = "stoa_cin_",
    /// Proves a guest's cart.
    Cart = "stoa_ct_",
    /// Leads back to a cart that was left.
    CartRecovery = "stoa_crv_",
    /// Shows an order to who bought it.
    Order = "stoa_ord_",
}

/// A secret in clear, on its way to the one person it is for. It can't be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    kind: Kind,
    text: String,
}

impl Secret {
    /// Draws a new one.
    pub fn generate(kind: Kind, entropy: &dyn Entropy) -> Self {
        let mut random = [0; 32];
        entropy.fill(&mut random);
        Self::of_bytes(kind, random)
    }

    /// The one secret of these bytes: for secrets that are made again from the server's key when they are needed,
    /// so that they never lie anywhere in clear.
    pub fn of_bytes(kind: Kind, mut random: [u8; 32]) -> Self {
        let mut text = String::with_capacity(kind.prefix().len() + RANDOM + CHECKSUM);
        text.push_str(kind.prefix());
        push_digits(&mut text, &mut random, RANDOM);
        let mut checksum = checksum(&text);
        push_digits(&mut text, &mut checksum, CHECKSUM);
        Self { kind, text }
    }

    /// What it is for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The secret in clear. Only for the answer that hands it over.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What is stored of it.
    pub fn hash(&self) -> Hash {
        hash(&self.text)
    }

    /// How it begins, up to the part that is random; may be stored and shown.
    pub fn prefix(&self) -> &'static str {
        self.kind.prefix()
    }

    /// How it ends, to know it by; may be stored and shown. Four characters of the checksum.
    pub fn last_four(&self) -> &str {
        &self.text[self.text.len() - 4..]
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}…)", self.kind.prefix())
    }
}

/// Reads a secret as a caller sent it: its kind, and the hash to look up. `None` where it is no
/// secret of ours, told by its form and its checksum alone: nothing is looked up for it.
pub fn parse(text: &str) -> Option<(Kind, Hash)> {
    let kind = Kind::ALL.iter().copied().find(|kind| text.starts_with(kind.prefix()))?;
    let digits = &text.as_bytes()[kind.prefix().len()..];
    if digits.len() != RANDOM + CHECKSUM || !digits.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let (body, given) = text.split_at(text.len() - CHECKSUM);
    let mut expected = String::with_capacity(CHECKSUM);
    push_digits(&mut expected, &mut checksum(body), CHECKSUM);
    (given == expected).then(|| (kind, hash(text)))
}

/// Reads a secret of one kind; `None` where it is another's or none of ours.
pub fn parse_kind(kind: Kind, text: &str) -> Option<Hash> {
    parse(text).and_then(|(found, hash)| (found == kind).then_some(hash))
}

fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// Tells a mistyped secret, not a forged one: it is no secret itself.
fn checksum(text: &str) -> [u8; 4] {
    let digest: Hash = Sha256::new().chain_update(b"stoa checksum\0").chain_update(text.as_bytes()).finalize().into();
    [digest[0], digest[1], digest[2], digest[3]]
}

/// Writes a number of any length in `count` digits, the greatest first, by long division. The number
/// is used up.
fn push_digits(text: &mut String, number: &mut [u8], count: usize) {
    let mut digits = vec![DIGITS[0]; count];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0_u32;
        for byte in number.iter_mut() {
            let value = rest * 256 + u32::from(*byte);
            *byte = (value / 62) as u8;
            rest = value % 62;
        }
        *digit = DIGITS[rest as usize];
    }
    text.extend(digits.into_iter().map(char::from));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::entropy::SeededEntropy;

    #[test]
    fn a_secret_reads_back_as_its_kind_and_hash() {
        let entropy = SeededEntropy::new(7);
        for kind in Kind::ALL.iter().copied() {
            let secret = Secret::generate(kind, &entropy);
            assert_eq!(parse(secret.expose()), Some((kind, secret.hash())));
            assert_eq!(secret.expose().len(), kind.prefix().len() + RANDOM + CHECKSUM);
            assert!(secret.expose().ends_with(secret.last_four()) && secret.last_four().len() == 4);
        }
    }

    #[test]
    fn no_two_secrets_are_alike() {
        let entropy = SeededEntropy::new(7);
        let secrets: std::collections::HashSet<Hash> =
            (0..1000).map(|_| Secret::generate(Kind::AccessToken, &entropy).hash()).collect();
        assert_eq!(secrets.len(), 1000);
    }

    #[test]
    fn attack_n18_any_changed_character_is_known_without_a_look_up() {
        let secret = Secret::generate(Kind::ApiToken, &SeededEntropy::new(3));
        let text = secret.expose();
        for place in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(bytes).expect("still ASCII");
            assert_eq!(parse(&changed), None, "{changed}");
        }
    }

    #[test]
    fn attack_n18_what_is_no_secret_is_refused() {
        let secret = Secret::generate(Kind::AccessToken, &SeededEntropy::new(3));
        let text = secret.expose();
        for wrong in [
            String::new(),
            "stoa_at_".to_owned(),
            "Bearer".to_owned(),
            text.to_uppercase(),
            format!("{text} "),
            format!(" {text}"),
            format!("{text}0"),
            text[..text.len() - 1].to_owned(),
            text.replace("stoa_at_", "stoa_rt_"),
            text.replace("stoa_at_", "stoa_xx_"),
            format!("stoa_at_{}", "é".repeat(24)),
            "stoa_at_".repeat(100_000),
        ] {
            assert_eq!(parse(&wrong), None, "{:.60}", wrong);
        }
    }

    #[test]
    fn a_secret_of_one_kind_is_none_of_another() {
        let secret = Secret::generate(Kind::RefreshToken, &SeededEntropy::new(3));
        assert_eq!(parse_kind(Kind::RefreshToken, secret.expose()), Some(secret.hash()));
        assert_eq!(parse_kind(Kind::AccessToken, secret.expose()), None);
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::generate(Kind::AccessToken, &SeededEntropy::new(3));
        assert_eq!(format!("{secret:?}"), "Secret(stoa_at_…)");
    }
}
