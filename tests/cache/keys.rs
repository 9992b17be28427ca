//! Two questions that differ in one thing only are two questions.

use serde_json::Value;

use super::{Mug, PRODUCT, is_remembered, remember};
use crate::harness::{Actor, Answer, Shop, json};

/// One way to ask.
struct Way {
    what: &'static str,
    actor: Actor,
    document: String,
    operation: Option<&'static str>,
    variables: Value,
}

impl Way {
    async fn ask(&self) -> Answer {
        let mut body = json!({ "query": self.document, "variables": self.variables });
        if let Some(operation) = self.operation {
            body["operationName"] = operation.into();
        }
        self.actor.send(body).await.ok()
    }
}

const TWO: &str = "query A($id: ID!, $with: Boolean! = true) { product(id: $id) { id title @include(if: $with) } }
    query B($id: ID!, $with: Boolean! = true) { product(id: $id) { id slug @include(if: $with) } }";

both! {
    async fn attack_t25_each_thing_that_an_answer_depends_on_keeps_answers_apart(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        mug.stock.set(&shop.owner(), json!([{ "currency": "USD", "amount": "9.00" }])).await.ok();
        let other = Mug::of(&shop).await;
        let me = shop.anonymous();
        let way = |what, actor: &Actor, document: &str, operation, variables: &Value| Way {
            what,
            actor: actor.clone(),
            document: document.to_owned(),
            operation,
            variables: variables.clone(),
        };
        let own = mug.variables();
        let without = json!({ "id": mug.stock.product, "with": false });
        let host = |host: &str| shop.anonymous().nowhere().with_header("host", host);
        let ways = [
            way("as it is", &me, PRODUCT, None, &own),
            way("currency", &me.clone().with_header("x-currency", "USD"), PRODUCT, None, &own),
            way("variables", &me, PRODUCT, None, &other.variables()),
            way("store", &me.clone().in_store("rival"), PRODUCT, None, &own),
            way("sister store", &me.clone().in_store("linden-us"), PRODUCT, None, &own),
            way("host", &host("rival.example"), PRODUCT, None, &own),
            way("document", &me, &PRODUCT.replace("title", "slug"), None, &own),
            way("alias", &me, &PRODUCT.replace("title", "id: title").replace("{ id id", "{ id"), None, &own),
            way("operation A", &me, TWO, Some("A"), &own),
            way("operation B", &me, TWO, Some("B"), &own),
            way("skipped", &me, TWO, Some("A"), &without),
            way("locale", &me.clone().with_header("accept-language", "de"), PRODUCT, None, &own),
        ];
        // Asked with nothing remembered, each by itself: what is right.
        let mut right = Vec::new();
        for way in &ways {
            shop.brand(&shop.word()).await;
            shop.brand_of_rival(&shop.word()).await;
            right.push(way.ask().await.body);
        }
        // Then all of them after one another, three times: each is remembered, and each is its own, also where
        // several were sent in the same words.
        for _ in 0..3 {
            for (way, right) in ways.iter().zip(&right) {
                assert_eq!(way.ask().await.body, *right, "{}", way.what);
            }
        }
        for (way, right) in ways.iter().zip(&right) {
            let answer = way.ask().await;
            assert!(is_remembered(&answer), "{}", way.what);
            assert_eq!(answer.body, *right, "{}", way.what);
        }
        let price = |at: usize| right[at]["data"]["product"]["priceRange"]["min"]["amount"].clone();
        assert_eq!((price(0), price(1)), (json!("5.00"), json!("9.00")));
        assert!(right[3]["data"]["product"].is_null() && right[5]["data"]["product"].is_null());
        assert_ne!(right[8], right[9]);
    }

    async fn questions_that_mean_the_same_are_one(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let me = shop.anonymous();
        remember(&me, PRODUCT, &mug.variables()).await;
        for actor in [
            me.clone().with_header("x-currency", "EUR"),
            me.clone().with_header("accept-language", "en"),
            me.clone().with_header("user-agent", "Another/1.0"),
            me.clone().with_header("authorization", ""),
        ] {
            assert!(is_remembered(&mug.ask(&actor).await));
        }
        // What the operation does not declare is not looked at.
        let mut more = mug.variables();
        more["other"] = json!([1, { "b": 2 }]);
        assert!(is_remembered(&me.query(PRODUCT, more).await.ok()));
    }

    async fn attack_h07_headers_that_nobody_is_to_believe_poison_nothing(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let wanted = mug.ask(&shop.anonymous()).await.body;
        let lies = [
            ("x-forwarded-host", "rival.example"),
            ("x-host", "rival.example"),
            ("forwarded", "host=rival.example"),
            ("x-original-url", "/graphql?query={store{id}}"),
            ("x-http-method-override", "GET"),
            ("cookie", "store=rival; currency=USD"),
            ("x-request-id", "evil"),
            ("x-forwarded-for", "203.0.113.7"),
            ("origin", "https://evil.example"),
            ("accept-charset", "utf-7"),
            ("if-none-match", "*"),
        ];
        for (name, value) in lies {
            shop.brand(&shop.word()).await;
            let liar = shop.anonymous().with_header(name, value);
            assert_eq!(mug.ask(&liar).await.body, wanted, "{name}");
            let honest = mug.ask(&shop.anonymous()).await;
            assert_eq!(honest.body, wanted, "{name}");
            assert!(is_remembered(&honest), "{name} is no part of the question");
        }
    }
}
