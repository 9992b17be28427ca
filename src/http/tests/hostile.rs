//! Requests of the attack catalogue that the endpoint itself refuses.

use serde_json::json;

use super::*;
use crate::http::CorsPolicy;

fn bad_request() -> (u16, String) {
    (400, "BAD_REQUEST".to_owned())
}

#[tokio::test]
async fn attack_h01_methods_and_accept() {
    let server = Server::start().await;
    let by_get = server.get("/graphql?query=mutation%7Ba%7D").await;
    assert_eq!(by_get.refused(), (405, "METHOD_NOT_ALLOWED".to_owned()));
    assert_eq!(by_get.header("allow"), "POST");
    for method in [reqwest::Method::PUT, reqwest::Method::DELETE, reqwest::Method::PATCH] {
        let request = server.client.request(method, server.url("/graphql")).json(&json!({ "query": "{ a }" }));
        let seen = Seen::of(request).await;
        assert_eq!(seen.refused(), (405, "METHOD_NOT_ALLOWED".to_owned()));
        assert_eq!(seen.header("allow"), "GET, POST");
    }
    let plain = server.client.post(server.url("/graphql")).json(&json!({ "query": "{ a }" }));
    let seen = Seen::of(plain.try_clone().unwrap()).await;
    assert_eq!((seen.status, seen.header("content-type")), (200, "application/json; charset=utf-8"));
    let calls = server.calls();
    let seen = Seen::of(plain.header("accept", "text/html")).await;
    assert_eq!(seen.refused(), (406, "NOT_ACCEPTABLE".to_owned()));
    assert_eq!(server.calls(), calls);
}

#[tokio::test]
async fn attack_h02_only_declared_json_is_read() {
    let server = Server::start().await;
    let body = json!({ "query": "mutation { a }" }).to_string();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/jsonx",
        "",
    ] {
        let request = server.client.post(server.url("/graphql")).header("content-type", content_type);
        let seen = Seen::of(request.body(body.clone())).await;
        assert_eq!(seen.refused(), (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()), "{content_type}");
    }
    let without = server.client.post(server.url("/graphql")).body(body.clone());
    assert_eq!(Seen::of(without).await.status, 415);
    assert_eq!(server.calls(), 0);
    let good = server.client.post(server.url("/graphql")).header("content-type", "Application/JSON; charset=UTF-8");
    assert_eq!(Seen::of(good.body(body)).await.status, 200);
}

#[tokio::test]
async fn attack_h03_attack_g14_large_bodies_are_not_read_to_their_end() {
    let server = Server::start().await;
    let over = |bytes: usize| format!(r#"{{"query":"{{ {} }}"}}"#, ",".repeat(bytes));
    for bytes in [256 * 1024, 3 << 20, 20 << 20] {
        let head = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
        let body = over(bytes);
        let answer = server.raw(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).await;
        // The server may close before the client has sent it all, which can cost the client the answer.
        assert!(answer.starts_with("HTTP/1.1 413 ") || answer.is_empty(), "{answer}");
    }
    let answer = server
        .raw("POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20971520\r\n\r\n{")
        .await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("PAYLOAD_TOO_LARGE"), "{answer}");
    // Just under the limit is read.
    assert_eq!(server.post_text(over(256 * 1024 - 20)).await.status, 200);
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn attack_h03_endless_chunks_end_at_the_limit() {
    let server = Server::start().await;
    let mut raw = server.connect().await;
    raw.send(
        "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    )
    .await;
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    for _ in 0..65 {
        raw.send(&chunk).await;
    }
    let answer = raw.until_closed().await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn attack_h03_compressed_bodies_are_not_unfolded() {
    let server = Server::start().await;
    for encoding in ["gzip", "br", "gzip, gzip", "deflate", "identity, gzip"] {
        let request = server.client.post(server.url("/graphql")).header("content-type", "application/json");
        let seen = Seen::of(request.header("content-encoding", encoding).body(vec![0x1f, 0x8b, 8, 0])).await;
        assert_eq!(seen.refused(), (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()), "{encoding}");
    }
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn attack_h03_lying_lengths_reach_nobody_else() {
    let server = Server::with(impatient()).await;
    let head = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    let body = r#"{"query":"{ a }"}"#;
    // Longer than what comes: the body never is whole.
    let answer = server.raw(format!("{head}Content-Length: 500\r\n\r\n{body}")).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    // Shorter: the rest is no request.
    let answer = server.raw(format!("{head}Content-Length: 5\r\n\r\n{body}")).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), answer.matches("HTTP/1.1 400 ").count(), "{answer}");
    // Twice, and not the same; or no number at all.
    for lengths in ["Content-Length: 17\r\nContent-Length: 18", "Content-Length: -1", "Content-Length: 1x"] {
        let answer = server.raw(format!("{head}{lengths}\r\n\r\n{body}")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    assert_eq!(server.calls(), 0);
    server.assert_alive().await;
}

/// Chunks win over a length and the connection ends after that one answer (RFC 9112, 6.3), so that what a proxy might
/// take for the body's rest is never served as a request of its own.
#[tokio::test]
async fn attack_h03_length_and_chunks_together_smuggle_nothing() {
    let server = Server::start().await;
    let smuggled = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"query\":\"{ bad }\"}";
    for order in ["Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4"]
    {
        let head = format!("POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{order}\r\n\r\n");
        let answer = server.raw(format!("{head}2\r\n{{}}\r\n0\r\n\r\n{smuggled}")).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    let odd = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    assert!(server.raw(odd).await.starts_with("HTTP/1.1 400 "));
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn attack_h04_malformed_requests_get_fixed_texts() {
    let server = Server::start().await;
    let bodies: [&[u8]; 17] = [
        b"",
        b"{",
        b"null",
        b"7",
        b"\"query\"",
        b"{}",
        b"{\"query\":null}",
        b"{\"query\":7}",
        b"{\"query\":[\"{ a }\"]}",
        b"{\"query\":\"{ a }\",\"query\":\"{ hunter2 }\"}",
        b"{\"query\":\"{ a }\",\"variables\":{\"hunter2\":1,\"hunter2\":2}}",
        b"{\"query\":\"{ a }\",\"variables\":[]}",
        b"{\"query\":\"{ a }\",\"variables\":\"{}\"}",
        b"{\"query\":\"{ a }\",\"operationName\":7}",
        b"{\"query\":\"{ a }\",\"extensions\":true}",
        b"{\"query\":\"{ hunter2 \xff }\"}",
        b"{\"query\":\"{ hunter2 }\"} {}",
    ];
    for body in bodies {
        let seen = server.post_text(body).await;
        assert_eq!(seen.refused(), bad_request(), "{}", String::from_utf8_lossy(body));
        assert!(!seen.text.contains("hunter2"));
    }
    for query in
        ["", "query=", "query=%7Ba%7D&query=%7Ba%7D", "query=%ff", "query=a&variables=7", "query=a&variables=x"]
    {
        assert_eq!(server.get(&format!("/graphql?{query}")).await.refused(), bad_request(), "{query}");
    }
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn attack_h05_long_addresses_and_headers() {
    let server = Server::start().await;
    let seen = server.get(&format!("/graphql?query={}", "x".repeat(32 * 1024))).await;
    assert_eq!(seen.refused(), (414, "URI_TOO_LONG".to_owned()));
    for bytes in [40 * 1024, 100 * 1024, 10 << 20] {
        let answer =
            server.raw(format!("GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: {}\r\n\r\n", "x".repeat(bytes))).await;
        assert!(answer.starts_with("HTTP/1.1 431 ") || (bytes > 1 << 20 && answer.is_empty()), "{answer}");
    }
    let many = "X-A: 1\r\n".repeat(500);
    assert!(server.raw(format!("GET /healthz HTTP/1.1\r\nHost: a\r\n{many}\r\n")).await.starts_with("HTTP/1.1 431 "));
    server.assert_alive().await;
}

#[tokio::test]
async fn attack_h07_forwarded_headers_count_from_trusted_proxies_only() {
    let ask = async |server: &Server| {
        let request = server.client.post(server.url("/graphql")).json(&json!({ "query": "{ a }" }));
        let request = request.header("host", "Shop.Example:81").header("x-forwarded-host", "evil.example");
        let request = request.header("x-forwarded-for", "6.6.6.6, 203.0.113.9, 127.0.0.2");
        let seen = Seen::of(request).await;
        let data = seen.json()["data"].clone();
        (data["host"].as_str().unwrap().to_owned(), data["client"].as_str().unwrap().to_owned())
    };
    let server = Server::start().await;
    assert_eq!(ask(&server).await, ("shop.example".to_owned(), "127.0.0.1".to_owned()));
    let trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let behind_proxy = Server::with(EdgeConfig { trusted_proxies, ..EdgeConfig::default() }).await;
    // The last address that no proxy of ours vouches for; what stands before it anybody could have written.
    assert_eq!(ask(&behind_proxy).await, ("evil.example".to_owned(), "203.0.113.9".to_owned()));

    for hosts in ["Host: a\r\nHost: b", "Host: a/b", "Host: a b", "Host: a@b"] {
        let answer = server.raw(format!("GET / HTTP/1.1\r\n{hosts}\r\nConnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{hosts}: {answer}");
    }
    for path in ["/", "/graphiql/", "/nothing", "/graphql"] {
        let answer = server
            .raw(format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n"))
            .await;
        assert!(!answer.contains("evil.example"), "{answer}");
    }
}

#[tokio::test]
async fn attack_h08_no_origin_is_allowed_that_was_not_named() {
    let ask = async |server: &Server, method: reqwest::Method, origin: &str| {
        let request = server.client.request(method, server.url("/graphql?query=%7Ba%7D")).header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        Seen::of(request.header("access-control-request-headers", "authorization")).await
    };
    let named = CorsPolicy::Origins(vec!["https://shop.example".into(), "null".into(), "*".into()]);
    for policy in [CorsPolicy::None, CorsPolicy::Localhost, named] {
        let server = Server::with(EdgeConfig { cors: policy.clone(), ..EdgeConfig::default() }).await;
        for method in [reqwest::Method::OPTIONS, reqwest::Method::GET] {
            for origin in ["https://evil.example", "null", "*", "https://shop.example.evil.example"] {
                let seen = ask(&server, method.clone(), origin).await;
                assert!(!seen.headers.contains_key("access-control-allow-origin"), "{policy:?} {origin}");
                assert!(!seen.headers.contains_key("access-control-allow-credentials"));
            }
            let good = match &policy {
                CorsPolicy::None => continue,
                CorsPolicy::Localhost => "http://localhost:5173",
                CorsPolicy::Origins(_) => "https://shop.example",
            };
            let seen = ask(&server, method, good).await;
            assert_eq!(seen.header("access-control-allow-origin"), good);
            assert!(!seen.headers.contains_key("access-control-allow-credentials"));
            let varies: Vec<_> = seen.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok()).collect();
            assert!(varies.join(",").to_lowercase().contains("origin"), "{varies:?}");
        }
    }
}

#[tokio::test]
async fn attack_h09_nul_and_lone_surrogates_are_refused() {
    let server = Server::start().await;
    for body in [
        r#"{"query":"{ a }","variables":{"x":"a\u0000b"}}"#,
        r#"{"query":"{ a \u0000 }"}"#,
        r#"{"query":"{ a }","variables":{"x":"\ud800"}}"#,
        r#"{"query":"{ a }","variables":{"\udc00":1}}"#,
    ] {
        assert_eq!(server.post_text(body).await.refused(), bad_request(), "{body}");
    }
    assert_eq!(server.get("/graphql?query=%00").await.refused(), bad_request());
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn attack_g13_deep_and_wide_variables() {
    let server = Server::start().await;
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let value = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let seen = server.post_text(format!(r#"{{"query":"{{ a }}","variables":{{"x":{value}}}}}"#)).await;
        assert_eq!(seen.refused(), bad_request());
    }
    let keys: Vec<String> = (0..100_000).map(|key| format!(r#""k{key}":1"#)).collect();
    let body = format!(r#"{{"query":"{{ a }}","variables":{{{}}}}}"#, keys.join(","));
    assert_eq!(server.post_text(body).await.refused(), (413, "PAYLOAD_TOO_LARGE".to_owned()));
    assert_eq!(server.calls(), 0);
    let many = vec!["0"; 50_000].join(",");
    let seen = server.post_text(format!(r#"{{"query":"{{ a }}","variables":{{"x":[{many}]}}}}"#)).await;
    assert_eq!(seen.refused(), bad_request());
    assert_eq!(server.calls(), 0);
    let twelve = format!("{}1{}", "[".repeat(12), "]".repeat(12));
    let good = format!(r#"{{"query":"{{ a }}","variables":{{"x":{twelve}}}}}"#);
    assert_eq!(server.post_text(good).await.status, 200);
}

#[tokio::test]
async fn attack_g15_batches_are_not_run() {
    let server = Server::start().await;
    for count in [0, 1, 2, 1_000] {
        let body = format!(" \n[{}]", vec![r#"{"query":"{ a }"}"#; count].join(","));
        assert_eq!(server.post_text(body).await.refused(), (400, "BATCHING_NOT_SUPPORTED".to_owned()));
    }
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn attack_g22_nothing_of_a_request_is_repeated() {
    let server = Server::start().await;
    let secret = "hunter2".repeat(7_000);
    for body in [
        format!(r#"{{"query":"mutation {{ signIn(password: \"{secret}\" "#),
        format!(r#"{{"{secret}":1,"{secret}":1}}"#),
        format!(r#"{{"query":{{"{secret}":1}}}}"#),
    ] {
        let seen = server.post_text(body).await;
        assert_eq!(seen.status, 400);
        assert!(seen.text.len() < 2_048 && !seen.text.contains("hunter2"));
    }
    let shown = format!("{:?}", {
        server.post(json!({ "query": "{ hunter2 }", "variables": { "p": "hunter2" } })).await;
        let calls = server.stub.calls.lock().unwrap();
        calls[0].clone()
    });
    assert!(!shown.contains("hunter2"), "{shown}");
}
