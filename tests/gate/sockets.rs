//! Stories of clients that hold sockets and mean no good.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Shop, json};

const HEAD: &str = "POST /graphql HTTP/1.1\r\nHost: linden.example\r\nContent-Type: application/json\r\n";

/// How many sockets of each kind.
const EACH: usize = 30;

/// What each kind of socket says before it says nothing more.
fn openings() -> Vec<(&'static str, Vec<u8>)> {
    let query = r#"{"query":"{ brands { totalCount } }"}"#;
    vec![
        ("silent", Vec::new()),
        ("half a head", HEAD.as_bytes().to_vec()),
        ("half a body", format!("{HEAD}Content-Length: 100\r\n\r\n{{\"query\":").into_bytes()),
        ("half a chunk", format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n40\r\n{{\"query\":").into_bytes()),
        ("idle after an answer", format!("{HEAD}Content-Length: {}\r\n\r\n{query}", query.len()).into_bytes()),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
    ]
}

both! {
    async fn promise_p21_sockets_that_are_held_are_closed_and_others_are_served_meanwhile(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.edge.head_timeout = Duration::from_millis(1_500);
            config.edge.body_timeout = Duration::from_millis(1_500);
            config.edge.operation_timeout = Duration::from_secs(60);
            config.database.acquire_timeout = Duration::from_secs(30);
        })
        .await;
        shop.brand("Oak").await;
        let address = shop.url().trim_start_matches("http://").to_owned();
        let mut held = Vec::new();
        for _ in 0..EACH {
            for (kind, opening) in openings() {
                let mut socket = TcpStream::connect(&address).await.expect("a socket");
                // One that was closed at once refuses what is written.
                let _ = socket.write_all(&opening).await;
                held.push((kind, socket));
            }
        }
        let visitor = shop.anonymous();
        let asked = (0..40).map(|_| visitor.query("{ brands { nodes { name } } }", json!({})));
        for answer in futures::future::join_all(asked).await {
            assert_eq!(answer.ok().texts("brands.nodes", "name"), ["Oak"]);
        }
        // The server closes each of them, although none of them closes its own end.
        let closed = held.into_iter().map(|(kind, mut socket)| async move {
            let mut answer = Vec::new();
            let _ = socket.read_to_end(&mut answer).await;
            (kind, String::from_utf8_lossy(&answer).into_owned())
        });
        for (kind, answer) in futures::future::join_all(closed).await {
            let served = answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"totalCount\":1");
            assert_eq!(served, kind == "idle after an answer", "{kind}: {answer}");
        }
        // None of them holds a connection to the database.
        while shop.node.system.db.pool_size().0 > 0 {
            tokio::task::yield_now().await;
        }
        visitor.query("{ brands { totalCount } }", json!({})).await.ok();
    }
}
