//! The pages beside the endpoint: health, metrics, GraphiQL, and what every answer has.

use serde_json::json;

use super::*;
use crate::http::graphiql::{EXAMPLES, GraphiqlSettings};

#[tokio::test]
async fn health_asks_nothing_and_readiness_gives_its_reasons() {
    let server = Server::start().await;
    server.stub.reasons.lock().unwrap().push("The database does not answer.".to_owned());
    assert_eq!(server.get("/healthz").await.json(), json!({ "status": "alive" }));
    let seen = server.get("/readyz").await;
    assert_eq!((seen.status, seen.header("retry-after")), (503, "1"));
    assert_eq!(seen.json(), json!({ "status": "unavailable", "reasons": ["The database does not answer."] }));
    server.stub.reasons.lock().unwrap().clear();
    assert_eq!(server.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn attack_s09_metrics_and_graphiql_stand_where_they_are_switched_on_only() {
    let production = Server::start().await;
    for path in ["/metrics", "/graphiql", "/graphiql/config.json", "/graphiql/page.js", "/debug", "/graphql/x"] {
        assert_eq!(production.get(path).await.refused(), (404, "NOT_FOUND".to_owned()), "{path}");
    }
    assert!(!production.get("/").await.text.contains("graphiql"));
    production.post(json!({ "query": "{ a }" })).await;
    let seen = Seen::of(production.client.get(format!("http://{}/metrics", production.operator))).await;
    assert_eq!(seen.status, 200);
    assert!(seen.header("content-type").starts_with("text/plain; version=0.0.4"));
    for series in [
        "http_requests_total{route=\"/graphql\",status=\"200\"}",
        "http_requests_total{route=\"unmatched\",status=\"404\"}",
        "http_request_duration_seconds_bucket{route=\"/graphql\",le=\"0.1\"}",
        "graphql_operations_total{kind=\"query\",outcome=\"executed\"}",
        "http_requests_in_flight",
        "http_connections_open",
        "process_resident_memory_bytes",
    ] {
        assert!(seen.text.contains(series), "{series}\n{}", seen.text);
    }
    let graphql = Seen::of(production.client.get(format!("http://{}/graphql", production.operator))).await;
    assert_eq!(graphql.status, 404);

    let config = EdgeConfig {
        metrics_on_main_listener: true,
        graphiql: Some(GraphiqlSettings { store_handle: Some("demo".into()) }),
        ..EdgeConfig::default()
    };
    let development = Server::with(config).await;
    for path in ["/metrics", "/graphiql", "/graphiql/config.json", "/graphiql/page.js"] {
        assert_eq!(development.get(path).await.status, 200, "{path}");
    }
    assert!(development.get("/").await.text.contains("href=\"/graphiql\""));
}

#[tokio::test]
async fn graphiql_is_served_whole_and_cached() {
    let graphiql = Some(GraphiqlSettings { store_handle: Some("demo".into()) });
    let server = Server::with(EdgeConfig { graphiql, ..EdgeConfig::default() }).await;
    let config = server.get("/graphiql/config.json").await.json();
    assert_eq!(config["endpoint"], "/graphql");
    assert_eq!(config["headers"], json!({ "X-Store": "demo" }));
    assert_eq!(config["examples"].as_array().map(Vec::len), Some(EXAMPLES.len()));
    let page = server.get("/graphiql").await;
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    let files: Vec<&str> = page.text.split('"').filter(|text| text.starts_with("/graphiql/")).collect();
    assert_eq!(files.len(), 6);
    for file in files {
        let seen = server.get(file).await;
        assert_eq!(seen.status, 200, "{file}");
        let again = server.client.get(server.url(file)).header("if-none-match", seen.header("etag"));
        assert_eq!(Seen::of(again).await.status, 304, "{file}");
        let immutable = seen.header("cache-control").contains("immutable");
        assert_eq!(immutable, file.contains(".min."), "{file}");
    }
    let gzip = server.client.get(server.url("/graphiql/graphiql-4.1.2.min.js")).header("accept-encoding", "gzip");
    assert_eq!(within(gzip.send()).await.unwrap().headers()["content-encoding"], "gzip");
    assert_eq!(server.client.post(server.url("/graphiql")).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn long_answers_are_compressed_and_short_ones_are_not() {
    let server = Server::start().await;
    let ask = async |query: &str| {
        let request = server.client.post(server.url("/graphql")).json(&json!({ "query": query }));
        within(request.header("accept-encoding", "gzip").send()).await.unwrap()
    };
    assert_eq!(ask("long").await.headers()["content-encoding"], "gzip");
    assert!(!ask("{ a }").await.headers().contains_key("content-encoding"));
}

#[tokio::test]
async fn every_answer_names_its_request_and_takes_over_harmless_ids_only() {
    let server = Server::start().await;
    let with_id = async |id: &str| {
        let request = server.client.get(server.url("/nothing")).header("x-request-id", id);
        let seen = Seen::of(request).await;
        assert_eq!(seen.code(), "NOT_FOUND");
        seen.header("x-request-id").to_owned()
    };
    assert_eq!(with_id("01HX.trace-7").await, "01HX.trace-7");
    for hostile in ["a b", "a\"b", "<b>", &"x".repeat(129), ""] {
        assert!(with_id(hostile).await.starts_with("made-"), "{hostile}");
    }
    let seen = server.get("/healthz").await;
    assert!(seen.header("x-request-id").starts_with("made-"));
    assert_eq!(seen.header("x-frame-options"), "DENY");
    assert_eq!(seen.header("referrer-policy"), "no-referrer");
    assert_eq!(server.client.post(server.url("/healthz")).send().await.unwrap().status(), 405);
}

/// Collects what is logged on this test's thread, on which the server runs, too.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn attack_s01_the_access_log_names_requests_and_holds_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let server = Server::start().await;
    // Another test may have come by these lines first, where nobody listened, and they remember that.
    server.get("/healthz").await;
    tracing::callsite::rebuild_interest_cache();
    let request = server.client.post(server.url("/graphql?query=canary"));
    let request = request.header("authorization", "Bearer canary").header("cookie", "session=canary");
    let request = request.header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let request = request.json(&json!({ "query": "{ canary }", "variables": { "password": "canary" } }));
    assert_eq!(Seen::of(request.header("x-request-id", "req-of-test")).await.status, 200);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = text.lines().find(|line| line.contains("stoa::access") && line.contains("req-of-test"));
    let line = line.expect("an access line");
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    for (field, value) in [("method", "POST"), ("path", "/graphql"), ("request_id", "req-of-test")] {
        assert_eq!(line["fields"][field], value);
    }
    assert_eq!(line["fields"]["status"], 200);
    assert!(line["fields"]["duration_ms"].is_number());
    assert_eq!(line["span"]["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    let own = text.lines().filter(|line| line.contains("\"target\":\"stoa"));
    assert_eq!(own.filter(|line| line.contains("canary")).count(), 0, "{text}");
}
