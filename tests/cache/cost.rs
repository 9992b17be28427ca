//! What remembered answers cost.

use serde_json::Value;
use stoa::gate::throttle::Allowance;

use super::{is_remembered, remember};
use crate::harness::{Actor, Answer, Database, Shop, json};

const BRANDS: &str = "query($first: Int) { brands(first: $first) { nodes { id name } } }";

/// Nothing comes back: the clock stands still.
async fn with_a_bucket_of(maximum: u32, db: Database) -> Shop {
    Shop::open_remembering(db, |config| config.throttle.anonymous = Allowance { maximum, restore: 1 }).await
}

async fn ask(who: &Actor, first: u32) -> Answer {
    who.query(BRANDS, json!({ "first": first })).await
}

#[track_caller]
fn cost(answer: &Answer) -> (u64, u64, u64) {
    let number = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("no cost: {answer}"));
    let cost = &answer.cost;
    (number(&cost["requested"]), number(&cost["actual"]), number(&cost["throttle"]["available"]))
}

both! {
    async fn who_is_told_what_another_asked_pays_the_least(db: Database) {
        let shop = with_a_bucket_of(1_000, db).await;
        for name in ["Oak", "Elm", "Fir"] {
            shop.brand(name).await;
        }
        let visitor = shop.anonymous();
        assert_eq!(cost(&ask(&visitor, 10).await.ok()), (11, 4, 996));
        for available in [995, 994] {
            let told = ask(&visitor, 10).await.ok();
            assert!(is_remembered(&told));
            assert_eq!(cost(&told), (11, 1, available));
        }
        // Of many who ask at the same time, one pays for the run.
        shop.brand("Ash").await;
        let answers = futures::future::join_all((0..10).map(|_| ask(&visitor, 10))).await;
        let mut paid: Vec<u64> = answers.into_iter().map(|answer| cost(&answer.ok()).1).collect();
        paid.sort_unstable();
        assert_eq!(paid, [1, 1, 1, 1, 1, 1, 1, 1, 1, 5]);
    }

    async fn what_is_remembered_is_told_down_to_the_last_point_and_no_further(db: Database) {
        let shop = with_a_bucket_of(60, db).await;
        let visitor = shop.anonymous();
        remember(&visitor, BRANDS, &json!({ "first": 50 })).await;
        while cost(&ask(&visitor, 1).await.ok()).2 > 3 {}
        // To run it, more would have to be there.
        assert_eq!(ask(&visitor, 40).await.code(), "THROTTLED");
        for available in [2, 1, 0] {
            assert_eq!(cost(&ask(&visitor, 50).await.ok()), (51, 1, available));
        }
        let refused = ask(&visitor, 50).await;
        assert_eq!((refused.status, refused.code()), (429, "THROTTLED"));
        let variables = json!({ "first": 50 }).to_string();
        let by_get = visitor.get(&[("query", BRANDS), ("variables", &variables)]).header("if-none-match", "*");
        let by_get = by_get.send().await.expect("an answer");
        assert_eq!((by_get.status().as_u16(), by_get.headers()["cache-control"].to_str().ok()), (429, Some("no-store")));
        // Each store's visitors spend for themselves.
        ask(&visitor.clone().in_store("rival"), 50).await.ok();
    }

    async fn what_anybody_may_keep_says_nothing_of_one_callers_bucket(db: Database) {
        let shop = with_a_bucket_of(1_000, db).await;
        let variables = json!({ "first": 5 }).to_string();
        for spent in [1, 2] {
            let response = shop.anonymous().get(&[("query", BRANDS), ("variables", &variables)]).send().await;
            let body: Value = response.expect("an answer").json().await.expect("a body");
            assert_eq!(body, json!({ "data": { "brands": { "nodes": [] } } }));
            // It was paid for all the same.
            assert_eq!(cost(&shop.anonymous().query("{ viewer { actor } }", json!({})).await.ok()).2, 1_000 - 2 * spent);
        }
        // What nobody may keep tells it by GET, too.
        let private = shop.anonymous().get(&[("query", "{ viewer { actor } }")]).send().await.expect("an answer");
        assert_eq!(private.json::<Value>().await.expect("a body")["extensions"]["cost"]["actual"], 1);
    }
}
