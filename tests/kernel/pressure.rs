//! A database that is held by others, or has no connection left.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use stoa::kernel::db::{Mode, Role};

use crate::harness::{Database, Shop, json};

const BRANDS: &str = "{ brands { totalCount } }";
const CREATE: &str =
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

async fn is_alive(shop: &Shop) -> bool {
    let answer = shop.client().get(format!("{}/healthz", shop.url())).send().await.expect("an answer");
    answer.status() == 200
}

/// Keeps every other writer out until it is dropped.
async fn hold(db: &DatabaseConnection, is_postgres: bool) -> sea_orm::DatabaseTransaction {
    let tx = db.begin().await.expect("a transaction");
    let sql = if is_postgres { "LOCK TABLE brands IN EXCLUSIVE MODE" } else { "UPDATE brands SET version = version" };
    tx.execute_unprepared(sql).await.expect("the lock");
    tx
}

both! {
    async fn fault_f16_while_another_holds_the_lock_writers_are_told_to_come_back(db: Database) {
        let shop = impatient(db).await;
        let (owner, is_postgres) = (shop.owner(), shop.database().is_postgres());
        let held = hold(shop.db(), is_postgres).await;
        let tries = (0..16).map(|place| owner.query(CREATE, json!({ "name": format!("Early {place}") })));
        for answer in futures::future::join_all(tries).await {
            assert_eq!(answer.code(), "UNAVAILABLE", "{answer}");
            assert!(answer.headers.contains_key("retry-after"), "{answer}");
        }
        // Who only reads is not kept out.
        assert_eq!(owner.query(BRANDS, json!({})).await.ok().number("brands.totalCount"), 0);
        held.rollback().await.expect("given back");
        owner.query(CREATE, json!({ "name": "Late" })).await.ok();
        assert_eq!(shop.number("SELECT COUNT(*) FROM brands").await, 1, "what was refused was not written");
    }

    async fn fault_f16_sixty_four_writers_at_once_all_write(db: Database) {
        let shop = Shop::open_with(db, |config| config.database.acquire_timeout = Duration::from_secs(30)).await;
        let owner = shop.owner();
        let tries = (0..64).map(|place| owner.query(CREATE, json!({ "name": format!("Brand {place}") })));
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
            assert_eq!((answer.status, answer.code()), (503, "UNAVAILABLE"), "{answer}");
            assert!(answer.headers.contains_key("retry-after"), "{answer}");
        }
        assert!(is_alive(&shop).await);
        for conn in taken {
            conn.rollback().await;
        }
        visitor.query(BRANDS, json!({})).await.ok();
    }

    async fn attack_h06_a_client_that_goes_away_gives_its_connection_back(db: Database) {
        let shop = impatient(db).await;
        let owner = shop.owner();
        for round in 0..60_u64 {
            let asked = owner.query(CREATE, json!({ "name": format!("Brand {round}") }));
            let _ = tokio::time::timeout(Duration::from_micros(200 + round * 50), asked).await;
        }
        // Whatever was broken off: nothing is held, nothing half-written.
        for _ in 0..5 {
            owner.query(BRANDS, json!({})).await.ok();
        }
        owner.query(CREATE, json!({ "name": "After" })).await.ok();
        let brands = shop.number("SELECT COUNT(*) FROM brands").await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM audit_logs").await, brands);
        assert_eq!(shop.number("SELECT COUNT(*) FROM domain_events").await, brands);
    }
}
