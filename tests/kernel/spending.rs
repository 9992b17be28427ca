//! Stories of what operations cost, and of callers who spend too much.

use std::net::Ipv4Addr;

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::Value;
use stoa::config::Config;
use stoa::gate::throttle::Allowance;

use super::{until, waiting};
use crate::harness::{Actor, Answer, Backend, Shop, json};

const ONE: &str = "{ store { id } }";
const BRANDS: &str = "query($first: Int) { brands(first: $first) { nodes { id name } } }";

/// The listing of a storefront: what the default allowances are measured by.
const LISTING: &str = "{ products(first: 24) { nodes { id title slug priceRange { min { amount currencyCode } } \
    variants { id title sku price { amount { amount currencyCode } compareAt { amount currencyCode } } } \
    media { url alt } } } }";

fn allow(maximum: u32, restore: u32) -> impl Fn(&mut Config) {
    move |config| {
        let allowance = Allowance { maximum, restore };
        (config.throttle.anonymous, config.throttle.user, config.throttle.token) = (allowance, allowance, allowance);
    }
}

#[track_caller]
fn cost(answer: &Answer) -> (u64, u64, u64) {
    let cost = &answer.cost;
    let number = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("no cost: {answer}"));
    (number(&cost["requested"]), number(&cost["actual"]), number(&cost["throttle"]["available"]))
}

#[track_caller]
fn assert_throttled(answer: &Answer, retry_after: &str) {
    assert_eq!((answer.status, answer.code()), (429, "THROTTLED"), "{answer}");
    assert_eq!(
        answer.headers.get("retry-after").map(|value| value.as_bytes()),
        Some(retry_after.as_bytes()),
        "{answer}"
    );
    assert!(answer.body.get("data").is_none(), "{answer}");
}

both! {
    async fn every_answer_tells_what_it_cost(db: Database) {
        let shop = Shop::open_with(db, allow(10_000, 100)).await;
        let visitor = shop.anonymous();
        for name in ["Oak", "Elm", "Fir"] {
            shop.brand(name).await;
        }
        // Held to a page of ten, and given three.
        let answer = visitor.query(BRANDS, json!({ "first": 10 })).await.ok();
        assert_eq!(cost(&answer), (11, 4, 9_996));
        assert_eq!(answer.cost["throttle"]["maximum"], 10_000);
        assert_eq!(answer.cost["throttle"]["restoreRate"], 100);
        // Where the sizes hold exactly, so does the price.
        assert_eq!(cost(&visitor.query(BRANDS, json!({ "first": 3 })).await.ok()), (4, 4, 9_992));
        // A document of leaves is work, too.
        assert_eq!(cost(&visitor.query("{ __typename }", json!({})).await.ok()), (1, 1, 9_991));
        // Errors tell it as well, once the document was understood.
        let denied = visitor.query("{ apiTokens(first: 7) { nodes { id } } }", json!({})).await;
        assert_eq!((denied.code(), cost(&denied)), ("UNAUTHENTICATED", (8, 0, 9_991)));
        let costly = "{ products(first: 100) { nodes { variants { prices { id } options { name } product { variants { prices { id } } } } } } }";
        let costly = visitor.query(costly, json!({})).await;
        assert_eq!(costly.code(), "QUERY_TOO_COMPLEX");
        assert!(cost(&costly).0 > 10_000, "{costly}");
        let unknown = visitor.query("{ nothing }", json!({})).await;
        assert_eq!((unknown.code(), cost(&unknown).1), ("GRAPHQL_VALIDATION_FAILED", 1));
        let signed_out = visitor.clone().with_secret("stoa_at_nonsense").query(ONE, json!({})).await;
        assert_eq!((signed_out.status, cost(&signed_out).1), (401, 0));
        let garbled = visitor.query("{ store { id }", json!({})).await;
        assert_eq!((garbled.code(), &garbled.cost), ("GRAPHQL_PARSE_FAILED", &Value::Null));
        // A write costs more than a read.
        let create = "mutation { brandCreate(input: { name: \"Ash\" }) { brand { id } userErrors { code } } }";
        let (requested, actual, _) = cost(&shop.owner().query(create, json!({})).await.ok());
        assert_eq!((requested, actual), (12, 11));
        // The schema as a whole is much.
        let schema = visitor.query("{ __schema { types { name fields { name } } } }", json!({})).await.ok();
        assert_eq!(cost(&schema).1, 1_000);
    }

    async fn who_has_spent_it_all_is_told_when_to_come_back_and_nothing_runs(db: Database) {
        let shop = Shop::open_with(db, allow(30, 10)).await;
        let (owner, visitor) = (shop.owner(), shop.anonymous());
        let create = "mutation($name: String!) { brandCreate(input: { name: $name }) { brand { id } userErrors { code } } }";
        for name in ["Oak", "Elm"] {
            owner.query(create, json!({ "name": name })).await.ok();
        }
        let before = shop.fingerprint().await;
        let refused = owner.query(create, json!({ "name": "Fir" })).await;
        assert_throttled(&refused, "1");
        assert_eq!(cost(&refused), (12, 0, 8));
        shop.assert_unchanged(&before).await;
        // Nobody else pays for that: not a visitor, nor the same person in another store, nor a token of the same.
        visitor.query(ONE, json!({})).await.ok();
        owner.clone().in_store("linden-us").query(create, json!({ "name": "Fir" })).await.ok();
        let token = shop.token([rules::permission::Permission::CollectionsManage]).await;
        token.query(create, json!({ "name": "Fir" })).await.ok();
        // In the older media type it is 429 as well.
        let plain = owner.request(json!({ "query": create, "variables": { "name": "Fir" } })).header("accept", "application/json");
        assert_eq!(plain.send().await.expect("an answer").status(), 429);
        shop.wait(TimeDelta::seconds(1));
        owner.query(create, json!({ "name": "Ash" })).await.ok();
    }

    async fn requests_at_once_at_the_edge_are_let_through_to_the_last_object(db: Database) {
        let shop = Shop::open_with(db, |config| {
            allow(100, 1)(config);
            config.database.acquire_timeout = std::time::Duration::from_secs(60);
        })
        .await;
        let visitor = shop.anonymous();
        // Each is held to cost five and costs one: what passes depends on who gives back when, and is never
        // more than the bucket holds.
        let asking = (0..200).map(|_| visitor.query(BRANDS, json!({ "first": 4 })));
        let answers = futures::future::join_all(asking).await;
        let passed = answers.iter().filter(|answer| answer.is_ok()).count();
        let spent: u64 = answers.iter().filter(|answer| answer.is_ok()).map(|answer| cost(answer).1).sum();
        assert!(answers.iter().all(|answer| answer.is_ok() || answer.code() == "THROTTLED"));
        assert!((20..=100).contains(&passed) && spent <= 100, "{passed} passed, {spent} spent");
        // One after the other exactly what is left passes.
        let mut left = 100 - spent;
        while left >= 5 {
            left -= cost(&visitor.query(BRANDS, json!({ "first": 4 })).await.ok()).1;
        }
        assert_throttled(&visitor.query(BRANDS, json!({ "first": 4 })).await, "1");
        for _ in 0..left {
            visitor.query("{ __typename }", json!({})).await.ok();
        }
        assert_throttled(&visitor.query("{ __typename }", json!({})).await, "1");
    }

    async fn what_comes_to_nothing_is_counted_and_a_flood_of_it_is_not_read(db: Database) {
        let shop = Shop::open_with(db, |config| config.throttle.refusals = Allowance { maximum: 8, restore: 2 }).await;
        let visitor = shop.anonymous();
        let nonsense = async |body: Value| visitor.send(body).await;
        assert_eq!(nonsense(json!([])).await.code(), "BATCHING_NOT_SUPPORTED");
        assert_eq!(nonsense(json!({})).await.code(), "BAD_REQUEST");
        assert_eq!(nonsense(json!({ "query": "{" })).await.code(), "GRAPHQL_PARSE_FAILED");
        assert_eq!(nonsense(json!({ "query": "{ x }" })).await.code(), "GRAPHQL_VALIDATION_FAILED");
        assert_eq!(nonsense(json!({ "query": "{ apiTokens { totalCount } }" })).await.code(), "UNAUTHENTICATED");
        let wrong = visitor.clone().with_secret("stoa_at_nonsense");
        assert_eq!(wrong.query(ONE, json!({})).await.code(), "UNAUTHENTICATED");
        assert_eq!(visitor.clone().in_store("nowhere").query(ONE, json!({})).await.code(), "NOT_FOUND");
        // What works does not count, nor does a hash that is not known yet.
        visitor.query(ONE, json!({})).await.ok();
        let unknown = json!({ "documentId": "0".repeat(64) });
        assert_eq!(nonsense(unknown).await.code(), "PERSISTED_QUERY_NOT_FOUND");
        assert_eq!(nonsense(json!({ "query": "{" })).await.code(), "GRAPHQL_PARSE_FAILED");
        // The eighth was the last: now nothing more is read, whoever of this address sends it.
        assert_throttled(&nonsense(json!({ "query": "{" })).await, "1");
        assert_throttled(&shop.owner().query(ONE, json!({})).await, "1");
        for path in ["healthz", "readyz", "metrics"] {
            let url = format!("{}/{path}", shop.url());
            assert_eq!(shop.client().get(url).send().await.expect("an answer").status(), 200, "{path}");
        }
        shop.wait(TimeDelta::seconds(1));
        shop.owner().query(ONE, json!({})).await.ok();
    }

    async fn behind_a_proxy_each_client_spends_for_itself(db: Database) {
        let shop = Shop::open_with(db, |config| {
            allow(3, 1)(config);
            config.edge.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        })
        .await;
        let from = |address: &str| shop.anonymous().with_header("x-forwarded-for", address);
        for address in ["203.0.113.1", "203.0.113.2", "2001:db8::1"] {
            for _ in 0..3 {
                from(address).query(ONE, json!({})).await.ok();
            }
            assert_throttled(&from(address).query(ONE, json!({})).await, "1");
        }
        assert_throttled(&from("2001:db8::2").query(ONE, json!({})).await, "1");
        from("2001:db8:0:1::1").query(ONE, json!({})).await.ok();
        // What a client writes before the proxy did is its own claim.
        assert_throttled(&from("198.51.100.9, 203.0.113.1").query(ONE, json!({})).await, "1");
    }

    async fn a_thousand_addresses_do_not_spend_each_others_or_all_of_the_memory(db: Database) {
        let shop = Shop::open_with(db, |config| {
            allow(1, 1)(config);
            config.edge.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
            config.database.acquire_timeout = std::time::Duration::from_secs(60);
        })
        .await;
        let from = |last: u32| shop.anonymous().nowhere().with_header("x-forwarded-for", &Ipv4Addr::from_bits(0x0b00_0000 + last).to_string());
        for round in [200, 429] {
            for some in (0..1_000_u32).collect::<Vec<_>>().chunks(50) {
                let asking = some.iter().map(|last| async { from(*last).query("{ __typename }", json!({})).await.status });
                assert!(futures::future::join_all(asking).await.iter().all(|status| *status == round));
            }
        }
    }

    async fn a_plan_makes_the_buckets_of_a_store_larger(db: Database) {
        let shop = Shop::open_with(db, allow(100, 10)).await;
        let maximum = async |who: &Actor| who.query(ONE, json!({})).await.ok().cost["throttle"]["maximum"].clone();
        assert_eq!(maximum(&shop.anonymous()).await, 100);
        let ctx = stoa::gate::authentication::operator(&shop.node.system, "plan", Some("linden")).await.expect("a store");
        let before = shop.ledger().await;
        let set = ctx.retrying(rules::states::StorePlan::Plus, stoa::tenancy::stores::set_plan::run).await;
        set.expect("the plan");
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["store_plan.set".to_owned()], vec!["store.updated".to_owned()]));
        assert_eq!((maximum(&shop.anonymous()).await, maximum(&shop.owner()).await), (json!(400), json!(400)));
        assert_eq!(maximum(&shop.rival()).await, 100);
        assert_eq!(shop.owner().query("{ store { plan } }", json!({})).await.ok().text("store.plan"), "PLUS");
        // No merchant chooses.
        let owner = super::visitor(&shop, "owner");
        assert!(owner.retrying(rules::states::StorePlan::Enterprise, stoa::tenancy::stores::set_plan::run).await.is_err());
    }
}

/// No free ride and no leak: an operation that is dropped on its way has spent what it was held to, and that
/// comes back with time and not a second time.
#[test]
fn fault_f18_an_operation_that_takes_too_long_has_spent_what_it_was_held_to() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open_with(db, |config| {
            allow(100, 1)(config);
            config.edge.operation_timeout = std::time::Duration::from_millis(300);
            config.edge.operations_in_flight = 1;
            config.database.statement_timeout = std::time::Duration::from_secs(60);
        })
        .await;
        let visitor = shop.anonymous();
        let table = shop.db().begin().await.expect("a transaction");
        table.execute_unprepared("LOCK TABLE brands IN ACCESS EXCLUSIVE MODE").await.expect("the lock");
        let timed_out = visitor.query(BRANDS, json!({ "first": 50 })).await;
        assert_eq!((timed_out.status, timed_out.code()), (503, "UNAVAILABLE"));
        assert_eq!(timed_out.headers.get("retry-after").map(|value| value.as_bytes()), Some(&b"1"[..]), "{timed_out}");
        // A client that went away.
        let gone = tokio::spawn({
            let visitor = visitor.clone();
            async move { visitor.query(BRANDS, json!({ "first": 20 })).await }
        });
        until(async || waiting(&shop).await == 2).await;
        gone.abort();
        // The server knows it once there is room for another operation.
        until(async || visitor.query("{ __typename }", json!({})).await.status != 503).await;
        assert_eq!(available(&visitor).await, 100 - 51 - 21 - 1);
        table.rollback().await.expect("the lock is given back");
        let (_, _, available) = cost(&visitor.query("{ __typename }", json!({})).await.ok());
        assert_eq!(available, 100 - 51 - 21 - 2);
        shop.wait(TimeDelta::hours(1));
        let (_, _, available) = cost(&visitor.query("{ __typename }", json!({})).await.ok());
        assert_eq!(available, 99);
    });
}

both! {
    async fn promise_p02_ordinary_use_is_far_from_what_is_allowed(db: Database) {
        let shop = Shop::open(db).await;
        let defaults = stoa::gate::throttle::ThrottleSettings::default();
        let (requested, _, _) = cost(&shop.anonymous().query(LISTING, json!({})).await.ok());
        assert!(requested * 50 <= u64::from(defaults.anonymous.restore), "a listing is held to cost {requested}");
        // GraphiQL asks for the whole schema once a page.
        let schema = shop.owner().query("{ __schema { types { name } } }", json!({})).await.ok();
        assert!(cost(&schema).0 * 20 <= u64::from(defaults.user.restore));
    }
}

/// What ten objects cost, exactly.
const TEN: &str = "{ a: store { id } b: store { id } c: store { id } d: store { id } e: store { id } \
    f: store { id } g: store { id } h: store { id } i: store { id } j: store { id } }";

/// What a visitor may still spend here, asked by a request that spends nothing.
async fn available(visitor: &Actor) -> u64 {
    cost(&visitor.query("{ apiTokens { totalCount } }", json!({})).await).2
}

/// Two nodes over one database let through one bucket, and what they do not know of each other.
#[test]
fn fault_f12_two_nodes_let_through_one_bucket_and_the_stated_over_run() {
    crate::harness::run(Backend::Postgres, |db| async move {
        const MAXIMUM: u64 = 1_000;
        let shop = Shop::open_with(db, allow(1_000, 1)).await;
        let mut second = shop.second_node_with(allow(1_000, 1)).await;
        shop.node.system.signals.until_caught_up().await;
        second.system.signals.until_caught_up().await;
        let visitors = [shop.anonymous(), shop.on(&second, &shop.anonymous())];
        let (mut accepted, mut refused) = (0, 0);
        while refused < 2 {
            refused = 0;
            for visitor in &visitors {
                let answer = visitor.query(TEN, json!({})).await;
                if answer.is_ok() {
                    accepted += cost(&answer).1;
                } else {
                    assert_eq!(answer.code(), "THROTTLED", "{answer}");
                    refused += 1;
                }
            }
            // Each keeps to itself no more than a 64th of a bucket, and what it let through just now.
            until(async || {
                let (here, there) = (available(&visitors[0]).await, available(&visitors[1]).await);
                let known = 2 * MAXIMUM - here - there;
                known + 2 * (MAXIMUM / 64 + 10) >= 2 * accepted.min(MAXIMUM)
            })
            .await;
        }
        // The bound of the README: one eighth for the other node, and what it accepts meanwhile.
        assert!(accepted <= MAXIMUM + MAXIMUM / 8 + 10, "{accepted} accepted");
        assert!(accepted + 2 * (MAXIMUM / 64 + 10) >= MAXIMUM, "{accepted} accepted: spent twice");
        second.stop().await;
    });
}
