//! Stories of a database that is slow, is held by others, or has no room.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use stoa::config::Config;
use stoa::kernel::db::{Mode, Role};

use super::{in_use, names, until, waiting};
use crate::harness::{Answer, Backend, Database, Shop, json};

const BRANDS: &str = "{ brands { nodes { name } } }";
const CREATE: &str = "mutation { brandCreate(input: { name: \"Elm\" }) { brand { name } userErrors { code } } }";

const CREATE_NAMED: &str =
    "mutation($name: String!) { brandCreate(input: { name: $name }) { brand { id } userErrors { code } } }";

/// A shop that gives up soon.
async fn impatient(db: Database) -> Shop {
    Shop::open_with(db, |config| {
        config.database.pool_size = 3;
        config.database.acquire_timeout = Duration::from_millis(150);
        config.database.lock_timeout = Duration::from_millis(100);
        config.database.statement_timeout = Duration::from_millis(400);
    })
    .await
}

/// Keeps every other writer out until it is dropped.
async fn hold(db: &DatabaseConnection, is_postgres: bool) -> sea_orm::DatabaseTransaction {
    let tx = db.begin().await.expect("a transaction");
    let sql = if is_postgres { "LOCK TABLE brands IN EXCLUSIVE MODE" } else { "UPDATE brands SET version = version" };
    tx.execute_unprepared(sql).await.expect("the lock");
    tx
}

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

both! {
    async fn fault_f16_while_another_holds_the_lock_writers_are_told_to_come_back_and_reads_go_on(db: Database) {
        let shop = impatient(db).await;
        shop.brand("Oak").await;
        let (owner, is_postgres) = (shop.owner(), shop.database().is_postgres());
        let held = hold(shop.db(), is_postgres).await;
        let tries = (0..16).map(|_| owner.query(CREATE, json!({})));
        futures::future::join_all(tries).await.iter().for_each(assert_unavailable);
        // Who only reads is not kept out, and the process is well.
        assert_eq!(owner.query(BRANDS, json!({})).await.ok().texts("brands.nodes", "name"), ["Oak"]);
        assert_eq!(names(&shop.anonymous()).await, ["Oak"]);
        assert_eq!(health(&shop).await, 200);
        held.rollback().await.expect("given back");
        owner.query(CREATE, json!({})).await.ok();
        assert_eq!(names(&shop.anonymous()).await, ["Elm", "Oak"]);
        assert_eq!(shop.number("SELECT COUNT(*) FROM brands").await, 2, "what was refused was not written");
    }

    async fn fault_f16_sixty_four_writers_at_once_all_write(db: Database) {
        let shop = Shop::open_with(db, |config| config.database.acquire_timeout = Duration::from_secs(30)).await;
        let owner = shop.owner();
        let tries = (0..64).map(|place| owner.query(CREATE_NAMED, json!({ "name": format!("Brand {place}") })));
        for answer in futures::future::join_all(tries).await {
            answer.ok();
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM brands").await, 64);
        assert_eq!(shop.number("SELECT COUNT(*) FROM audit_logs").await, 64);
        assert_eq!(shop.number("SELECT COUNT(*) FROM domain_events").await, 64);
    }

    async fn fault_f17_promise_p24_without_a_connection_the_answer_is_busy_and_the_process_alive(db: Database) {
        let shop = impatient(db).await;
        let mut taken = Vec::new();
        for _ in 0..3 {
            let conn = shop.node.system.db.begin(Mode::Read, Role::App, None, Arc::default()).await;
            taken.push(conn.expect("a connection"));
        }
        let visitor = shop.anonymous();
        let answers = futures::future::join_all((0..50).map(|_| visitor.query(BRANDS, json!({})))).await;
        for answer in answers {
            assert_unavailable(&answer);
            assert_eq!(answer.status, 503);
        }
        assert_eq!(health(&shop).await, 200);
        for conn in taken {
            conn.rollback().await;
        }
        visitor.query(BRANDS, json!({})).await.ok();
    }

    async fn attack_h06_a_client_that_goes_away_gives_its_connection_back(db: Database) {
        let shop = impatient(db).await;
        let owner = shop.owner();
        for round in 0..60_u64 {
            let asked = owner.query(CREATE_NAMED, json!({ "name": format!("Brand {round}") }));
            let _ = tokio::time::timeout(Duration::from_micros(200 + round * 50), asked).await;
        }
        // Whatever was broken off: nothing is held, nothing half-written.
        for _ in 0..5 {
            owner.query(BRANDS, json!({})).await.ok();
        }
        owner.query(CREATE_NAMED, json!({ "name": "After" })).await.ok();
        let brands = shop.number("SELECT COUNT(*) FROM brands").await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM audit_logs").await, brands);
        assert_eq!(shop.number("SELECT COUNT(*) FROM domain_events").await, brands);
    }

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
