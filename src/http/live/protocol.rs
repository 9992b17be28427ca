//! The messages of `graphql-transport-ws`: what a client says, what is answered, and why a socket is closed.

use axum::{
    extract::ws::CloseFrame,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Map, Value, json};

use crate::http::{
    graphql::Parameters,
    refusal::Refusal,
    strict_json::{self, JsonLimits},
};

/// The name of the protocol in the handshake.
pub(super) const SUBPROTOCOL: &str = "graphql-transport-ws";

/// The longest id of an operation, in bytes.
const ID_BYTES: usize = 256;

/// What `connection_init` may say in the place of a header: a browser can't set headers of a socket.
static HEADERS: [HeaderName; 4] = [
    HeaderName::from_static("authorization"),
    HeaderName::from_static("x-store"),
    HeaderName::from_static("x-currency"),
    HeaderName::from_static("accept-language"),
];

/// Why the server closes a socket: a code of WebSockets or of the protocol, and a fixed text that repeats nothing
/// of the client's (attack G22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub code: u16,
    pub reason: &'static str,
}

macro_rules! closes {
    ($($name:ident = $code:literal, $reason:literal;)+) => {
        impl Close {
            $(pub(super) const $name: Self = Self { code: $code, reason: $reason };)+
        }
    };
}

closes! {
    IDLE = 1000, "Nothing was running for long.";
    STOPPING = 1001, "The server is stopping; connect again.";
    NOT_TEXT = 1003, "Send text messages.";
    NOT_UTF8 = 1007, "A message is not valid UTF-8.";
    TOO_LARGE = 1009, "A message is too large.";
    BUSY = 1013, "The server is busy; try again in a moment.";
    TOO_MANY = 1013, "Too many live connections of one caller.";
    BROKEN = 1002, "The WebSocket protocol was broken.";
    NOT_ACKNOWLEDGED = 4401, "Unauthorized";
    FORBIDDEN = 4403, "Forbidden";
    INIT_TIMEOUT = 4408, "Connection initialisation timeout";
    REPEATED_ID = 4409, "Subscriber for this id already exists";
    REPEATED_INIT = 4429, "Too many initialisation requests";
}

impl Close {
    /// A message that is none of the protocol's.
    pub(super) const fn invalid(reason: &'static str) -> Self {
        Self { code: 4400, reason }
    }

    /// Whether the client broke a rule; what is only unlucky is not counted.
    pub(super) const fn is_clients_doing(self) -> bool {
        matches!(self.code, 1002 | 1003 | 1007 | 1009 | 4400..=4499)
    }

    pub(super) fn frame(self) -> CloseFrame {
        CloseFrame { code: self.code, reason: self.reason.into() }
    }
}

/// One message of a client.
pub(super) enum Incoming {
    Init(Map<String, Value>),
    Ping(Option<Value>),
    Pong,
    Subscribe { id: String, parameters: Parameters },
    Complete { id: String },
}

impl Incoming {
    /// Reads a message.
    ///
    /// # Errors
    /// How to close the socket on one that the protocol does not know.
    pub(super) fn read(text: &str, limits: JsonLimits) -> Result<Self, Close> {
        // A message stands around what would be a body of HTTP.
        let limits = JsonLimits { nesting: limits.nesting + 1, ..limits };
        let refused = |refusal: Refusal| Close::invalid(refusal.message());
        let Value::Object(mut message) = strict_json::parse(text.as_bytes(), limits).map_err(refused)? else {
            return Err(Close::invalid("A message must be a JSON object."));
        };
        let payload = match message.remove("payload") {
            None | Some(Value::Null) => None,
            Some(payload @ Value::Object(_)) => Some(payload),
            Some(_) => return Err(Close::invalid("The payload of a message must be a JSON object.")),
        };
        let id = match message.remove("id") {
            Some(Value::String(id)) if !id.is_empty() && id.len() <= ID_BYTES => Ok(id),
            _ => Err(Close::invalid("The id of an operation must be a string of 1 to 256 bytes.")),
        };
        let object = |payload: Option<Value>| match payload {
            Some(Value::Object(object)) => object,
            _ => Map::new(),
        };
        match message.get("type").and_then(Value::as_str) {
            Some("connection_init") => Ok(Self::Init(object(payload))),
            Some("ping") => Ok(Self::Ping(payload)),
            Some("pong") => Ok(Self::Pong),
            Some("complete") => Ok(Self::Complete { id: id? }),
            Some("subscribe") => {
                let parameters = Parameters::from_object(object(payload)).map_err(refused)?;
                Ok(Self::Subscribe { id: id?, parameters })
            }
            _ => Err(Close::invalid("The type of a message must be one of the client's in graphql-transport-ws.")),
        }
    }
}

/// Puts what `connection_init` says in the place of headers among them. What is no header of ours is passed over.
///
/// # Errors
/// How to close the socket where one is said twice, or holds what no header can.
pub(super) fn add_headers(headers: &mut HeaderMap, payload: Map<String, Value>) -> Result<(), Close> {
    for (key, value) in payload {
        let Some(name) = HEADERS.iter().find(|name| key.eq_ignore_ascii_case(name.as_str())) else { continue };
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            _ => return Err(Close::invalid("What stands for a header must be a string.")),
        };
        let value = HeaderValue::from_str(&text).map_err(|_| Close::invalid("A header holds what none can."))?;
        // Two that say the same are one: a client that can set headers sends both.
        if headers.get_all(name).iter().any(|other| *other != value) {
            return Err(Close::invalid("Say each header once."));
        }
        headers.insert(name, value);
        if let Some(value) = headers.get_mut(name) {
            value.set_sensitive(name.as_str() == "authorization");
        }
    }
    Ok(())
}

/// `connection_ack`.
pub(super) fn ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

/// `pong`, with the payload of its `ping`.
pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}

/// `next`: a whole GraphQL response.
pub(super) fn next(id: &str, response: &[u8]) -> String {
    format!(r#"{{"id":{},"type":"next","payload":{}}}"#, Value::from(id), String::from_utf8_lossy(response))
}

/// `error`: the errors of a GraphQL response that has nothing else to say.
pub(super) fn error(id: &str, response: &[u8]) -> String {
    let response: Value = serde_json::from_slice(response).unwrap_or_default();
    json!({ "id": id, "type": "error", "payload": response["errors"] }).to_string()
}

/// `complete`.
pub(super) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: JsonLimits = JsonLimits { nesting: 4, values: 100 };

    fn close_of(text: &str) -> u16 {
        Incoming::read(text, LIMITS).err().map_or(0, |close| close.code)
    }

    #[test]
    fn attack_h10_what_the_protocol_does_not_know_is_refused() {
        for text in [
            "",
            "x",
            "[]",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"ping","payload":1}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"variables":[]}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"ping","type":"ping"}"#,
            r#"{"type":"connection_init","payload":{"a":{"b":{"c":{"d":{}}}}}}"#,
            "{\"type\":\"connection_init\",\"payload\":{\"a\":\"\\u0000\"}}",
        ] {
            assert_eq!(close_of(text), 4400, "{text}");
        }
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(257));
        assert_eq!(close_of(&long), 4400);
        for text in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":null}"#,
            r#"{"type":"ping","payload":{}}"#,
            r#"{"type":"complete","id":"1"}"#,
        ] {
            assert_eq!(close_of(text), 0, "{text}");
        }
    }

    #[test]
    fn a_reason_fits_into_a_close_frame() {
        for close in [Close::IDLE, Close::STOPPING, Close::TOO_MANY, Close::REPEATED_ID] {
            assert!(close.reason.len() <= 123, "{close:?}");
        }
        let long = Incoming::read(r#"{"type":"?"}"#, LIMITS).err().map_or(0, |close| close.reason.len());
        assert!((1..=123).contains(&long));
    }

    #[test]
    fn headers_come_by_the_payload_once() {
        let payload = |value: Value| value.as_object().cloned().unwrap_or_default();
        let mut headers = HeaderMap::new();
        let said = json!({ "Authorization": "Bearer x", "x-store": "linden", "Cookie": "a=b", "X-Currency": null });
        assert_eq!(add_headers(&mut headers, payload(said.clone())), Ok(()));
        assert_eq!(headers["authorization"], "Bearer x");
        assert!(headers["authorization"].is_sensitive());
        assert_eq!((headers.len(), &headers["x-store"]), (2, &HeaderValue::from_static("linden")));
        assert_eq!(add_headers(&mut headers, payload(said)), Ok(()), "the same again is no contradiction");
        for wrong in [json!({ "X-Store": "other" }), json!({ "X-Store": 1 }), json!({ "X-Store": "a\nb" })] {
            assert_eq!(
                add_headers(&mut headers, payload(wrong.clone())).map_err(|close| close.code),
                Err(4400),
                "{wrong}"
            );
        }
        let twice = json!({ "X-Currency": "EUR", "x-currency": "USD" });
        assert_eq!(add_headers(&mut headers, payload(twice)).map_err(|close| close.code), Err(4400));
    }
}
