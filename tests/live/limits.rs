//! How much one may ask for, over every transport.

use std::time::Duration;

use tokio_tungstenite::tungstenite::Message;

use super::*;

/// Documents of the attacks on parsers and engines, and on the root of a subscription.
fn hostile() -> Vec<String> {
    let aliases: String = (0..101).map(|number| format!("a{number}: sequence ")).collect();
    let fan: String =
        (0..24).map(|n| format!("fragment F{n} on ProductEvent {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
    let operations: String =
        (0..1_000).map(|number| format!("subscription S{number} {{ productChanged {{ topic }} }} ")).collect();
    vec![
        format!("subscription {{ productChanged {{ {aliases} }} }}"),
        format!("subscription {{ productChanged {{ {} }} }}", "topic ".repeat(1_000)),
        format!("subscription {{ productChanged {{ topic {} }} }}", "@skip(if: false)".repeat(1_000)),
        format!("subscription {{ productChanged {{ ...F0 }} }} {fan} fragment F24 on ProductEvent {{ topic }}"),
        "subscription { productChanged { ...A } } fragment A on ProductEvent { ...B } fragment B on ProductEvent { ...A }".to_owned(),
        format!("subscription {{ productChanged(ids: {}\"a\"{}) {{ topic }} }}", "[".repeat(3_000), "]".repeat(3_000)),
        format!("subscription($a: {}Int{}) {{ productChanged {{ topic }} }}", "[".repeat(2_000), "]".repeat(2_000)),
        format!("subscription {{ productChanged {{ {}topic{} }} }}", "product { ".repeat(50), " }".repeat(50)),
        operations,
        "subscription { productChanged(ids: \"\"\"x".to_owned(),
        "subscription { productChanged { nothing } }".to_owned(),
        "subscription { productChanged { __proto__: topic } }".to_owned(),
        "subscription { __schema { types { fields { type { fields { type { name } } } } } } }".to_owned(),
        "subscription { __typename }".to_owned(),
        "subscription { productChanged { topic } priceChanged { topic } }".to_owned(),
        "subscription { a: productChanged { topic } b: productChanged { topic } }".to_owned(),
        "subscription { productChanged { topic } __typename }".to_owned(),
        "subscription { productChanged @skip(if: true) { topic } }".to_owned(),
        "subscription { ... @include(if: false) { productChanged { topic } } }".to_owned(),
        "subscription { ... on Query { productChanged { topic } } }".to_owned(),
        "subscription { productChanged(topics: [CREATED]) { topic } ... on Subscription { productChanged { topic } } }".to_owned(),
        format!("query {{ {} }}", (0..101).map(|number| format!("a{number}: viewer {{ user {{ id }} }} ")).collect::<String>()),
    ]
}

both! {
    async fn attack_g23_every_transport_has_the_same_guard(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut socket = owner.socket().await;
        for document in hostile() {
            let shown = &document[..document.len().min(80)];
            socket.subscribe("1", &document, json!({})).await;
            let over_socket = socket.next().await;
            assert_eq!(over_socket["type"], "error", "{shown}: {over_socket}");
            let errors = &over_socket["payload"];
            assert!(errors.as_array().is_some_and(|errors| (1..=5).contains(&errors.len())), "{shown}: {errors}");
            assert!(errors.to_string().len() < 2_000, "{shown}: {errors}");
            let over_stream = owner.listen(&document, json!({})).await.ended().await;
            let over_http = owner.query(&document, json!({})).await;
            assert_eq!((code(errors), code(errors)), (&*over_stream, over_http.code()), "{shown}");
            assert!(["QUERY_TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT"].contains(&code(errors)), "{shown}: {errors}");
        }
        until_heard_by(&shop, 0).await;
        socket.subscribe("1", PRODUCTS, json!({})).await;
        until_heard_by(&shop, 1).await;
    }

    async fn attack_g26_operations_of_a_socket_are_counted(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut socket = owner.socket().await;
        for number in 0..11 {
            socket.subscribe(&number.to_string(), PRODUCTS, json!({})).await;
        }
        let message = socket.next().await;
        assert_eq!((&message["id"], &message["type"]), (&json!("10"), &json!("error")));
        assert_eq!(code(&message["payload"]), "TOO_MANY_SUBSCRIPTIONS");
        until_heard_by(&shop, 10).await;
        socket.send(json!({ "type": "complete", "id": "3" })).await;
        until_heard_by(&shop, 9).await;
        socket.subscribe("10", PRODUCTS, json!({})).await;
        until_heard_by(&shop, 10).await;
        shop.product(&owner, json!({})).await;
        let mut heard = Vec::new();
        for _ in 0..10 {
            heard.push(socket.next().await["id"].as_str().expect("an id").to_owned());
        }
        heard.sort();
        assert_eq!(heard, ["0", "1", "10", "2", "4", "5", "6", "7", "8", "9"]);
    }

    async fn attack_g26_topics_are_counted(db: Database) {
        let shop = Shop::open(db).await;
        let ids: Vec<String> = (0..1_000).map(|_| shop.id::<rules::ids::ProductId>().to_string()).collect();
        let document = "subscription($ids: [ID!]!) { publishedProductChanged(ids: $ids) { productId } }";
        assert_eq!(shop.anonymous().listen(document, json!({ "ids": ids })).await.ended().await, "BAD_USER_INPUT");
        shop.anonymous().listen(document, json!({ "ids": ids[..250] })).await;
    }

    async fn attack_g26_connections_of_one_caller_are_counted(db: Database) {
        let shop = Shop::open_with(db, |config| config.edge.live.connections_of_one = 3).await;
        let (owner, staff) = (shop.owner(), shop.powerless().await);
        let (mut held, mut events) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            held.push(owner.socket().await);
        }
        events.push(owner.listen(PRODUCTS, json!({})).await);
        // Another session of the same person is the same caller.
        let again = shop.again(&owner).await;
        let refused = again.stream(PRODUCTS, json!({})).await.err().expect("no stream");
        assert_eq!((refused.status, refused.code()), (429, "TOO_MANY_SUBSCRIPTIONS"));
        let mut socket = again.handshake(|_| {}).await.unwrap_or_else(|status| panic!("refused: {status}"));
        socket.send(again.init()).await;
        assert_eq!(socket.closed().await.0, 1013);
        // Others are not kept out by it.
        held.push(staff.socket().await);
        // Who says nothing counts by the address, until they say who they are.
        for _ in 0..3 {
            held.push(owner.handshake(|_| {}).await.unwrap_or_else(|status| panic!("refused: {status}")));
        }
        assert_eq!(owner.handshake(|_| {}).await.err(), Some(429));
        drop(events);
        until(async || match again.stream(PRODUCTS, json!({})).await {
            Ok(stream) => { drop(stream); true }
            Err(_) => false,
        }).await;
    }

    async fn attack_g26_connections_of_a_node_are_counted(db: Database) {
        let shop = Shop::open_with(db, |config| config.edge.live.connections = 2).await;
        let owner = shop.owner();
        let socket = owner.socket().await;
        let stream = owner.listen(PRODUCTS, json!({})).await;
        assert_eq!(owner.handshake(|_| {}).await.err(), Some(503));
        let refused = owner.stream(PRODUCTS, json!({})).await.err().expect("no stream");
        assert_eq!((refused.status, refused.code()), (503, "UNAVAILABLE"));
        assert_eq!(refused.headers.get("retry-after").map(|value| value.as_bytes()), Some(&b"1"[..]));
        assert!(owner.query("{ brands { totalCount } }", json!({})).await.is_ok(), "requests go on");
        drop((socket, stream));
        until(async || owner.handshake(|_| {}).await.is_ok()).await;
    }

    async fn fault_f17_who_begins_to_listen_holds_no_connection(db: Database) {
        let shop = Shop::open_with(db, |config| config.database.pool_size = 1).await;
        let owner = shop.owner();
        let mut events = owner.listen(PRODUCTS, json!({})).await;
        shop.product(&owner, json!({})).await;
        assert_eq!(events.data().await["productChanged"]["topic"], "CREATED");
    }

    async fn what_events_cost_is_spent(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.throttle.token = stoa::gate::throttle::Allowance { maximum: 20, restore: 1 };
        })
        .await;
        let token = shop.token([rules::permission::Permission::ProductsRead]).await;
        let mut events = token.listen(PRODUCTS, json!({})).await;
        let mut told = 0;
        let end = loop {
            shop.product(&shop.owner(), json!({})).await;
            let event = events.next().await.expect("an event, or why there is none");
            match event.get("errors") {
                None => told += 1,
                Some(errors) => break code(errors).to_owned(),
            }
            assert!(told <= 20, "each costs something");
        };
        assert!(told > 1, "there was something to spend");
        assert_eq!(end, "THROTTLED");
        assert_eq!(events.next().await, None);
    }

    async fn attack_g26_a_client_that_does_not_read_is_cut(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.edge.live.connections = 1;
            config.edge.write_stall_timeout = Duration::from_millis(200);
        })
        .await;
        let owner = shop.owner();
        let mut socket = owner.socket().await;
        // Each is answered, and the answers are left unread, until the server can't write any more.
        let ping = json!({ "type": "ping", "payload": { "x": "x".repeat(200_000) } }).to_string();
        let flood = tokio::spawn(async move {
            loop {
                socket.send_raw(Message::text(ping.clone())).await;
                tokio::task::yield_now().await;
            }
        });
        until(async || owner.handshake(|_| {}).await.is_ok()).await;
        flood.abort();
    }
}
