//! A server that stops while many listen.

use std::time::Duration;

use super::*;

both! {
    async fn fault_f11_subscriptions_complete_when_the_server_stops(db: Database) {
        let mut shop = Shop::open_with(db, |config| {
            config.edge.live.connections_of_one = 300;
            config.edge.drain_deadline = Duration::from_secs(20);
        })
        .await;
        let owner = shop.owner();
        let (mut sockets, mut streams) = (Vec::new(), Vec::new());
        for _ in 0..180 {
            let mut socket = owner.socket().await;
            socket.subscribe("1", PRODUCTS, json!({})).await;
            sockets.push(socket);
        }
        for _ in 0..20 {
            streams.push(owner.listen(PRODUCTS, json!({})).await);
        }
        // One that nothing runs over, and one that has not said who it is.
        let mut idle = owner.socket().await;
        let mut silent = owner.handshake(|_| {}).await.unwrap_or_else(|status| panic!("refused: {status}"));
        until_heard_by(&shop, 200).await;
        let heard = tokio::spawn(async move {
            for socket in &mut sockets {
                assert_eq!(socket.next().await, json!({ "id": "1", "type": "complete" }));
                assert_eq!(socket.closed().await.0, 1001);
            }
            assert_eq!((idle.closed().await.0, silent.closed().await.0), (1001, 1001));
            for stream in &mut streams {
                assert_eq!(stream.next().await, None, "it is complete");
            }
        });
        // None of them is cut: what is left then would be.
        assert_eq!(shop.node.stop().await, stoa::http::Stopped::Drained);
        heard.await.expect("all were told");
    }

    async fn fault_f11_what_runs_over_a_socket_ends_before_it_is_closed(db: Database) {
        let mut shop = Shop::open_with(db, |config| config.edge.drain_deadline = Duration::from_secs(20)).await;
        let owner = shop.owner();
        let mut socket = owner.socket().await;
        socket.subscribe("s", PRODUCTS, json!({})).await;
        until_heard_by(&shop, 1).await;
        socket.subscribe("q", "mutation { brandCreate(input: { name: \"Oak\" }) { brand { name } } }", json!({})).await;
        let mut answers = [socket.next().await, socket.next().await];
        answers.sort_by_key(|answer| answer["type"].to_string());
        assert_eq!((&answers[1]["id"], &answers[1]["payload"]["data"]["brandCreate"]["brand"]["name"]), (&json!("q"), &json!("Oak")));
        let (stopped, end) = tokio::join!(shop.node.stop(), async {
            (socket.next().await, socket.closed().await.0)
        });
        assert_eq!(stopped, stoa::http::Stopped::Drained);
        assert_eq!(end, (json!({ "id": "s", "type": "complete" }), 1001));
    }

    async fn fault_f11_a_client_that_does_not_leave_is_cut_in_the_end(db: Database) {
        let mut shop = Shop::open_with(db, |config| {
            config.edge.drain_deadline = Duration::from_millis(100);
            config.edge.operation_timeout = Duration::from_secs(60);
        })
        .await;
        // A body that does not end would hold the server for ever.
        let mut stream = shop.owner().listen(PRODUCTS, json!({})).await;
        let mut socket = shop.owner().socket().await;
        socket.subscribe("1", PRODUCTS, json!({})).await;
        until_heard_by(&shop, 2).await;
        shop.node.stop().await;
        assert_eq!(stream.next().await, None);
        assert_eq!(socket.closed().await.0, 1001);
    }
}
