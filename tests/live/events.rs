//! What is told of products, prices and stock: when, in which order, in which shape.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::*;

both! {
    async fn a_merchant_hears_what_happens_to_products(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut events = owner.listen(PRODUCTS, json!({})).await;
        let product = shop.product(&owner, json!({ "title": "Oak table" })).await.id;
        retitle(&owner, &product, "Elm table").await.ok();
        let unpublish = "mutation($id: ID!) { productUnpublish(id: $id) { userErrors { message } } }";
        owner.query(unpublish, json!({ "id": product })).await.ok();
        let delete = "mutation($id: ID!) { productDelete(id: $id) { userErrors { message } } }";
        owner.query(delete, json!({ "id": product })).await.ok();
        for (sequence, topic) in ["CREATED", "UPDATED", "UNPUBLISHED", "DELETED"].into_iter().enumerate() {
            let event = events.data().await["productChanged"].take();
            assert_eq!((&event["topic"], &event["productId"]), (&json!(topic), &json!(product)));
            assert_eq!(event["sequence"], sequence + 1);
        }
    }

    async fn the_live_thing_is_as_it_is_when_its_event_is_told(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let product = shop.product(&owner, json!({ "title": "Oak table" })).await.id;
        let mut events = owner.listen(PRODUCTS, json!({})).await;
        retitle(&owner, &product, "Elm table").await.ok();
        assert_eq!(events.data().await["productChanged"]["product"]["title"], "Elm table");
        let delete = "mutation($id: ID!) { productDelete(id: $id) { userErrors { message } } }";
        owner.query(delete, json!({ "id": product })).await.ok();
        assert_eq!(events.data().await["productChanged"]["product"], Value::Null);
    }

    async fn nothing_is_told_of_what_was_not_committed(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let product = shop.product(&owner, json!({})).await.id;
        let mut events = owner.listen(PRODUCTS, json!({})).await;
        assert!(!retitle(&owner, &product, "").await.is_ok(), "a title is needed");
        retitle(&owner, &product, "Elm table").await.ok();
        let event = events.data().await;
        assert_eq!((&event["productChanged"]["sequence"], &event["productChanged"]["topic"]), (&json!(2), &json!("UPDATED")));
    }

    async fn one_hears_what_one_asked_for(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (oak, elm) = (shop.product(&owner, json!({})).await.id, shop.product(&owner, json!({})).await.id);
        let document = "subscription($ids: [ID!], $topics: [ProductTopic!]) { productChanged(ids: $ids, topics: $topics) { topic productId } }";
        let mut of_oak = owner.listen(document, json!({ "ids": [oak] })).await;
        let mut deletions = owner.listen(document, json!({ "topics": ["DELETED"] })).await;
        for product in [&elm, &oak] {
            retitle(&owner, product, "Elm table").await.ok();
            let delete = "mutation($id: ID!) { productDelete(id: $id) { userErrors { message } } }";
            owner.query(delete, json!({ "id": product })).await.ok();
        }
        for topic in ["UPDATED", "DELETED"] {
            assert_eq!(of_oak.data().await["productChanged"], json!({ "topic": topic, "productId": oak }));
        }
        for product in [&elm, &oak] {
            assert_eq!(deletions.data().await["productChanged"], json!({ "topic": "DELETED", "productId": product }));
        }
        let none = owner.listen(document, json!({ "ids": [] })).await.ended().await;
        assert_eq!(none, "BAD_USER_INPUT");
    }

    async fn prices_and_stock_are_told(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = crate::pricing::Stock::of_linden(&shop, 1).await;
        let prices = "subscription($ids: [ID!]) { priceChanged(productIds: $ids) { topic productId product { prices { amount { amount } } } } }";
        let stock = "subscription($ids: [ID!]) { inventoryChanged(variantIds: $ids) { \
            topic variantId onHand delta sequence location { id } variant { id } inventoryItem { onHand } } }";
        let mut prices = owner.listen(prices, json!({ "ids": [mug.product] })).await;
        let mut stock = owner.listen(stock, json!({ "ids": [mug.variants[0]] })).await;
        mug.set(&owner, json!([{ "currency": "EUR", "amount": "5" }])).await.ok();
        let event = prices.data().await["priceChanged"].take();
        assert_eq!((&event["topic"], &event["productId"]), (&json!("SET"), &json!(mug.product)));
        assert_eq!(event["product"]["prices"], json!([{ "amount": { "amount": "5.00" } }]));
        shop.stock(&owner, &mug.variants[0], 7).await;
        let event = stock.data().await["inventoryChanged"].take();
        assert_eq!((&event["topic"], &event["variantId"]), (&json!("SET"), &json!(mug.variants[0])));
        assert_eq!((&event["onHand"], &event["delta"], &event["variant"]["id"]), (&json!(7), &json!(7), &json!(mug.variants[0])));
        assert_eq!(event["inventoryItem"]["onHand"], 7);
        assert!(event["location"]["id"].is_string(), "{event}");
    }

    async fn an_event_is_written_as_an_answer_is(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let document = "subscription Told { ...Root } \
            fragment Root on Subscription { z: productChanged { ...Rest b: sequence } z: productChanged { a: product { id } } } \
            fragment Rest on ProductEvent { product { t: title __typename } topic }";
        let mut events = owner.listen(document, json!({})).await;
        let product = shop.product(&owner, json!({ "title": "Oak" })).await.id;
        let event = events.text().await.expect("an event");
        let expected = format!(
            "{{\"z\":{{\"product\":{{\"t\":\"Oak\",\"__typename\":\"Product\"}},\"topic\":\"CREATED\",\"b\":1,\
             \"a\":{{\"id\":\"{product}\"}}}}}}"
        );
        assert!(event.starts_with(&format!("{{\"data\":{expected},")), "in this order: {event}");
        // An event is spent like an answer, and tells it.
        let event: Value = serde_json::from_str(&event).expect("JSON");
        let cost = &event["extensions"]["cost"];
        assert!(cost["requested"].is_number() && cost["throttle"]["available"].is_number(), "{event}");
    }

    async fn many_writers_at_once_are_told_once_each_and_in_order(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut products = Vec::new();
        for _ in 0..3 {
            products.push(shop.product(&owner, json!({})).await.id);
        }
        let mut events = owner.listen(PRODUCTS, json!({})).await;
        let writers = (0..30).map(|number| {
            let (owner, product) = (owner.clone(), products[number % 3].clone());
            async move { retitle(&owner, &product, &format!("Title {number}")).await }
        });
        let written = join_all(writers).await.iter().filter(|answer| answer.is_ok()).count();
        assert!(written > 0);
        let mut last: BTreeMap<String, i64> = BTreeMap::new();
        for _ in 0..written {
            let event = events.data().await["productChanged"].take();
            let sequence = event["sequence"].as_i64().expect("a number");
            let before = last.insert(event["productId"].to_string(), sequence).unwrap_or(1);
            assert_eq!(sequence, before + 1, "{event}");
        }
    }

    async fn who_lags_behind_is_told_so(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut events = owner.listen(PRODUCTS, json!({})).await;
        shop.node.system.signals.hear_missed();
        shop.product(&owner, json!({ "title": "Oak" })).await;
        // What could have been overlooked is read again: nothing is lost, and nothing comes twice.
        assert_eq!(events.data().await["productChanged"]["product"]["title"], "Oak");
        shop.node.system.signals.hear_missed();
        shop.product(&owner, json!({ "title": "Elm" })).await;
        assert_eq!(events.data().await["productChanged"]["product"]["title"], "Elm");
        // More than can be read again ends it.
        let (store, now) = (shop.literal(shop.linden.store()), shop.writer().now);
        let rows: Vec<String> = (0..2_001)
            .map(|number| {
                let id = shop.literal(shop.id::<rules::ids::DomainEventId>());
                format!("({store}, {id}, 'tale.told', 'tale', 'tale_{number}', 1, '{{}}', 'SYSTEM', 'test', '{}')", now.format("%Y-%m-%d %H:%M:%S+00:00"))
            })
            .collect();
        for part in rows.chunks(500) {
            let columns = "store_id, id, topic, aggregate_type, aggregate_id, sequence, payload, actor, request_id, occurred_at";
            shop.execute(&format!("INSERT INTO domain_events ({columns}) VALUES {}", part.join(", "))).await;
        }
        shop.node.system.signals.hear_missed();
        assert_eq!(events.ended().await, "EVENTS_MISSED");
        until_heard_by(&shop, 0).await;
    }
}
