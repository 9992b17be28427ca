//! The envelope of a response: errors first, as the specification suggests, then data, then extensions.

use async_graphql::{PathSegment, ServerError};

use super::ERRORS_SHOWN;
use super::data::write_string;

/// Characters of one message that are shown: a validation message may hold as much of the query as it likes.
const MESSAGE_SHOWN: usize = 500;

/// Writes the response's object around `data`, which is JSON text already.
pub(super) fn envelope(errors: &[ServerError], data: Option<&[u8]>) -> Vec<u8> {
    let mut json = Vec::with_capacity(data.map_or(0, <[u8]>::len) + 256);
    json.push(b'{');
    if !errors.is_empty() {
        json.extend_from_slice(b"\"errors\":[");
        for (position, error) in errors.iter().take(ERRORS_SHOWN).enumerate() {
            separate(&mut json, position);
            write_error(&mut json, error);
        }
        json.push(b']');
    }
    if let Some(data) = data {
        separate(&mut json, errors.len());
        json.extend_from_slice(b"\"data\":");
        json.extend_from_slice(data);
    }
    json.push(b'}');
    json
}

/// Adds the extensions to a response that has none.
pub(super) fn extend(body: &mut Vec<u8>, extensions: &impl serde::Serialize) {
    let whole = body.len();
    if body.pop() != Some(b'}') {
        body.truncate(whole);
        return;
    }
    body.extend_from_slice(b",\"extensions\":");
    match serde_json::to_writer(&mut *body, extensions) {
        Ok(()) => body.push(b'}'),
        Err(_) => {
            body.truncate(whole - 1);
            body.push(b'}');
        }
    }
}

fn separate(json: &mut Vec<u8>, before: usize) {
    if before > 0 {
        json.push(b',');
    }
}

fn write_error(json: &mut Vec<u8>, error: &ServerError) {
    json.extend_from_slice(b"{\"message\":");
    match error.message.char_indices().nth(MESSAGE_SHOWN) {
        Some((end, _)) => write_string(json, &format!("{}…", &error.message[..end])),
        None => write_string(json, &error.message),
    }
    if !error.locations.is_empty() {
        json.extend_from_slice(b",\"locations\":[");
        for (position, at) in error.locations.iter().enumerate() {
            separate(json, position);
            json.extend_from_slice(format!("{{\"line\":{},\"column\":{}}}", at.line, at.column).as_bytes());
        }
        json.push(b']');
    }
    if !error.path.is_empty() {
        json.extend_from_slice(b",\"path\":[");
        for (position, segment) in error.path.iter().enumerate() {
            separate(json, position);
            match segment {
                PathSegment::Field(key) => write_string(json, key),
                PathSegment::Index(index) => json.extend_from_slice(index.to_string().as_bytes()),
            }
        }
        json.push(b']');
    }
    if let Some(extensions) = &error.extensions {
        // The values are private to the engine; it can only serialize them.
        let start = json.len();
        json.extend_from_slice(b",\"extensions\":");
        let body = json.len();
        if serde_json::to_writer(&mut *json, extensions).is_err() || &json[body..] == b"{}" {
            json.truncate(start);
        }
    }
    json.push(b'}');
}
