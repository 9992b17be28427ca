//! The codes of gift cards.
//!
//! Sixteen signs made by chance, of an alphabet in which none is taken for another: 77 bits, so that nobody guesses one.
//! What is kept of a code is its hash, bound to its store, and how it ends.

use rules::ids::StoreId;
use sha2::{Digest, Sha256};

use crate::kernel::Entropy;

/// Digits and letters that nobody takes for another one, read aloud or in print: no 0 and O, 1, I and L, U and V.
const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTWXYZ";

/// Bytes below this stand for each sign equally often.
const FAIR: u8 = u8::MAX - u8::MAX % 29;

/// Signs of a code.
const LENGTH: usize = 16;

/// Signs between two hyphens.
const GROUP: usize = 4;

/// A new code, as it is handed over: `ABCD-EFGH-JKMN-PQRS`.
pub(super) fn draw(entropy: &dyn Entropy) -> String {
    let (mut signs, mut bytes) = (String::with_capacity(LENGTH), [0; 2 * LENGTH]);
    while signs.len() < LENGTH {
        entropy.fill(&mut bytes);
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        let drawn = fair.map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
        signs.extend(drawn.take(LENGTH - signs.len()));
    }
    let groups: Vec<&str> = (0..LENGTH / GROUP).map(|group| &signs[group * GROUP..(group + 1) * GROUP]).collect();
    groups.join("-")
}

/// The signs of a code however it was typed; `None` for what is none, told without a look at any card.
pub(super) fn read(typed: &str) -> Option<String> {
    if typed.len() > 4 * LENGTH {
        return None;
    }
    let signs: String =
        typed.chars().filter(|sign| !matches!(sign, ' ' | '-')).map(|sign| sign.to_ascii_uppercase()).collect();
    let is_code = signs.len() == LENGTH && signs.bytes().all(|sign| ALPHABET.contains(&sign));
    is_code.then_some(signs)
}

/// What is kept of a code.
pub(super) fn hash(store: StoreId, signs: &str) -> Vec<u8> {
    let digest = Sha256::new().chain_update(b"stoa gift card\0").chain_update(store.0.as_bytes());
    digest.chain_update(signs.as_bytes()).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::entropy::SeededEntropy;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = draw(&SeededEntropy::new(3));
        assert_eq!(code.len(), 19, "{code}");
        let signs = read(&code).expect("a code");
        for typed in [code.to_lowercase(), code.replace('-', " "), code.replace('-', ""), format!(" {code} ")] {
            assert_eq!(read(&typed).as_ref(), Some(&signs), "{typed}");
        }
        for wrong in ["", "ABCD", &code[1..], &format!("{code}A"), &code.replace(&code[..1], "0"), &"-".repeat(1_000)] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_of_one_store_is_none_of_another() {
        let store = |number| StoreId(uuid::Uuid::from_u128(number));
        assert_ne!(hash(store(1), "A"), hash(store(2), "A"));
    }
}
