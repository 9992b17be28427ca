//! What is remembered, for whom, and until when.

use stoa::gate::schema_index::SchemaIndex;

use super::{Mug, PRODUCT, is_remembered, remember};
use crate::contract::documents;
use crate::harness::{Database, Shop, json};

both! {
    async fn every_field_that_may_be_shared_is_answered_from_memory_byte_for_byte(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let index = documents::index();
        let visitor = shop.anonymous();
        let mut shared = 0;
        for entry in documents::all() {
            if !is_shared(&index, entry.field) {
                continue;
            }
            shared += 1;
            let variables = (entry.variables)(&shop, &visitor).await;
            let document = entry.document(&index, &variables);
            let mut told = Vec::new();
            for sql in [false, true, true] {
                let body = json!({ "query": document, "variables": variables });
                let response = visitor.request(body).send().await.expect("an answer");
                let none = response.headers()["server-timing"] == "sql;desc=\"0 statements\"";
                assert_eq!(none, sql, "{}", entry.field);
                let text = response.text().await.expect("a body");
                let (answer, cost) = text.rsplit_once(",\"extensions\":").expect("what it cost");
                assert!(cost.starts_with("{\"cost\":"), "{cost}");
                told.push(answer.to_owned());
            }
            assert!(!told[0].contains("\"errors\"") && told.iter().all(|body| *body == told[0]), "{told:#?}");
        }
        assert!(shared >= 10, "only {shared} fields are shared");
    }

    async fn a_change_shows_at_once_on_the_node_that_made_it(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        for amount in ["6.00", "7.00", "8.00"] {
            remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
            mug.cost(&shop, amount).await;
            assert_eq!(mug.price(&shop.anonymous()).await, amount);
        }
    }

    async fn one_stores_change_leaves_the_others_memory_alone(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
        shop.brand_of_rival("Rival").await;
        assert!(is_remembered(&mug.ask(&shop.anonymous()).await));
        // The same organization, another store.
        let sister = shop.owner().in_store("linden-us");
        let document = "mutation { brandCreate(input: { name: \"Sister\" }) { brand { id } userErrors { message } } }";
        sister.query(document, json!({})).await.ok();
        assert!(is_remembered(&mug.ask(&shop.anonymous()).await));
        shop.brand("Own").await;
        assert!(!is_remembered(&mug.ask(&shop.anonymous()).await));
    }

    async fn attack_t25_whoever_shows_credentials_is_never_answered_from_memory(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let draft = shop.product(&shop.owner(), json!({ "status": "DRAFT" })).await;
        let hidden = json!({ "id": draft.id });
        remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
        remember(&shop.anonymous(), PRODUCT, &hidden).await;
        for caller in [shop.owner(), shop.storefront_token(), shop.token([]).await, shop.powerless().await] {
            for _ in 0..2 {
                assert!(!is_remembered(&mug.ask(&caller).await));
            }
        }
        // What one caller may see is never told to another.
        let seen = shop.owner().query(PRODUCT, hidden.clone()).await.ok();
        assert_eq!(seen.text("product.id"), draft.id);
        let unseen = shop.anonymous().query(PRODUCT, hidden.clone()).await.ok();
        assert!(unseen.data("product").is_null() && is_remembered(&unseen), "{unseen}");
        assert_eq!(shop.owner().query(PRODUCT, hidden).await.ok().text("product.id"), draft.id);
        // A secret that is none is refused, and not taken for a visitor's.
        let answer = shop.anonymous().with_secret("stoa_pat_x").query(PRODUCT, mug.variables()).await;
        assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"));
    }

    async fn what_has_errors_is_never_remembered(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let half = "query($id: ID!) { product(id: $id) { title } brands(first: 1, last: 1) { nodes { id } } }";
        for _ in 0..3 {
            let answer = shop.anonymous().query(half, mug.variables()).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT");
            assert!(answer.statements() > 0, "{answer}");
        }
        // Each caller is told the id of its own request.
        let ids: std::collections::BTreeSet<String> = {
            let asked = (0..5).map(|_| async { shop.anonymous().query(half, mug.variables()).await });
            let answers = futures::future::join_all(asked).await;
            answers.iter().map(|answer| answer.body["errors"][0]["extensions"]["requestId"].to_string()).collect()
        };
        assert_eq!(ids.len(), 5);
    }

    async fn private_fields_are_not_let_in_by_fragments_or_aliases(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
        for document in [
            "query($id: ID!) { product(id: $id) { title ...F } } fragment F on Product { version }",
            "query($id: ID!) { product(id: $id) { title: version } }",
            "query($id: ID!) { product(id: $id) { title ... on Node { ... on Product { status } } } }",
            "query($id: ID!) { product(id: $id) { variants { ... on ProductVariant { cost { amount } } } } }",
            "query($id: ID!) { product(id: $id) { title @skip(if: true) version @include(if: false) } }",
        ] {
            let wanted = shop.owner().query(document, mug.variables()).await.ok();
            for _ in 0..2 {
                let answer = shop.anonymous().query(document, mug.variables()).await;
                assert_eq!((answer.code(), answer.body.get("data")), ("UNAUTHENTICATED", None), "{document}");
            }
            assert_eq!(shop.owner().query(document, mug.variables()).await.ok().body, wanted.body);
        }
        // Fields that may be asked for by anybody, but are not shared, take the whole answer out.
        let document = "query($id: ID!) { product(id: $id) { title } viewer { actor } }";
        for _ in 0..2 {
            assert!(!is_remembered(&shop.anonymous().query(document, mug.variables()).await.ok()));
        }
    }

    async fn fifty_visitors_at_once_ask_the_database_once(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let alone = mug.ask(&shop.anonymous()).await.statements();
        assert!(alone > 0);
        shop.brand("Other").await;
        let visitor = shop.anonymous();
        let answers = futures::future::join_all((0..50).map(|_| mug.ask(&visitor))).await;
        assert_eq!(answers.iter().map(crate::harness::Answer::statements).sum::<u32>(), alone);
        assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    }

    async fn visitors_whose_answer_is_not_remembered_are_known_at_the_door_all_the_same(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let document = "{ viewer { actor } }";
        assert_eq!(shop.anonymous().query(document, json!({})).await.ok().statements(), 1);
        assert_eq!(shop.anonymous().query(document, json!({})).await.ok().statements(), 0);
        let of_token = shop.storefront_token().query(document, json!({})).await.ok().statements();
        assert_eq!(shop.storefront_token().query(document, json!({})).await.ok().statements(), of_token);
        assert!(of_token > 0);
    }

    async fn a_memory_that_is_off_remembers_nothing(db: Database) {
        nothing_is_remembered_in(0, db).await;
    }

    async fn an_answer_that_would_push_out_the_others_is_not_remembered(db: Database) {
        nothing_is_remembered_in(1_000, db).await;
    }

    async fn what_is_remembered_is_counted(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
        let text = shop.client().get(format!("{}/metrics", shop.url())).send().await.expect("an answer").text().await;
        let text = text.expect("a text");
        for name in ["response_cache_hits_total", "response_cache_misses_total", "response_cache_bytes"] {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name}"));
            let value: f64 = line.rsplit(' ').next().and_then(|text| text.parse().ok()).expect("a number");
            // The memory is that of this story's node or of another's, whichever read something last.
            assert!(value > 0.0 || name.ends_with("bytes"), "{line}");
        }
    }
}

async fn nothing_is_remembered_in(bytes: u64, db: Database) {
    let shop = Shop::open_remembering(db, |config| config.settings.cache_bytes = bytes).await;
    let mug = Mug::of(&shop).await;
    for _ in 0..3 {
        assert!(!is_remembered(&mug.ask(&shop.anonymous()).await));
    }
}

fn is_shared(index: &SchemaIndex, field: &str) -> bool {
    let root = index.type_named("Query").expect("the query root").id;
    index.field(root, field).is_some_and(|entry| entry.directive("cacheControl").is_some())
}
