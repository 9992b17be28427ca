//! Which of the two media types the caller wants.

use axum::http::{HeaderMap, header};
use mime::Mime;

const STRICT: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// The media types of GraphQL over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status tells of errors in the request.
    Strict,
    /// `application/json`: whatever was understood is 200.
    Json,
}

/// How well an entry of `Accept` fits: by weight, then by how exactly it names the type, then by its place.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Fit {
    weight: f32,
    exactness: u8,
    earliness: i32,
}

impl Media {
    /// Reads `Accept`. Without one, or with `*/*`, it is plain JSON; `None` when neither type is wanted.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::ACCEPT) {
            return Some(Self::Json);
        }
        let entries: Vec<Mime> = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .filter_map(|entry| entry.trim().parse().ok())
            .collect();
        let strict = fit(&entries, STRICT);
        let json = fit(&entries, JSON);
        match (strict, json) {
            (Some(strict), Some(json)) if strict > json => Some(Self::Strict),
            (Some(_), None) => Some(Self::Strict),
            (_, Some(_)) => Some(Self::Json),
            (None, None) => None,
        }
    }

    pub(super) fn is_strict(self) -> bool {
        self == Self::Strict
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Strict => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
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
        use Media::{Json, Strict};
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
        ];
        for (accept, expected) in table {
            assert_eq!(of(accept), expected, "{accept:?}");
        }
        assert_eq!(Media::negotiate(&HeaderMap::new()), Some(Json));
    }
}
