//! The endpoint as a well-meaning client sees it.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::*;
use crate::gate::document::DocumentHash;

#[tokio::test]
async fn a_post_reaches_the_product_whole() {
    let server = Server::start().await;
    let body = json!({
        "query": "query A { a }",
        "operationName": "A",
        "variables": { "x": [1, "é"] },
        "extensions": { "y": 1 },
        "id": "passed over",
    });
    let seen = server.post(body).await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.header("content-type"), "application/graphql-response+json; charset=utf-8");
    assert_eq!(seen.header("vary"), "Accept");
    assert_eq!(seen.header("cache-control"), "no-store");
    assert_eq!(seen.header("x-content-type-options"), "nosniff");
    assert_eq!(seen.json()["data"]["variables"], json!({ "x": [1, "é"] }));
    let calls = server.stub.calls.lock().unwrap();
    assert_eq!(calls[0].document.text.as_deref(), Some("query A { a }"));
    assert_eq!(calls[0].document.hash, DocumentHash::of("query A { a }"));
    assert_eq!(calls[0].operation_name.as_deref(), Some("A"));
    assert_eq!(calls[0].extensions["y"], 1);
}

#[tokio::test]
async fn a_get_reaches_the_product_whole() {
    let server = Server::start().await;
    let seen = server
        .get("/graphql?query=query+A%7Ba%7D&operationName=A&variables=%7B%22x%22%3A1%7D&extensions=&other=1")
        .await;
    assert_eq!(seen.status, 200);
    assert_eq!(seen.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(seen.json()["data"]["variables"], json!({ "x": 1 }));
    assert_eq!(seen.json()["data"]["operationName"], "A");
    assert!(server.stub.calls.lock().unwrap()[0].head.is_get());
}

#[tokio::test]
async fn request_errors_follow_the_media_type_and_refusals_do_not() {
    let server = Server::start().await;
    let both = async |query: &str| {
        let body = json!({ "query": query }).to_string();
        let json = server.client.post(server.url("/graphql")).header("content-type", "application/json").body(body);
        (server.post(json!({ "query": query })).await, Seen::of(json).await)
    };
    let (strict, json) = both("bad").await;
    assert_eq!((strict.status, json.status), (400, 200));
    assert_eq!(strict.text, json.text);
    let (strict, json) = both("throttled").await;
    assert_eq!((strict.status, json.status), (429, 429));
    assert_eq!(strict.header("retry-after"), "7");
}

#[tokio::test]
async fn a_document_is_named_by_its_hash_in_each_of_three_forms() {
    let server = Server::start().await;
    let text = "query A { a }";
    let digits = hex::encode(Sha256::digest(text));
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": digits } });
    let unknown = server.post(json!({ "extensions": extensions })).await;
    assert_eq!(unknown.refused(), (400, "PERSISTED_QUERY_NOT_FOUND".to_owned()));
    assert_eq!(unknown.json()["errors"][0]["message"], "PersistedQueryNotFound");
    for named in [json!({ "documentId": digits }), json!({ "documentId": format!("sha256:{digits}") })] {
        assert_eq!(server.post(named).await.code(), "PERSISTED_QUERY_NOT_FOUND");
    }
    let both = json!({ "query": text, "documentId": digits, "extensions": extensions });
    assert_eq!(server.post(both).await.status, 200);
    let in_address = [("extensions", extensions.to_string()), ("operationName", "A".to_owned())];
    for named in [in_address, [("documentId", digits.clone()), ("operationName", "A".to_owned())]] {
        let address = reqwest::Url::parse_with_params(&server.url("/graphql"), named);
        assert_eq!(
            Seen::of(server.client.get(address.unwrap())).await.json()["errors"][0]["message"],
            "PersistedQueryNotFound"
        );
    }
    let calls = server.stub.calls.lock().unwrap();
    assert!(calls.iter().all(|call| call.document.hash == DocumentHash::of(text)));
    assert_eq!(calls.iter().filter(|call| call.document.text.is_some()).count(), 1);
}

#[tokio::test]
async fn attack_g24_a_hash_runs_only_its_own_text() {
    let server = Server::start().await;
    let named = |text: &str, hash: String| json!({ "query": text, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    let wrong = server.post(named("{ a }", hex::encode(Sha256::digest("{ b }")))).await;
    assert_eq!(wrong.refused(), (400, "BAD_REQUEST".to_owned()));
    for malformed in [
        json!({ "version": 2, "sha256Hash": hex::encode(Sha256::digest("{ a }")) }),
        json!({ "version": 1 }),
        json!({ "version": 1, "sha256Hash": "abc" }),
        json!("x"),
        json!([]),
    ] {
        let seen = server.post(json!({ "query": "{ a }", "extensions": { "persistedQuery": malformed } })).await;
        assert_eq!(seen.refused(), (400, "BAD_REQUEST".to_owned()));
    }
    for malformed in [json!("abc"), json!("sha512:00"), json!(7), json!(format!("sha256:{}", "é".repeat(32)))] {
        let seen = server.post(json!({ "query": "{ a }", "documentId": malformed })).await;
        assert_eq!(seen.refused(), (400, "BAD_REQUEST".to_owned()));
    }
    // Two hashes that do not agree.
    let mut two = named("{ a }", hex::encode(Sha256::digest("{ a }")));
    two["documentId"] = json!(hex::encode(Sha256::digest("{ b }")));
    assert_eq!(server.post(two).await.refused(), (400, "BAD_REQUEST".to_owned()));
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn an_operation_over_its_time_is_dropped_and_told() {
    let server = Server::with(impatient()).await;
    let seen = server.post(json!({ "query": "never" })).await;
    assert_eq!(seen.refused(), (503, "UNAVAILABLE".to_owned()));
    assert_eq!(seen.header("retry-after"), "1");
    server.operation_dropped().await;
    server.assert_alive().await;
}

#[tokio::test]
async fn more_operations_than_allowed_are_sent_away_at_once() {
    let server = Server::with(EdgeConfig { operations_in_flight: 1, ..EdgeConfig::default() }).await;
    let first = server.post(json!({ "query": "slow" }));
    let second = async {
        within(server.stub.begun.notified()).await;
        server.post(json!({ "query": "{ a }" })).await
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first.status, 200);
    assert_eq!(second.refused(), (503, "UNAVAILABLE".to_owned()));
    assert_eq!(second.header("retry-after"), "1");
    assert_eq!(server.post(json!({ "query": "{ a }" })).await.status, 200);
}

#[tokio::test]
async fn attack_s10_a_panic_fails_its_request_alone() {
    let server = Server::start().await;
    let seen = server.post(json!({ "query": "panic" })).await;
    assert_eq!(seen.refused(), (500, "INTERNAL_SERVER_ERROR".to_owned()));
    assert!(!seen.text.contains("asked to"));
    assert_eq!(server.post(json!({ "query": "{ a }" })).await.status, 200);
}
