//! Stories of GraphQL over HTTP, as its specification has it and as the public audit suite asks: the
//! same questions, put to the product with a database behind it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::Shop;

const STRICT: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// What is sent beside the store's name.
#[derive(Default)]
struct Sent<'a> {
    method: Method,
    accept: Option<&'a str>,
    content_type: Option<&'a str>,
    body: Option<Vec<u8>>,
    parameters: &'a [(&'a str, &'a str)],
}

/// What came back.
struct Seen {
    status: u16,
    kind: String,
    allow: String,
    body: Value,
}

impl Seen {
    /// Whether it has data, even where it is null.
    fn has_data(&self) -> bool {
        self.body.get("data").is_some()
    }

    fn has_errors(&self) -> bool {
        self.body["errors"].as_array().is_some_and(|errors| !errors.is_empty())
    }
}

async fn send(shop: &Shop, sent: Sent<'_>) -> Seen {
    let url = reqwest::Url::parse_with_params(&format!("{}/graphql", shop.url()), sent.parameters).expect("an address");
    let mut request = shop.client().request(sent.method, url).header("x-store", "linden");
    if let Some(accept) = sent.accept {
        request = request.header("accept", accept);
    }
    if let Some(content_type) = sent.content_type {
        request = request.header("content-type", content_type);
    }
    if let Some(body) = sent.body {
        request = request.body(body);
    }
    let answer = request.send().await.expect("an answer");
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (status, kind, allow) = (answer.status().as_u16(), header("content-type"), header("allow"));
    let text = answer.bytes().await.expect("a body");
    let body = serde_json::from_slice(&text).unwrap_or_else(|_| panic!("{status}: not JSON in UTF-8: {text:?}"));
    Seen { status, kind, allow, body }
}

/// A POST of JSON.
async fn post(shop: &Shop, accept: Option<&str>, body: Value) -> Seen {
    let body = Some(body.to_string().into_bytes());
    send(shop, Sent { method: Method::POST, accept, content_type: Some(JSON), body, ..Sent::default() }).await
}

/// A GET of a query.
async fn get(shop: &Shop, accept: Option<&str>, parameters: &[(&str, &str)]) -> Seen {
    send(shop, Sent { method: Method::GET, accept, parameters, ..Sent::default() }).await
}

both! {
    async fn promise_p01_the_media_types_are_those_of_the_specification(db: Database) {
        let shop = Shop::open(db).await;
        let query = json!({ "query": "{ __typename }" });
        for (accept, kind) in [
            (None, JSON),
            (Some("*/*"), JSON),
            (Some("application/*"), JSON),
            (Some(JSON), JSON),
            (Some("application/json; charset=utf-8"), JSON),
            (Some(STRICT), STRICT),
            (Some("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"), STRICT),
            (Some("application/json;q=0.5, application/graphql-response+json;q=0.9"), STRICT),
        ] {
            for seen in [post(&shop, accept, query.clone()).await, get(&shop, accept, &[("query", "{ __typename }")]).await] {
                assert_eq!((seen.status, &seen.body["data"]), (200, &json!({ "__typename": "Query" })), "{accept:?}");
                assert_eq!(seen.kind, format!("{kind}; charset=utf-8"), "{accept:?}");
            }
        }
        assert_eq!(post(&shop, Some("text/html"), query.clone()).await.status, 406);
        // Only JSON in UTF-8 is read, and it is UTF-8 where nothing is said of it.
        for (content_type, status) in [
            (Some(JSON), 200),
            (Some("application/json; charset=utf-8"), 200),
            (Some("APPLICATION/JSON"), 200),
            (Some("application/json; charset=iso-8859-1"), 415),
            (Some("text/plain"), 415),
            (Some("application/x-www-form-urlencoded"), 415),
            (None, 415),
        ] {
            let body = Some(r#"{"query":"{ __typename }","variables":{"é":"ü"}}"#.as_bytes().to_vec());
            let seen = send(&shop, Sent { method: Method::POST, content_type, body, ..Sent::default() }).await;
            assert_eq!(seen.status, status, "{content_type:?}");
            assert_eq!(seen.has_data(), status == 200, "{content_type:?}");
        }
    }

    async fn promise_p01_queries_go_by_get_and_nothing_is_written_by_it(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.fingerprint().await;
        let create = "mutation { brandCreate(input: { name: \"Oak\" }) { brand { id } userErrors { code } } }";
        for accept in [None, Some(JSON), Some(STRICT)] {
            let seen = get(&shop, accept, &[("query", create)]).await;
            assert_eq!((seen.status, seen.allow.as_str(), seen.has_data()), (405, "POST", false));
            // Nor where the mutation is one operation of two, and the one that is chosen.
            let two = format!("query A {{ __typename }} {}", create.replace("mutation", "mutation B"));
            let seen = get(&shop, accept, &[("query", &two), ("operationName", "B")]).await;
            assert_eq!((seen.status, seen.has_data()), (405, false));
            let seen = get(&shop, accept, &[("query", &two), ("operationName", "A")]).await;
            assert_eq!((seen.status, seen.has_data()), (200, true));
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let body = Some(json!({ "query": "{ __typename }" }).to_string().into_bytes());
            let seen = send(&shop, Sent { method: method.clone(), content_type: Some(JSON), body, ..Sent::default() }).await;
            assert_eq!((seen.status, seen.allow.as_str()), (405, "GET, POST"), "{method}");
        }
        let named = "query($text: String!) { brand(slug: $text) { id } }";
        let seen = get(&shop, None, &[("query", named), ("variables", r#"{"text":"é & ü"}"#), ("extensions", "{}")]).await;
        assert_eq!((seen.status, &seen.body["data"]), (200, &json!({ "brand": null })));
        shop.assert_unchanged(&before).await;
    }

    async fn promise_p01_the_parts_of_a_request_are_what_they_must_be(db: Database) {
        let shop = Shop::open(db).await;
        let query = "query Q { __typename }";
        for accept in [Some(JSON), Some(STRICT)] {
            // What stands in place of each part, and whether it is taken.
            let others = [json!({ "a": 1 }), json!([1]), json!(0), json!(false), json!("Q"), Value::Null];
            for (part, fits) in [
                ("query", [false, false, false, false, false, false]),
                ("operationName", [false, false, false, false, true, true]),
                ("variables", [true, false, false, false, false, true]),
                ("extensions", [true, false, false, false, false, true]),
            ] {
                for (value, fits) in others.iter().zip(fits) {
                    let mut body = json!({ "query": query });
                    body[part] = value.clone();
                    let seen = post(&shop, accept, body).await;
                    // A text that is no query is read, and refused as a document.
                    let status = if fits || (part == "query" && value.is_string() && accept == Some(JSON)) { 200 } else { 400 };
                    assert_eq!((seen.status, seen.has_data(), seen.has_errors()), (status, fits, !fits), "{part}: {value}");
                }
            }
            assert_eq!(post(&shop, accept, json!({})).await.status, 400, "no query at all");
            assert_eq!(post(&shop, accept, json!({ "query": query, "more": true })).await.status, 200, "what is unknown is passed over");
        }
        for body in ["", "{", "\"query\"", "[]", "null", "{ \"query\": }", "\u{feff}x"] {
            let sent = Sent { method: Method::POST, content_type: Some(JSON), body: Some(body.into()), ..Sent::default() };
            let seen = send(&shop, sent).await;
            assert_eq!((seen.status, seen.has_data(), seen.has_errors()), (400, false, true), "{body}");
        }
        for (name, value) in [("variables", "nonsense"), ("variables", "[]"), ("extensions", "0")] {
            assert_eq!(get(&shop, None, &[("query", query), (name, value)]).await.status, 400, "{name}={value}");
        }
    }

    async fn promise_p01_a_document_that_can_not_run_has_no_data(db: Database) {
        let shop = Shop::open(db).await;
        for (what, body) in [
            ("it does not parse", json!({ "query": "{" })),
            ("it is not known to the schema", json!({ "query": "{ nothing }" })),
            ("it has no operation of the name", json!({ "query": "query A { __typename }", "operationName": "B" })),
            ("it names none of two operations", json!({ "query": "query A { __typename } query B { __typename }" })),
            ("its variable has no value", json!({ "query": "query($s: String!) { brand(slug: $s) { id } }" })),
            ("its variable has the wrong type", json!({ "query": "query($s: String!) { brand(slug: $s) { id } }", "variables": { "s": 1 } })),
        ] {
            for (accept, status) in [(None, 200), (Some(JSON), 200), (Some(STRICT), 400)] {
                let seen = post(&shop, accept, body.clone()).await;
                assert_eq!((seen.status, seen.has_data(), seen.has_errors()), (status, false, true), "{what}, {accept:?}");
            }
        }
        // One field that fails leaves the others, and both media types say 200.
        let partial = json!({ "query": "{ brand { id } __typename }" });
        for accept in [Some(JSON), Some(STRICT)] {
            let seen = post(&shop, accept, partial.clone()).await;
            assert_eq!((seen.status, &seen.body["data"]), (200, &json!({ "brand": null, "__typename": "Query" })));
            assert_eq!(seen.body["errors"][0]["path"], json!(["brand"]));
        }
    }
}
