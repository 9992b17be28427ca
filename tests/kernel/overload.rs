//! Stories of a database that is slow or has no room.

use std::time::Duration;

use sea_orm::{ConnectionTrait, TransactionTrait};
use stoa::config::Config;

use super::{in_use, names, until, waiting};
use crate::harness::{Answer, Backend, Shop, json};

const BRANDS: &str = "{ brands { nodes { name } } }";
const CREATE: &str = "mutation { brandCreate(input: { name: \"Elm\" }) { brand { name } userErrors { code } } }";

fn two_connections(config: &mut Config) {
    config.database.pool_size = 2;
    config.database.acquire_timeout = Duration::from_millis(300);
    config.database.statement_timeout = Duration::from_secs(60);
    config.database.lock_timeout = Duration::from_secs(60);
}

fn short_locks(config: &mut Config) {
    two_connections(config);
    config.database.lock_timeout = Duration::from_millis(100);
}

#[track_caller]
fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.code(), "UNAVAILABLE", "{answer}");
    assert_eq!(answer.headers.get("retry-after").map(|value| value.as_bytes()), Some(&b"1"[..]), "{answer}");
}

async fn health(shop: &Shop) -> u16 {
    shop.client().get(format!("{}/healthz", shop.url())).send().await.expect("an answer").status().as_u16()
}

#[test]
fn fault_f17_without_a_free_connection_the_answer_is_503_and_health_goes_on() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open_with(db, two_connections).await;
        let table = shop.db().begin().await.expect("a transaction");
        table.execute_unprepared("LOCK TABLE brands IN ACCESS EXCLUSIVE MODE").await.expect("the lock");
        let slow = [(); 2].map(|()| {
            let visitor = shop.anonymous();
            tokio::spawn(async move { visitor.query(BRANDS, json!({})).await })
        });
        until(async || super::in_use(&shop) == 2).await;
        // Each of many is told, and none waits behind another one for a second connection of its own.
        let visitors = (0..20).map(|_| shop.anonymous());
        let asking = visitors.map(|visitor| async move { visitor.query(BRANDS, json!({})).await });
        for answer in futures::future::join_all(asking).await {
            assert_unavailable(&answer);
            assert_eq!(answer.status, 503);
        }
        assert_unavailable(&shop.owner().query(CREATE, json!({})).await);
        assert_eq!(health(&shop).await, 200);

        table.rollback().await.expect("the lock is given back");
        for answer in slow {
            answer.await.expect("an answer").ok();
        }
        shop.owner().query(CREATE, json!({})).await.ok();
        assert_eq!(names(&shop.anonymous()).await, ["Elm"]);
        until(async || in_use(&shop) == 0).await;
    });
}

#[test]
fn promise_p24_fault_f18_a_slow_statement_ends_in_time_and_nothing_was_written() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open_with(db, |config| {
            two_connections(config);
            config.database.statement_timeout = Duration::from_millis(300);
        })
        .await;
        let before = shop.fingerprint().await;
        let table = shop.db().begin().await.expect("a transaction");
        table.execute_unprepared("LOCK TABLE brands IN ACCESS EXCLUSIVE MODE").await.expect("the lock");
        let (visitor, owner) = (shop.anonymous(), shop.owner());
        let (read, written) = tokio::join!(visitor.query(BRANDS, json!({})), owner.query(CREATE, json!({})));
        assert_unavailable(&read);
        assert_unavailable(&written);
        assert_eq!(written.message(), "The service is busy. Try again in a moment.");
        assert_eq!(health(&shop).await, 200);
        table.rollback().await.expect("the lock is given back");
        shop.assert_unchanged(&before).await;
        owner.query(CREATE, json!({})).await.ok();
        assert_eq!(names(&visitor).await, ["Elm"]);
    });
}

#[test]
fn promise_p24_who_waits_for_another_ones_row_is_told_in_time() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open_with(db, short_locks).await;
        let brand = shop.brand("Oak").await;
        let row = shop.db().begin().await.expect("a transaction");
        let sql = format!("SELECT 1 FROM brands WHERE id = {} FOR UPDATE", shop.literal_of(&brand));
        row.execute_unprepared(&sql).await.expect("the lock");
        let document = "mutation($id: ID!) { brandUpdate(id: $id, input: { name: \"Elm\" }) { brand { name } userErrors { code } } }";
        assert_unavailable(&shop.owner().query(document, json!({ "id": brand })).await);
        assert_eq!(names(&shop.owner()).await, ["Oak"], "readers do not wait");
        assert_eq!(waiting(&shop).await, 0);
        row.rollback().await.expect("the lock is given back");
        shop.owner().query(document, json!({ "id": brand })).await.ok();
        assert_eq!(names(&shop.owner()).await, ["Elm"]);
    });
}

#[test]
fn fault_f16_while_another_process_writes_to_the_file_reads_go_on_and_writes_are_told() {
    crate::harness::run(Backend::Sqlite, |db| async move {
        let shop = Shop::open_with(db, short_locks).await;
        shop.brand("Oak").await;
        let mut other =
            shop.database().connect().await.get_sqlite_connection_pool().acquire().await.expect("a connection");
        sea_orm::sqlx::query("BEGIN IMMEDIATE").execute(&mut *other).await.expect("the writer's lock");
        let owner = shop.owner();
        let answers = futures::future::join_all((0..8).map(|_| owner.query(CREATE, json!({})))).await;
        answers.iter().for_each(assert_unavailable);
        assert_eq!(names(&shop.anonymous()).await, ["Oak"]);
        assert_eq!(health(&shop).await, 200);
        sea_orm::sqlx::query("ROLLBACK").execute(&mut *other).await.expect("the lock is given back");
        owner.query(CREATE, json!({})).await.ok();
        assert_eq!(names(&shop.anonymous()).await, ["Elm", "Oak"]);
    });
}

both! {
    async fn fault_f17_one_connection_is_enough_for_every_request(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.database.pool_size = 1;
            config.database.acquire_timeout = Duration::from_secs(60);
        })
        .await;
        let owner = shop.owner();
        let brand = shop.brand("Oak").await;
        let mixed = "mutation($id: ID!) { \
            a: brandCreate(input: { name: \"Elm\" }) { brand { id name slug } userErrors { code } } \
            b: brandUpdate(id: $id, input: { name: \"Fir\" }) { brand { id name } userErrors { code } } \
            c: brandDelete(id: $id) { deletedBrandId userErrors { code } } }";
        owner.query(mixed, json!({ "id": brand })).await.ok();
        let query = "{ viewer { user { name } sessions { id } permissions } brands { totalCount nodes { name } } again: brands { nodes { id } } }";
        let asking = (0..8).map(|_| owner.query(query, json!({})));
        for answer in futures::future::join_all(asking).await {
            assert_eq!(answer.ok().number("brands.totalCount"), 1);
        }
    }
}
