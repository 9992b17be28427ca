//! Stories of two stores' requests at once, on few connections.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, TransactionTrait};

use super::super::{in_use, until};
use crate::harness::{Shop, json};

const LIST: &str = "{ brands(first: 5, sort: NEWEST) { nodes { name } } }";

/// How many requests come on each kind of database.
const REQUESTS: usize = 1_500;

/// How many callers ask at once.
const AT_ONCE: usize = 12;

both! {
    async fn attack_t24_fault_f25_requests_of_two_stores_on_two_connections_never_cross(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.database.pool_size = 2;
            config.database.acquire_timeout = Duration::from_secs(60);
            config.edge.operation_timeout = Duration::from_secs(60);
        })
        .await;
        for n in 0..3 {
            shop.brand(&format!("Linden {n}")).await;
            shop.brand_of_rival(&format!("Rival {n}")).await;
        }
        let foreign = shop.brand_of_rival("Rival's own").await;
        let own = shop.brand("Linden's own").await;
        let next = AtomicU32::new(0);
        let given_up = AtomicU32::new(0);
        let lists = AtomicU32::new(0);
        let ask = async || {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed) as usize;
                if n >= REQUESTS {
                    break;
                }
                let (actor, mark, theirs) = match n % 5 {
                    0 => (shop.owner(), "Linden", &foreign),
                    1 => (shop.rival(), "Rival", &own),
                    2 => (shop.anonymous(), "Linden", &foreign),
                    3 => (shop.anonymous().in_store("rival"), "Rival", &own),
                    _ => (shop.storefront_token(), "Linden", &foreign),
                };
                let (document, variables) = match n / 5 % 10 {
                    0 | 1 if n % 5 < 2 => (
                        "mutation($id: ID!, $name: String!) { brandCreate(input: { name: $name }) { brand { name } userErrors { code } } }",
                        json!({ "id": theirs, "name": format!("{mark} {n} more") }),
                    ),
                    2 if n % 5 < 2 => (
                        "mutation($id: ID!) { brandUpdate(id: $id, input: { name: \"Taken\" }) { brand { name } userErrors { code } } }",
                        json!({ "id": theirs }),
                    ),
                    3 => ("query($id: ID!) { brand(id: $id) { name } }", json!({ "id": theirs })),
                    _ => (LIST, json!({})),
                };
                let document = document.replace("($id: ID!, $name", "($name");
                let asking = actor.query(&document, variables);
                let answer = if n.is_multiple_of(7) {
                    // A caller who goes away after a while that is another one each time.
                    let patience = async {
                        for _ in 0..n % 61 {
                            tokio::task::yield_now().await;
                        }
                    };
                    tokio::select! { biased; answer = asking => Some(answer), () = patience => None }
                } else {
                    Some(asking.await)
                };
                let Some(answer) = answer else {
                    given_up.fetch_add(1, Ordering::Relaxed);
                    continue;
                };
                assert_eq!(answer.status, 200, "{answer}");
                let text = answer.body["data"].to_string();
                let other = if mark == "Linden" { "Rival" } else { "Linden" };
                assert!(!text.contains(other), "request {n} of {mark} crossed: {answer}");
                assert!(document.contains("$id") || text.contains(mark), "request {n} of {mark} saw nothing: {answer}");
                if document == LIST {
                    let names = answer.clone().ok();
                    let names = names.texts("brands.nodes", "name");
                    assert!(names.len() >= 4 && names.iter().all(|name| name.starts_with(mark)), "{n}, {mark}: {answer}");
                    lists.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        futures::future::join_all((0..AT_ONCE).map(|_| ask())).await;
        assert!(given_up.load(Ordering::Relaxed) > 20, "nobody went away");
        assert!(lists.load(Ordering::Relaxed) > 320, "few were answered");
        until(async || in_use(&shop) == 0).await;
        assert_eq!(shop.number("SELECT count(*) FROM brands WHERE name = 'Taken'").await, 0);
        for (mark, store) in [("Linden", shop.linden.store()), ("Rival", shop.rival.store())] {
            let sql = format!("SELECT count(*) FROM brands WHERE name LIKE '{mark}%' AND store_id <> {}", shop.literal(store));
            assert_eq!(shop.number(&sql).await, 0);
        }

        if shop.database().is_postgres() {
            // Both connections of the pool, at once: nothing of the requests is left on them.
            let pool = shop.node.system.db.owner();
            let (a, b) = (pool.begin().await.expect("a connection"), pool.begin().await.expect("the other one"));
            for tx in [a, b] {
                let sql = "SELECT coalesce(current_setting('stoa.store_id', true), '') || (current_user = session_user)::text";
                let row = tx.query_one_raw(sea_orm::Statement::from_string(tx.get_database_backend(), sql)).await;
                let left: String = row.expect("an answer").expect("a row").try_get_by_index(0).expect("a text");
                assert_eq!(left, "true");
                tx.rollback().await.expect("the end");
            }
        }
    }

    async fn attack_t19_two_callers_with_one_key_at_one_moment_share_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let (own, theirs) = (shop.brand("Linden").await, shop.brand_of_rival("Rival").await);
        let document = "query($a: ID!, $b: ID!) { a: brand(id: $a) { name } b: brand(id: $b) { name } }";
        let (linden, rival) = (shop.owner(), shop.rival());
        let variables = json!({ "a": own, "b": theirs });
        for _ in 0..100 {
            let (one, other) = tokio::join!(linden.query(document, variables.clone()), rival.query(document, variables.clone()));
            assert_eq!(one.ok().body["data"], json!({ "a": { "name": "Linden" }, "b": null }));
            assert_eq!(other.ok().body["data"], json!({ "a": null, "b": { "name": "Rival" } }));
        }
    }
}
