//! Clients that hang, vanish or stay too long, and the end of the server itself.

use serde_json::json;

use super::*;

/// No live connections, and so no places for them.
fn none() -> LiveLimits {
    LiveLimits { connections: 0, ..LiveLimits::default() }
}

const POST: &str = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

#[tokio::test]
async fn attack_h06_silent_and_slow_heads_are_closed() {
    let server = Server::with(impatient()).await;
    assert_eq!(server.raw("").await, "");
    let mut slow = server.connect().await;
    for part in ["GET /heal", "thz HTTP/1.1\r\n", "Host: a\r\n", "X-A: 1\r\n", "X-B: 1\r\n"] {
        slow.send(part).await;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    assert!(!slow.until_closed().await.contains(" 200 "));
    server.assert_alive().await;
}

#[tokio::test]
async fn attack_h06_idle_connections_are_closed() {
    let server = Server::with(impatient()).await;
    let answer = server.raw("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn attack_h06_slow_bodies_are_closed() {
    let server = Server::with(impatient()).await;
    let mut raw = server.connect().await;
    raw.send(format!("{POST}Content-Length: 100\r\n\r\n")).await;
    for _ in 0..6 {
        raw.send(" ").await;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    let answer = raw.until_closed().await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn attack_h06_unread_answers_are_dropped() {
    let server = Server::with(EdgeConfig { connections: 1, live: none(), ..impatient() }).await;
    let body = r#"{"query":"huge"}"#;
    let mut lazy = server.connect().await;
    lazy.send(format!("{POST}Content-Length: {}\r\n\r\n{body}", body.len())).await;
    within(server.stub.begun.notified()).await;
    // The only slot comes free although the client reads nothing and keeps its end open.
    server.assert_alive().await;
    drop(lazy);
}

#[tokio::test]
async fn attack_h06_the_work_of_a_client_that_went_away_is_dropped() {
    let server = Server::start().await;
    let body = r#"{"query":"never"}"#;
    let mut raw = server.connect().await;
    raw.send(format!("{POST}Content-Length: {}\r\n\r\n{body}", body.len())).await;
    within(server.stub.begun.notified()).await;
    assert_eq!(server.stub.dropped.load(Ordering::SeqCst), 0);
    drop(raw);
    server.operation_dropped().await;
}

#[tokio::test]
async fn attack_h06_connections_over_the_cap_wait_their_turn() {
    let server = Server::with(EdgeConfig { connections: 4, live: none(), ..impatient() }).await;
    let mut idle = Vec::new();
    for _ in 0..12 {
        idle.push(server.connect().await);
    }
    server.assert_alive().await;
    for mut connection in idle {
        assert_eq!(connection.until_closed().await, "");
    }
}

#[tokio::test]
async fn attack_h11_http_2_is_not_spoken() {
    let server = Server::with(impatient()).await;
    let answer = server.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test]
async fn fault_running_requests_end_before_the_server_does() {
    let server = Server::start().await;
    let mut idle = server.connect().await;
    idle.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let running = server.post(json!({ "query": "slow" }));
    let stop = async {
        within(server.stub.begun.notified()).await;
        server.shutdown.cancel();
    };
    let (seen, ()) = tokio::join!(running, stop);
    assert_eq!(seen.status, 200);
    assert!(idle.until_closed().await.starts_with("HTTP/1.1 200 "));
    let Server { running, address, .. } = server;
    assert_eq!(within(running).await.unwrap(), Stopped::Drained);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn fault_requests_past_the_deadline_are_cut() {
    let server = Server::with(EdgeConfig { operation_timeout: Duration::from_secs(60), ..impatient() }).await;
    let body = r#"{"query":"never"}"#;
    let mut raw = server.connect().await;
    raw.send(format!("{POST}Content-Length: {}\r\n\r\n{body}", body.len())).await;
    within(server.stub.begun.notified()).await;
    server.shutdown.cancel();
    assert_eq!(raw.until_closed().await, "");
    server.operation_dropped().await;
    assert_eq!(within(server.running).await.unwrap(), Stopped::Cut(1));
}

#[tokio::test]
async fn fault_readiness_turns_before_the_door_closes() {
    let server = Server::with(EdgeConfig { drain_delay: Duration::from_secs(2), ..impatient() }).await;
    assert_eq!(server.get("/readyz").await.status, 200);
    server.shutdown.cancel();
    within(async {
        while server.get("/readyz").await.status != 503 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert_eq!(server.post(json!({ "query": "{ a }" })).await.status, 200);
}
