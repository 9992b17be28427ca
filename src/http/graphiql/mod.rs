//! GraphiQL at `/graphiql`, whole from the binary: no file of it is fetched from elsewhere.
//!
//! It owns the page, its vendored libraries (see `vendor/VERSIONS.md`), its content security policy and the example
//! operations. It never knows a token. To add an example, put a `.graphql` file (and a `.variables.json` beside it)
//! into `examples/` and a row into [`EXAMPLES`].

use std::sync::Arc;

use axum::{
    Json, Router,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// GraphiQL writes `style` attributes and elements; beyond those nothing but our own files may load. Answers with image
/// addresses are previewed on hover, which this policy stops for images of other origins.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// For files with their version in the name.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// For files that change with the binary.
const ASK_AGAIN: &str = "no-cache";

/// What the page opens with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphiqlSettings {
    /// The handle that stands in the prefilled `X-Store` header; `None` leaves the header out.
    pub store_handle: Option<String>,
}

/// An operation that the page offers in a tab of its own.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The file under `examples/`, without its ending.
    pub name: &'static str,
    /// The document.
    pub query: &'static str,
    /// The variables as JSON, or nothing.
    pub variables: &'static str,
}

macro_rules! example {
    ($name:literal) => {
        Example { name: $name, query: include_str!(concat!("examples/", $name, ".graphql")), variables: "" }
    };
    ($name:literal with variables) => {
        Example {
            name: $name,
            query: include_str!(concat!("examples/", $name, ".graphql")),
            variables: include_str!(concat!("examples/", $name, ".variables.json")),
        }
    };
}

/// The tabs, in order. The first is the one that a visitor runs first.
pub static EXAMPLES: [Example; 7] = [
    example!("01-products"),
    example!("02-product-by-slug" with variables),
    example!("03-product-search" with variables),
    example!("04-sign-in" with variables),
    example!("05-viewer"),
    example!("06-price-change" with variables),
    example!("07-product-changes"),
];

/// A file that the page loads.
#[derive(Clone, Copy)]
struct Asset {
    path: &'static str,
    content_type: &'static str,
    cache: &'static str,
    bytes: &'static [u8],
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

static ASSETS: [Asset; 7] = [
    Asset {
        path: "/graphiql",
        content_type: "text/html; charset=utf-8",
        cache: ASK_AGAIN,
        bytes: include_bytes!("graphiql.html"),
    },
    Asset { path: "/graphiql/page.js", content_type: SCRIPT, cache: ASK_AGAIN, bytes: include_bytes!("page.js") },
    Asset { path: "/graphiql/page.css", content_type: STYLE, cache: ASK_AGAIN, bytes: include_bytes!("page.css") },
    Asset {
        path: "/graphiql/graphiql-4.1.2.min.js",
        content_type: SCRIPT,
        cache: FOREVER,
        bytes: include_bytes!("vendor/graphiql/graphiql.min.js"),
    },
    Asset {
        path: "/graphiql/graphiql-4.1.2.min.css",
        content_type: STYLE,
        cache: FOREVER,
        bytes: include_bytes!("vendor/graphiql/graphiql.min.css"),
    },
    Asset {
        path: "/graphiql/react-18.3.1.min.js",
        content_type: SCRIPT,
        cache: FOREVER,
        bytes: include_bytes!("vendor/react/react.production.min.js"),
    },
    Asset {
        path: "/graphiql/react-dom-18.3.1.min.js",
        content_type: SCRIPT,
        cache: FOREVER,
        bytes: include_bytes!("vendor/react-dom/react-dom.production.min.js"),
    },
];

/// The page, its files and its configuration.
pub(super) fn routes(settings: &GraphiqlSettings) -> Router {
    let config = Arc::new(config(settings));
    let mut router = Router::new()
        .route("/graphiql/", get(|| async { Redirect::permanent("/graphiql") }))
        .route("/graphiql/config.json", get(move || async move { Json(config.as_ref().clone()) }));
    for asset in &ASSETS {
        let tag: Arc<str> = format!("\"{}\"", hex::encode(&Sha256::digest(asset.bytes)[..12])).into();
        router = router.route(asset.path, get(move |headers: HeaderMap| async move { file(asset, &tag, &headers) }));
    }
    router
}

/// What `page.js` asks for: endpoint, headers and examples.
fn config(settings: &GraphiqlSettings) -> Value {
    let mut headers = Map::new();
    if let Some(handle) = &settings.store_handle {
        headers.insert("X-Store".to_owned(), handle.as_str().into());
    }
    let examples: Vec<Value> = EXAMPLES
        .iter()
        .map(|example| {
            let variables: Value = serde_json::from_str(example.variables).unwrap_or_default();
            json!({ "name": example.name, "query": example.query, "variables": variables })
        })
        .collect();
    json!({ "endpoint": "/graphql", "headers": headers, "examples": examples })
}

fn file(asset: &'static Asset, tag: &str, headers: &HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| {
        known.split(',').any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == tag)
    });
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { asset.bytes.into_response() };
    let fields = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, asset.cache),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    for (name, value) in fields {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // The compression layer sends the same file in two encodings, so the tag is a weak one.
    if let Ok(value) = HeaderValue::from_str(&format!("W/{tag}")) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendored_files_are_the_ones_that_the_list_names() {
        let list = include_str!("vendor/VERSIONS.md");
        for asset in ASSETS.iter().filter(|asset| asset.cache == FOREVER) {
            assert!(list.contains(&hex::encode(Sha256::digest(asset.bytes))), "{}", asset.path);
        }
    }

    #[test]
    fn the_page_loads_only_files_that_are_served_and_runs_no_inline_script() {
        let page = include_str!("graphiql.html");
        for reference in page.split(['"']).filter(|text| text.starts_with('/')) {
            assert!(ASSETS.iter().any(|asset| asset.path == reference), "{reference}");
        }
        assert!(!page.contains("http") && !page.contains("<style") && !page.contains("<script>"));
    }

    #[test]
    fn every_example_has_one_named_operation_and_good_variables() {
        for example in &EXAMPLES {
            let words = ["query ", "mutation ", "subscription "];
            let operations = words.map(|word| example.query.matches(&format!("\n{word}")).count());
            assert_eq!(operations.iter().sum::<usize>(), 1, "{}", example.name);
            assert!(example.variables.is_empty() || serde_json::from_str::<Value>(example.variables).is_ok());
        }
    }
}
