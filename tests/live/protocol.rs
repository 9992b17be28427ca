//! The two protocols: what they take, what they answer, and how they end.

use std::time::Duration;

use stoa::http::CorsPolicy;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::http::{HeaderMap, HeaderValue};

use super::*;

async fn code_after(actor: &Actor, messages: &[Value]) -> u16 {
    let mut socket = actor.handshake(|_| {}).await.unwrap_or_else(|status| panic!("refused: {status}"));
    for message in messages {
        socket.send(message.clone()).await;
    }
    socket.closed().await.0
}

fn subscribe(id: &str) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": PRODUCTS } })
}

both! {
    async fn attack_h10_a_page_of_a_foreign_origin_gets_no_socket(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.edge.cors = CorsPolicy::Origins(vec!["https://shop.example".to_owned()]);
        })
        .await;
        let own = shop.url();
        let owner = shop.owner();
        let from = async |origins: &[&str]| {
            let set = |headers: &mut HeaderMap| {
                for origin in origins {
                    headers.append("origin", HeaderValue::from_str(origin).expect("an origin"));
                }
            };
            owner.handshake(|request| set(request.headers_mut())).await.map(drop)
        };
        for foreign in [&["https://evil.example"][..], &["null"], &["http://localhost"], &["https://shop.example", &own]] {
            assert_eq!(from(foreign).await, Err(403), "{foreign:?}");
        }
        for good in [&[][..], &["https://shop.example"], &[&own]] {
            assert_eq!(from(good).await, Ok(()), "{good:?}");
        }
    }

    async fn attack_h10_the_protocol_must_be_named(db: Database) {
        let shop = Shop::open(db).await;
        let with = async |protocol: Option<&'static str>| {
            let change = |headers: &mut HeaderMap| {
                headers.remove("sec-websocket-protocol");
                if let Some(protocol) = protocol {
                    headers.insert("sec-websocket-protocol", HeaderValue::from_static(protocol));
                }
            };
            shop.owner().handshake(|request| change(request.headers_mut())).await.map(drop)
        };
        assert_eq!(with(None).await, Err(400));
        assert_eq!(with(Some("graphql-ws")).await, Err(400));
        assert_eq!(with(Some("graphql-ws, graphql-transport-ws")).await, Ok(()));
    }

    async fn attack_h10_who_breaks_the_protocol_is_closed_with_its_code(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let init = owner.init();
        let bad_token = owner.clone().with_secret("stoa_at_nobody").init();
        let long = json!({ "type": "ping", "payload": { "x": "x".repeat(5 << 20) } });
        for (expected, messages) in [
            (4401, vec![subscribe("1")]),
            (4429, vec![init.clone(), init.clone()]),
            (4409, vec![init.clone(), subscribe("1"), subscribe("1")]),
            (4403, vec![bad_token]),
            (4403, vec![owner.clone().in_store("nowhere").init()]),
            (4400, vec![json!({ "type": "start" })]),
            (4400, vec![json!({ "type": "connection_init", "payload": { "X-Store": 1 } })]),
            (4400, vec![init.clone(), json!({ "type": "subscribe", "id": "1", "payload": { "query": 1 } })]),
            (1009, vec![long.clone()]),
            (1009, vec![init.clone(), long]),
        ] {
            assert_eq!(code_after(&owner, &messages).await, expected, "{}", messages[0].to_string().len());
        }
        for (expected, message) in [
            (1003, Message::binary(b"{}".to_vec())),
            (4400, Message::text("{")),
            (4400, Message::text(format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000)))),
        ] {
            let mut socket = owner.socket().await;
            socket.send_raw(message).await;
            assert_eq!(socket.closed().await.0, expected);
        }
        until_heard_by(&shop, 0).await;
    }

    async fn attack_h10_who_stays_silent_is_closed(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.edge.live.init_timeout = Duration::from_millis(100);
            config.edge.live.idle_timeout = Duration::from_millis(300);
        })
        .await;
        let owner = shop.owner();
        assert_eq!(code_after(&owner, &[]).await, 4408);
        assert_eq!(owner.socket().await.closed().await.0, 1000, "nothing runs");
        // What runs keeps its socket.
        let mut socket = owner.socket().await;
        socket.subscribe("1", PRODUCTS, json!({})).await;
        until_heard_by(&shop, 1).await;
        assert_eq!(code_after(&owner, &[]).await, 4408);
        assert_eq!(owner.socket().await.closed().await.0, 1000);
        shop.product(&owner, json!({})).await;
        assert_eq!(socket.next().await["type"], "next");
        socket.send(json!({ "type": "complete", "id": "1" })).await;
        assert_eq!(socket.closed().await.0, 1000);
    }

    async fn pings_are_answered_and_who_answers_none_is_cut(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.edge.live.keep_alive = Duration::from_millis(100);
            config.edge.live.connections = 1;
        })
        .await;
        let owner = shop.owner();
        let mut socket = owner.socket().await;
        socket.send(json!({ "type": "ping", "payload": { "at": 1 } })).await;
        assert_eq!(socket.next().await, json!({ "type": "pong", "payload": { "at": 1 } }));
        socket.send(json!({ "type": "pong" })).await;
        socket.send(json!({ "type": "ping" })).await;
        assert_eq!(socket.next().await, json!({ "type": "pong" }));
        // Nobody reads it any more, and so nobody answers: its seat comes free.
        until(async || owner.handshake(|_| {}).await.is_ok()).await;
        drop(socket);
    }

    async fn queries_and_mutations_give_over_a_socket_what_they_give_over_http(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.ledger().await;
        let create = "mutation($name: String!) { brandCreate(input: { name: $name }) { brand { name slug } userErrors { code field } } }";
        let mut socket = owner.socket().await;
        socket.subscribe("a", create, json!({ "name": "Oak" })).await;
        let answer = socket.next().await;
        assert_eq!((&answer["id"], &answer["type"]), (&json!("a"), &json!("next")));
        assert_eq!(socket.next().await, json!({ "id": "a", "type": "complete" }));
        assert_eq!(answer["payload"]["data"]["brandCreate"]["brand"], json!({ "name": "Oak", "slug": "oak" }));
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit.len(), told.events.len()), (1, 1), "{told:?}");

        for (document, variables) in [
            (create, json!({ "name": "" })),
            ("{ __typename b: brands { nodes { slug } a: totalCount } }", json!({})),
            ("{ viewer { user { email } } nobody: node(id: \"brand_01jd3k8m1vf6x9c2n5r7t0w4ya\") { id } }", json!({})),
        ] {
            socket.subscribe("b", document, variables.clone()).await;
            let over_socket = socket.next().await["payload"].take();
            assert_eq!(socket.next().await["type"], "complete");
            assert!(over_socket["extensions"]["cost"]["requested"].is_number(), "{over_socket}");
            let over_http = owner.query(document, variables).await;
            assert_eq!(over_socket["data"], over_http.body["data"], "{document}");
            assert_eq!(without_ids(over_socket["errors"].clone()), over_http.refusal().1, "{document}");
        }
        // What is wrong as a whole is an error that ends the operation, in the same words.
        for document in ["{", "{ nothing }", "query A { viewer { user { id } } } query B { viewer { user { id } } }"] {
            socket.subscribe("c", document, json!({})).await;
            let error = socket.next().await;
            assert_eq!(error["type"], "error", "{error}");
            let over_http = owner.query(document, json!({})).await;
            assert_eq!(without_ids(error["payload"].clone()), over_http.refusal().1, "{document}");
        }
    }

    async fn an_event_stream_carries_one_operation_of_any_kind(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let query = "{ brands { totalCount } }";
        let mut stream = owner.listen(query, json!({})).await;
        assert_eq!(stream.header("cache-control"), "no-store");
        assert_eq!(stream.header("content-encoding"), "");
        assert_eq!(stream.data().await, json!({ "brands": { "totalCount": 0 } }));
        assert_eq!(stream.next().await, None);
        // Errors of the operation are events; those of the request are not.
        assert_eq!(owner.listen("{ nothing }", json!({})).await.ended().await, "GRAPHQL_VALIDATION_FAILED");
        let refused = owner.clone().with_secret("stoa_at_nobody").stream(query, json!({})).await.err().expect("no stream");
        assert_eq!((refused.status, refused.code()), (401, "UNAUTHENTICATED"));
        // By GET as browsers do it; a mutation never.
        let get = async |query: &str| {
            let url = reqwest::Url::parse_with_params(&format!("{}/graphql", shop.url()), [("query", query)]).expect("an address");
            let request = shop.client().get(url).header("x-store", "linden").header("accept", "text/event-stream");
            let response = request.send().await.expect("an answer");
            (response.status().as_u16(), response)
        };
        assert_eq!(get("mutation { signOut { userErrors { code } } }").await.0, 405);
        let (status, mut response) = get("subscription { publishedProductChanged(ids: [\"product_01jd3k8m1vf6x9c2n5r7t0w4ya\"]) { productId } }").await;
        assert_eq!(status, 200);
        assert_eq!(response.chunk().await.expect("a chunk").as_deref(), Some(&b":\n\n"[..]), "the stream is open");
        until_heard_by(&shop, 1).await;
        drop(response);
        until_heard_by(&shop, 0).await;
    }

    async fn who_can_hear_one_answer_only_is_told_how_to_subscribe(db: Database) {
        let shop = Shop::open(db).await;
        let answer = shop.owner().query(PRODUCTS, json!({})).await;
        assert_eq!((answer.status, answer.code()), (400, "GRAPHQL_VALIDATION_FAILED"), "{answer}");
        assert!(answer.message().contains("text/event-stream"), "{answer}");
        // Who can hear more, as some clients say with every request, gets the events.
        let accept = "application/graphql-response+json, application/json, text/event-stream";
        let request = shop.owner().request(json!({ "query": PRODUCTS })).header("accept", accept);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        let request = shop.owner().request(json!({ "query": "{ brands { totalCount } }" })).header("accept", accept);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "application/graphql-response+json; charset=utf-8");
    }

    async fn what_a_client_completes_is_over_and_its_id_is_free(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut socket = owner.socket().await;
        socket.subscribe("a", PRODUCTS, json!({})).await;
        socket.subscribe("b", PRODUCTS, json!({})).await;
        until_heard_by(&shop, 2).await;
        socket.send(json!({ "type": "complete", "id": "a" })).await;
        until_heard_by(&shop, 1).await;
        shop.product(&owner, json!({})).await;
        assert_eq!(socket.next().await["id"], "b");
        socket.subscribe("a", PRODUCTS, json!({})).await;
        until_heard_by(&shop, 2).await;
        shop.product(&owner, json!({})).await;
        let mut ids = [socket.next().await, socket.next().await].map(|message| message["id"].to_string());
        ids.sort();
        assert_eq!(ids, ["\"a\"", "\"b\""]);
        // A message to what is over already crosses on its way.
        socket.send(json!({ "type": "complete", "id": "never" })).await;
        drop(socket);
        until_heard_by(&shop, 0).await;
    }
}

/// Errors without what differs each time.
fn without_ids(mut errors: Value) -> Value {
    for error in errors.as_array_mut().into_iter().flatten() {
        if let Some(extensions) = error["extensions"].as_object_mut() {
            extensions.remove("requestId");
        }
    }
    errors
}
