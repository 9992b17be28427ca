//! What storefronts keep with carts and lines: pairs of texts that mean nothing to the server.

use async_graphql::InputObject;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::JsonValue;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::kernel::graph::object;
use crate::kernel::{Error, Result, input, text};

/// Attributes of a cart or a line at the most.
const MAX_ATTRIBUTES: usize = 20;
/// Characters of a key at the most.
const MAX_KEY: usize = 100;
/// Characters of a value at the most.
const MAX_VALUE: usize = 500;

/// A pair of texts.
#[derive(InputObject, Clone)]
pub struct CartAttributeInput {
    /// What it is called; at most 100 characters.
    pub key: String,
    /// What it says; at most 500 characters.
    pub value: String,
}

/// A pair of texts that a storefront keeps with a cart or a line.
#[object]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CartAttribute {
    /// What it is called.
    key: String,
    /// What it says.
    value: String,
}

/// Reads attributes, in their order.
///
/// # Errors
/// Every problem, under `path`: `TOO_LONG`, `INVALID`, and `DUPLICATE` for a key that stands twice.
pub fn read(path: &str, given: &[CartAttributeInput]) -> Result<Vec<CartAttribute>, Vec<Problem>> {
    if given.len() > MAX_ATTRIBUTES {
        let message = format!("Give at most {MAX_ATTRIBUTES} attributes.");
        return Err(vec![Problem::new(ErrorCode::TooLong, path, message)]);
    }
    let mut problems = Problems::new();
    let mut attributes: Vec<CartAttribute> = Vec::with_capacity(given.len());
    for (place, pair) in given.iter().enumerate() {
        let at = |field: &str| format!("{path}.{place}.{field}");
        let key = problems.keep(input::line(&at("key"), &pair.key, 1, MAX_KEY));
        let value = problems.keep(free_text(&at("value"), &pair.value, MAX_VALUE));
        if let (Some(key), Some(value)) = (key, value) {
            if attributes.iter().any(|other| other.key == key) {
                problems.add(ErrorCode::Duplicate, &at("key"), "This key stands twice.");
            }
            attributes.push(CartAttribute { key, value });
        }
    }
    problems.finish()?;
    Ok(attributes)
}

/// Reads a text of several lines, as it was typed.
///
/// # Errors
/// A problem at `path`.
pub fn free_text(path: &str, raw: &str, most: usize) -> Result<String, Problem> {
    if text::has_forbidden_control(raw) {
        return Err(Problem::new(ErrorCode::Invalid, path, "Use no control characters but line breaks and tabs."));
    }
    if raw.chars().count() > most {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {most} characters.")));
    }
    Ok(raw.to_owned())
}

/// What attributes come down to, whatever their order: lines with the same key and the same variant are one line
/// (rule C1). Empty where there are none.
pub fn key(attributes: &[CartAttribute]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    let mut sorted: Vec<&CartAttribute> = attributes.iter().collect();
    sorted.sort_unstable();
    let mut hash = Sha256::new();
    for part in sorted.iter().flat_map(|pair| [&pair.key, &pair.value]) {
        // Led by its length, so that no two lists come down to the same.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Attributes as they are stored.
///
/// # Errors
/// `Internal` where they can't be written as JSON.
pub fn stored(attributes: &[CartAttribute]) -> Result<JsonValue> {
    serde_json::to_value(attributes).map_err(Error::internal)
}

/// Attributes as they were stored.
///
/// # Errors
/// `Internal` where something else stands there.
pub fn of(stored: &JsonValue) -> Result<Vec<CartAttribute>> {
    Deserialize::deserialize(stored).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<CartAttributeInput> {
        let pair = |(key, value): &(&str, &str)| CartAttributeInput { key: (*key).into(), value: (*value).into() };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn the_key_is_the_same_in_any_order_and_of_nothing_else() {
        let of = |given: &[(&str, &str)]| key(&read("attributes", &pairs(given)).expect("attributes"));
        assert_eq!(of(&[]), "");
        assert_eq!(of(&[("a", "1"), ("b", "2")]), of(&[("b", "2"), ("a", "1")]));
        for (one, other) in [([("a", "1")], [("a", "2")]), ([("ab", "")], [("a", "b")])] {
            assert_ne!(of(&one), of(&other));
        }
    }

    #[test]
    fn what_is_too_long_or_stands_twice_is_refused() {
        let long = "x".repeat(501);
        let problems = read("attributes", &pairs(&[("", "a"), ("k", &long), ("a", "1"), ("a", "\u{7}"), ("a", "2")]));
        let told: Vec<_> = problems.expect_err("problems").into_iter().map(|problem| problem.to_string()).collect();
        assert_eq!(told.len(), 4, "{told:?}");
        assert!(told[0].starts_with("attributes.0.key") && told[3].starts_with("attributes.4.key"), "{told:?}");
        assert!(read("attributes", &pairs(&[("k", "v"); 21])).is_err());
    }
}
