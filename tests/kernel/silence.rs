//! Stories of a connection to the database that falls silent: no packet comes over, and no end is told.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, TransactionTrait};
use stoa::config::Config;
use stoa::http::Stopped;
use stoa::kernel::db::{Mode, Role};

use super::{in_use, names, until, waiting};
use crate::harness::wire::Silent;
use crate::harness::{Actor, Answer, Backend, Database, Shop, json};

const BRANDS: &str = "{ brands { nodes { name } } }";

/// Longer than any of these waits, on a machine that is busy with other things; shorter than for ever.
const SOON: Duration = Duration::from_secs(15);

async fn behind_a_wire(db: Database, change: impl FnOnce(&mut Config)) -> (Shop, Silent) {
    let wire = Silent::before(&db).await;
    let shop = Shop::open_with(db, |config| {
        config.database.url = wire.url.clone();
        config.database.lock_timeout = Duration::from_secs(60);
        change(config);
    })
    .await;
    (shop, wire)
}

/// Opens all connections for reading that there may be.
async fn fill_the_pool(shop: &Shop, size: u32) {
    let mut taken = Vec::new();
    for _ in 0..size {
        let conn = shop.node.system.db.begin(Mode::Read, Role::App, None, Arc::default()).await;
        taken.push(conn.expect("a connection"));
    }
    for conn in taken {
        conn.rollback().await;
    }
    until(async || in_use(shop) == 0).await;
}

async fn status(shop: &Shop, path: &str) -> u16 {
    shop.client().get(format!("{}{path}", shop.url())).send().await.expect("an answer").status().as_u16()
}

#[track_caller]
fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.code(), "UNAVAILABLE", "{answer}");
    assert_eq!(answer.headers.get("retry-after").map(|value| value.as_bytes()), Some(&b"1"[..]), "{answer}");
}

fn ask(visitor: Actor) -> tokio::task::JoinHandle<Answer> {
    tokio::spawn(async move { visitor.query(BRANDS, json!({})).await })
}

#[test]
fn promise_p24_fault_f18_a_wire_that_falls_silent_takes_no_connection_along() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let (shop, wire) = behind_a_wire(db, |config| {
            config.database.pool_size = 4;
            config.database.statement_timeout = Duration::from_secs(4);
        })
        .await;
        shop.brand("Oak").await;
        fill_the_pool(&shop, 4).await;

        // One waits for an answer, one goes away meanwhile, one is between two statements, and one rests.
        let idle = shop.node.system.db.begin(Mode::Read, Role::App, None, Arc::default()).await;
        let table = shop.db().begin().await.expect("a transaction");
        table.execute_unprepared("LOCK TABLE brands IN ACCESS EXCLUSIVE MODE").await.expect("the lock");
        let (waits, leaves) = (ask(shop.anonymous()), ask(shop.anonymous()));
        until(async || waiting(&shop).await == 2).await;
        wire.hold();
        leaves.abort();
        drop(idle);
        table.rollback().await.expect("the lock is given back");

        let asking =
            (0..8).map(|_| shop.anonymous()).map(|visitor| async move { visitor.query(BRANDS, json!({})).await });
        let (answers, ready) = tokio::join!(futures::future::join_all(asking), status(&shop, "/readyz"));
        for answer in answers {
            assert_unavailable(&answer);
            assert_eq!(answer.status, 503);
        }
        assert_unavailable(&waits.await.expect("an answer"));
        assert_eq!((status(&shop, "/healthz").await, ready), (200, 503));
        let whole = until(async || shop.node.system.db.pool_size() == (0, 0));
        tokio::time::timeout(SOON, whole).await.expect("every connection is given up");

        // What was open never says anything again; new connections are good, and nothing has to be restarted.
        wire.forget();
        let asking = (0..8).map(|_| shop.anonymous()).map(|visitor| async move { names(&visitor).await });
        for names in futures::future::join_all(asking).await {
            assert_eq!(names, ["Oak"]);
        }
        shop.brand("Elm").await;
        assert_eq!(status(&shop, "/readyz").await, 200);
    });
}

#[test]
fn promise_p24_a_server_that_stops_does_not_wait_for_a_database_that_is_silent() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let (mut shop, wire) =
            behind_a_wire(db, |config| config.database.statement_timeout = Duration::from_secs(600)).await;
        let table = shop.db().begin().await.expect("a transaction");
        table.execute_unprepared("LOCK TABLE brands IN ACCESS EXCLUSIVE MODE").await.expect("the lock");
        let waits = ask(shop.anonymous());
        until(async || waiting(&shop).await == 1).await;
        wire.hold();
        let stopped = tokio::time::timeout(SOON, shop.node.stop()).await.expect("an end in time");
        assert_eq!(stopped, Stopped::Cut(1));
        assert_eq!(in_use(&shop), 1, "it was not waited for");
        waits.abort();
    });
}

#[test]
fn fault_f18_a_begin_that_nobody_waited_for_leaves_no_transaction_open() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let (shop, wire) = behind_a_wire(db, |config| {
            config.database.pool_size = 1;
            config.edge.operation_timeout = Duration::from_secs(1);
        })
        .await;
        shop.brand("Oak").await;
        fill_the_pool(&shop, 1).await;
        let (_, open) = shop.node.system.db.pool_size();
        wire.hold();
        // The connection that writes is to begin a snapshot, and nobody waits for that.
        let inspected = tokio::time::timeout(Duration::from_millis(200), shop.node.system.db.inspect()).await;
        assert!(inspected.is_err());
        let given_up = shop.anonymous().query(BRANDS, json!({})).await;
        assert_unavailable(&given_up);
        assert_eq!(given_up.message(), "The operation took too long and was given up.");
        wire.resume();
        until(async || in_use(&shop) == 0).await;
        assert_eq!(shop.node.system.db.pool_size(), (0, open), "the connections were fine");
        shop.brand("Elm").await;
        assert_eq!(names(&shop.anonymous()).await, ["Elm", "Oak"]);
    });
}
