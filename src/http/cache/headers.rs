//! What browsers and CDNs are told of an answer that is shared.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, Utc};

use super::Remembered;

/// What an answer depends on beside its address. `Accept` is added by the endpoint.
const VARY: &str = "accept-language, authorization, x-currency, x-store";

impl Remembered {
    /// The headers of an answer to a GET. It may be shown again without asking for `longest` at the most, and
    /// no longer than it is known to be true.
    ///
    /// The tag is a weak one: the same response may come compressed, and under either media type.
    pub fn headers(&self, now: DateTime<Utc>, longest: Duration) -> HeaderMap {
        let seconds = self.time_left(now).min(longest).as_secs();
        let texts = [
            (header::CACHE_CONTROL, format!("public, max-age={seconds}, must-revalidate")),
            (header::ETAG, format!("W/\"{}\"", self.0.tag)),
            (header::VARY, VARY.to_owned()),
        ];
        let values = texts.into_iter().filter_map(|(name, text)| Some((name, HeaderValue::from_str(&text).ok()?)));
        values.collect()
    }

    /// Whether the caller holds this very data already, by its `If-None-Match`.
    pub fn is_known_to(&self, request: &HeaderMap) -> bool {
        let lines = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
        let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
        // Weak comparison, as RFC 9110 has it for this header; the tags themselves hold no comma.
        tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"') == self.0.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn remembered() -> Remembered {
        Remembered::new(b"{}".to_vec(), at(100), at(160))
    }

    #[test]
    fn nobody_shows_it_longer_than_it_is_true() {
        let age = |now, longest| {
            let headers = remembered().headers(at(now), Duration::from_secs(longest));
            headers[header::CACHE_CONTROL].to_str().unwrap().to_owned()
        };
        assert_eq!(age(100, 0), "public, max-age=0, must-revalidate");
        assert_eq!(age(100, 30), "public, max-age=30, must-revalidate");
        assert_eq!(age(150, 30), "public, max-age=10, must-revalidate");
        assert_eq!(age(170, 30), "public, max-age=0, must-revalidate");
    }

    #[test]
    fn a_tag_is_compared_weakly_and_whole() {
        let tag = remembered().headers(at(100), Duration::ZERO)[header::ETAG].to_str().unwrap().to_owned();
        let knows = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, text.parse().unwrap());
            remembered().is_known_to(&headers)
        };
        let strong = tag.trim_start_matches("W/");
        for known in [&tag, strong, "*", &format!("\"other\", {tag}"), &format!("W/\"a\",{strong}")] {
            assert!(knows(known), "{known}");
        }
        for unknown in ["", "\"\"", "W/\"other\"", &tag[..tag.len() - 3], &format!("{strong}x")] {
            assert!(!knows(unknown), "{unknown}");
        }
        assert!(!remembered().is_known_to(&HeaderMap::new()));
    }
}
