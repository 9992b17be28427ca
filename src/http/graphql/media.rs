//! Which of the media types the caller wants.

use axum::http::{HeaderMap, header};
use mime::Mime;

const STRICT: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

/// The media types of GraphQL over HTTP and over Server-Sent Events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status tells of errors in the request.
    Strict,
    /// `application/json`: whatever was understood is 200.
    Json,
    /// `text/event-stream`: every answer comes as an event.
    Events,
}

/// How well an entry of `Accept` fits: by weight, then by how exactly it names the type, then by its place.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Fit {
    weight: f32,
    exactness: u8,
    earliness: i32,
}

impl Media {
    /// Reads `Accept`. Without one, or with `*/*`, it is plain JSON; `None` when no type is wanted. Events come only
    /// to those who name them, and before the others only where they are wanted more.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::ACCEPT) {
            return Some(Self::Json);
        }
        let entries = entries(headers);
        let strict = fit(&entries, STRICT);
        let json = fit(&entries, JSON);
        let (single, other) = match (strict, json) {
            (Some(strict), Some(json)) if strict > json => (Self::Strict, Some(strict)),
            (Some(strict), None) => (Self::Strict, Some(strict)),
            (_, json) => (Self::Json, json),
        };
        match (events(&entries), other) {
            (Some(events), Some(other)) if events > other => Some(Self::Events),
            (Some(_), None) => Some(Self::Events),
            (_, Some(_)) => Some(single),
            (None, None) => None,
        }
    }

    /// Whether the caller, who may want another type for a single answer, can hear many.
    pub(super) fn accepts_events(headers: &HeaderMap) -> bool {
        events(&entries(headers)).is_some()
    }

    pub(super) fn is_strict(self) -> bool {
        self == Self::Strict
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Strict => "application/graphql-response+json; charset=utf-8",
            // Where no event can be sent, what is said instead is plain JSON.
            Self::Json | Self::Events => "application/json; charset=utf-8",
        }
    }
}

fn entries(headers: &HeaderMap) -> Vec<Mime> {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(|entry| entry.trim().parse().ok()).collect()
}

/// Events by their own name: `*/*` does not ask for an answer without an end.
fn events(entries: &[Mime]) -> Option<Fit> {
    fit(entries, EVENTS).filter(|fit| fit.exactness == 2)
}

/// The most exact entry that covers the type decides its weight (RFC 9110, 12.5.1); weight 0 means not wanted.
fn fit(entries: &[Mime], wanted: &str) -> Option<Fit> {
    let covering = entries.iter().enumerate().filter_map(|(place, entry)| {
        let exactness = match entry.essence_str() {
            essence if essence == wanted => 2,
            "application/*" => 1,
            "*/*" => 0,
            _ => return None,
        };
        if entry.get_param("charset").is_some_and(|charset| charset != mime::UTF_8) {
            return None;
        }
        let weight = entry.get_param("q").map_or(Some(1.0), |q| q.as_str().parse::<f32>().ok())?;
        let earliness = -i32::try_from(place).unwrap_or(i32::MAX);
        (0.0..=1.0).contains(&weight).then_some(Fit { weight, exactness, earliness })
    });
    covering.max_by_key(|fit| (fit.exactness, fit.earliness)).filter(|fit| fit.weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(accept: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        if let Ok(value) = accept.parse() {
            headers.insert(header::ACCEPT, value);
        }
        Media::negotiate(&headers)
    }

    #[test]
    fn attack_h01_accept_is_weighed_as_the_specification_has_it() {
        use Media::{Events, Json, Strict};
        let table = [
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(Strict)),
            ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", Some(Strict)),
            ("application/json, application/graphql-response+json", Some(Json)),
            ("application/json;q=0.5, application/graphql-response+json;q=0.9", Some(Strict)),
            ("application/graphql-response+json;q=0.1, application/json", Some(Json)),
            ("application/graphql-response+json, */*;q=0.1", Some(Strict)),
            ("*/*, application/graphql-response+json", Some(Strict)),
            ("application/json;q=0, */*", Some(Strict)),
            ("application/*", Some(Json)),
            ("*/*", Some(Json)),
            ("application/json, multipart/mixed", Some(Json)),
            ("APPLICATION/JSON", Some(Json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json; charset=iso-8859-1", None),
            ("rubbish", None),
            ("", None),
            ("text/event-stream", Some(Events)),
            ("text/event-stream, */*;q=0.1", Some(Events)),
            ("application/json, text/event-stream", Some(Json)),
            ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", Some(Strict)),
            ("text/*", None),
            ("text/event-stream;q=0", None),
        ];
        for (accept, expected) in table {
            assert_eq!(of(accept), expected, "{accept:?}");
        }
        assert_eq!(Media::negotiate(&HeaderMap::new()), Some(Json));
    }
}
