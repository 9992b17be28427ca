//! What storefronts and staff keep with orders and lines: pairs of texts that mean nothing to the server; and the
//! words that orders are marked with.

use async_graphql::InputObject;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::JsonValue;
use serde::{Deserialize, Serialize};

use crate::kernel::graph::object;
use crate::kernel::{Error, Result, input, text};

/// Attributes of an order or a line at the most.
const MAX_ATTRIBUTES: usize = 20;
/// Characters of a key at the most.
const MAX_KEY: usize = 100;
/// Characters of a value at the most.
const MAX_VALUE: usize = 500;
/// Tags of an order at the most.
const MAX_TAGS: usize = 50;
/// Characters of a tag at the most.
const MAX_TAG: usize = 60;
/// Characters of a note at the most.
pub const MAX_NOTE: usize = 5_000;

/// A pair of texts.
#[derive(InputObject, Clone)]
pub struct OrderAttributeInput {
    /// What it is called; at most 100 characters.
    pub key: String,
    /// What it says; at most 500 characters.
    pub value: String,
}

/// A pair of texts that is kept with an order or a line.
#[object]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderAttribute {
    /// What it is called.
    key: String,
    /// What it says.
    value: String,
}

/// Reads attributes, in their order.
///
/// # Errors
/// Every problem, under `path`: `TOO_LONG`, `INVALID`, and `DUPLICATE` for a key that stands twice.
pub fn read(path: &str, given: &[OrderAttributeInput]) -> Result<Vec<OrderAttribute>, Vec<Problem>> {
    if given.len() > MAX_ATTRIBUTES {
        let message = format!("Give at most {MAX_ATTRIBUTES} attributes.");
        return Err(vec![Problem::new(ErrorCode::TooLong, path, message)]);
    }
    let mut problems = Problems::new();
    let mut attributes: Vec<OrderAttribute> = Vec::with_capacity(given.len());
    for (place, pair) in given.iter().enumerate() {
        let at = |field: &str| format!("{path}.{place}.{field}");
        let key = problems.keep(input::line(&at("key"), &pair.key, 1, MAX_KEY));
        let value = problems.keep(free_text(&at("value"), &pair.value, MAX_VALUE));
        if let (Some(key), Some(value)) = (key, value) {
            if attributes.iter().any(|other| other.key == key) {
                problems.add(ErrorCode::Duplicate, &at("key"), "This key stands twice.");
            }
            attributes.push(OrderAttribute { key, value });
        }
    }
    problems.finish()?;
    Ok(attributes)
}

/// Reads tags, in their order; words that are compared alike are one.
///
/// # Errors
/// Every problem, under `path`.
pub fn read_tags(path: &str, given: &[String]) -> Result<Vec<String>, Vec<Problem>> {
    if given.len() > MAX_TAGS {
        let message = format!("Give at most {MAX_TAGS} tags.");
        return Err(vec![Problem::new(ErrorCode::TooLong, path, message)]);
    }
    let mut problems = Problems::new();
    let mut tags: Vec<String> = Vec::with_capacity(given.len());
    for (place, tag) in given.iter().enumerate() {
        if let Some(tag) = problems.keep(input::line(&format!("{path}.{place}"), tag, 1, MAX_TAG))
            && !tags.iter().any(|other| text::fold(other) == text::fold(&tag))
        {
            tags.push(tag);
        }
    }
    problems.finish()?;
    Ok(tags)
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

/// Something as its row has it.
///
/// # Errors
/// `Internal` where it can't be written as JSON.
pub fn to_json(value: &impl Serialize) -> Result<JsonValue> {
    serde_json::to_value(value).map_err(Error::internal)
}

/// The same back from its row.
///
/// # Errors
/// `Internal` where the row has something else.
pub fn from_json<T: serde::de::DeserializeOwned>(value: &JsonValue) -> Result<T> {
    T::deserialize(value).map_err(Error::internal)
}
