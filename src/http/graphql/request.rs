//! Reads the parameters of a GraphQL request out of a body or a query string.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use mime::Mime;
use serde_json::{Map, Value};

use crate::http::{
    refusal::Refusal,
    strict_json::{self, JsonLimits},
};

/// The parameters of GraphQL over HTTP, of the right types. Others are passed over, as the specification asks.
#[derive(Default)]
pub(in crate::http) struct Parameters {
    pub query: Option<String>,
    pub document_id: Option<String>,
    pub operation_name: Option<String>,
    pub variables: Map<String, Value>,
    pub extensions: Map<String, Value>,
}

impl Parameters {
    /// Reads a JSON body.
    pub(super) fn from_json(bytes: &[u8], limits: JsonLimits) -> Result<Self, Refusal> {
        if bytes.trim_ascii_start().starts_with(b"[") {
            return Err(Refusal::Batch);
        }
        let Value::Object(body) = strict_json::parse(bytes, limits)? else { return Err(Refusal::NotAnObject) };
        Self::from_object(body)
    }

    /// Takes them out of JSON that was read.
    pub(in crate::http) fn from_object(mut body: Map<String, Value>) -> Result<Self, Refusal> {
        Ok(Self {
            query: text(body.remove("query"), Refusal::QueryNotText)?,
            document_id: text(body.remove("documentId"), Refusal::DocumentIdMalformed)?,
            operation_name: text(body.remove("operationName"), Refusal::OperationNameNotText)?,
            variables: object(body.remove("variables"), Refusal::VariablesNotObject)?,
            extensions: object(body.remove("extensions"), Refusal::ExtensionsNotObject)?,
        })
    }

    /// Reads the query string of a GET. An empty value is an absent one.
    pub(super) fn from_query_string(query_string: &str, limits: JsonLimits) -> Result<Self, Refusal> {
        let (mut query, mut document_id, mut operation_name) = (None, None, None);
        let (mut variables, mut extensions) = (None, None);
        for pair in query_string.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = match name {
                "query" => &mut query,
                "documentId" => &mut document_id,
                "operationName" => &mut operation_name,
                "variables" => &mut variables,
                "extensions" => &mut extensions,
                _ => continue,
            };
            let value = decode(value)?;
            if place.replace(value).is_some() {
                return Err(Refusal::DuplicateKey);
            }
        }
        // Here the object around the parameters is not there.
        let limits = JsonLimits { nesting: limits.nesting.saturating_sub(1), ..limits };
        let stated = |value: Option<String>| value.filter(|value| !value.is_empty());
        let json = |value, refusal| match stated(value) {
            Some(value) => object(Some(strict_json::parse(value.as_bytes(), limits)?), refusal),
            None => Ok(Map::new()),
        };
        Ok(Self {
            query: stated(query),
            document_id: stated(document_id),
            operation_name: stated(operation_name),
            variables: json(variables, Refusal::VariablesNotObject)?,
            extensions: json(extensions, Refusal::ExtensionsNotObject)?,
        })
    }
}

fn text(value: Option<Value>, refusal: Refusal) -> Result<Option<String>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(refusal),
    }
}

fn object(value: Option<Value>, refusal: Refusal) -> Result<Map<String, Value>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(refusal),
    }
}

/// Undoes `application/x-www-form-urlencoded`; strict about UTF-8, which the usual decoders paper over.
fn decode(text: &str) -> Result<String, Refusal> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => match after {
                [high, low, after @ ..] => match (hexadecimal(*high), hexadecimal(*low)) {
                    (Some(high), Some(low)) => {
                        rest = after;
                        high << 4 | low
                    }
                    _ => b'%',
                },
                _ => b'%',
            },
            other => other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)?;
    if text.contains('\0') { Err(Refusal::NulCharacter) } else { Ok(text) }
}

fn hexadecimal(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Only declared JSON is read: a form or plain text can be sent by any page without being asked first (attack H02).
pub(super) fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut stated = headers.get_all(header::CONTENT_TYPE).iter();
    let content_type: Option<Mime> =
        stated.next().filter(|_| stated.next().is_none()).and_then(|value| value.to_str().ok()?.parse().ok());
    let in_utf8 = |mime: &Mime| mime.get_param(mime::CHARSET).is_none_or(|charset| charset == mime::UTF_8);
    if !content_type.is_some_and(|mime| mime.essence_str() == "application/json" && in_utf8(&mime)) {
        return Err(Refusal::UnsupportedMediaType);
    }
    let plain = |value: &axum::http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).iter().all(plain) { Ok(()) } else { Err(Refusal::CompressedBody) }
}

/// Reads a whole body, no longer than `limit` bytes and no slower than `patience`.
pub(super) async fn read_body(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, Refusal> {
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if stated.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(Refusal::BodyTooLarge);
    }
    match tokio::time::timeout(patience, Limited::new(body, limit).collect()).await {
        Err(_) => Err(Refusal::BodyTimeout),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::BodyTooLarge),
        Ok(Err(_)) => Err(Refusal::BodyBroken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_strings_are_decoded_strictly() {
        assert_eq!(decode("a+b%20c%2B%c3%A9%"), Ok("a b c+é%".to_owned()));
        assert_eq!(decode("%zz%4"), Ok("%zz%4".to_owned()));
        assert_eq!(decode("%ff"), Err(Refusal::NotUtf8));
        assert_eq!(decode("%00"), Err(Refusal::NulCharacter));
        let twice = Parameters::from_query_string("query=a&query=b", JsonLimits { nesting: 9, values: 9 }).err();
        assert_eq!(twice, Some(Refusal::DuplicateKey));
    }
}
