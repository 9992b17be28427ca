//! The wall between stores, with the rows of two of them behind it.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

use crate::harness::ledger::rows;
use crate::harness::{Actor, Shop, json};

const BRANDS: &str = "{ brands(first: 100) { nodes { id name } } }";

/// How many rows of a table a role sees, inside a store or in none.
async fn seen(db: &DatabaseConnection, role: &str, store: Option<&str>, table: &str) -> String {
    let tx = db.begin().await.expect("a transaction");
    tx.execute_unprepared(&format!("SET LOCAL ROLE \"{role}\"")).await.expect("the role");
    if let Some(store) = store {
        tx.execute_unprepared(&format!("SET LOCAL stoa.store_id = '{store}'")).await.expect("the store");
    }
    let sql = format!("SELECT COUNT(*)::text AS n FROM {table}");
    let row = tx.query_one_raw(sea_orm::Statement::from_string(tx.get_database_backend(), sql)).await;
    let count = row.expect("an answer").expect("a row").try_get_by_index(0).expect("a count");
    tx.rollback().await.expect("rolled back");
    count
}

both! {
    async fn attack_t23_without_a_store_the_servers_role_sees_no_row_of_any_store(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Acme").await;
        shop.brand_of_rival("Acme").await;
        if shop.database().is_sqlite() {
            // There is no such wall here; the scope that starts each query is the only one.
            assert_eq!(migration::roles(shop.db()).await.expect("an answer"), None);
            assert_eq!(shop.anonymous().query(BRANDS, json!({})).await.ok().data("brands.nodes").as_array().unwrap().len(), 1);
            return;
        }
        let roles = migration::roles(shop.db()).await.expect("an answer").expect("the roles");
        let (linden, rival) = (shop.linden.store().0.to_string(), shop.rival.store().0.to_string());
        for (table, _) in migration::GUARDED_TABLES {
            assert_eq!(seen(shop.db(), &roles.app, None, table).await, "0", "{table}");
            assert_eq!(seen(shop.db(), &roles.app, Some(""), table).await, "0", "{table}");
        }
        for table in ["brands", "audit_logs", "domain_events"] {
            assert_eq!(seen(shop.db(), &roles.app, Some(&linden), table).await, "1", "{table}");
            assert_eq!(seen(shop.db(), &roles.app, Some(&rival), table).await, "1", "{table}");
            assert_eq!(shop.number(&format!("SELECT COUNT(*) FROM {table}")).await, 2, "{table}");
        }
        assert_eq!(migration::wall_problems(shop.db()).await.expect("an answer"), Vec::<String>::new());
    }

    async fn attack_t24_fault_f25_no_row_crosses_over_two_connections_whatever_breaks_off(db: Database) {
        let shop = Shop::open_with(db, |config| {
            config.database.pool_size = 2;
            config.database.acquire_timeout = Duration::from_secs(20);
        })
        .await;
        for number in 0..3 {
            shop.brand(&format!("Linden {number}")).await;
            shop.brand_of_rival(&format!("Rival {number}")).await;
        }
        let linden = [shop.owner(), shop.anonymous(), shop.storefront_token()];
        let rival = [shop.rival(), shop.anonymous().in_store("rival")];
        let ask = async |who: &Actor, own: &str, patience: Option<Duration>| {
            let asked = who.query(BRANDS, json!({}));
            let answer = match patience {
                None => asked.await,
                Some(patience) => match tokio::time::timeout(patience, asked).await {
                    Ok(answer) => answer,
                    // The client is gone: the server drops the work where it is.
                    Err(_) => return 0,
                },
            };
            let names = answer.clone().ok();
            let names = names.texts("brands.nodes", "name");
            assert!(names.len() == 3 && names.iter().all(|name| name.starts_with(own)), "{own}: {answer}");
            1
        };
        let mut answered = 0;
        for round in 0..40_u64 {
            // Some have no patience, and how long that is differs from one to the next.
            let patience = |place: u64| place.is_multiple_of(3).then(|| Duration::from_micros((round * 131 + place * 977) % 4_000));
            let asked = (0..12_u64).map(|place| {
                let ask = &ask;
                let (linden, rival) = (&linden, &rival);
                async move {
                    if (place + round) % 2 == 0 {
                        ask(&linden[place as usize % 3], "Linden", patience(place)).await
                    } else {
                        ask(&rival[place as usize % 2], "Rival", patience(place)).await
                    }
                }
            });
            answered += futures::future::join_all(asked).await.into_iter().sum::<u32>();
        }
        assert!(answered >= 320, "{answered}");
        if shop.database().is_postgres() {
            // Nothing is left over on the server's own connections.
            let pool = shop.node.system.db.owner();
            for _ in 0..4 {
                let sql = "SELECT coalesce(current_setting('stoa.store_id', true), ''), \
                           CASE WHEN current_user = session_user THEN '' ELSE current_user::text END";
                assert_eq!(rows(&pool, sql).await, [["", ""]]);
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

    async fn promise_p04_a_right_that_is_taken_away_is_gone_on_the_next_request_at_every_node(db: Database) {
        let shop = Shop::open(db).await;
        let node = shop.second_node().await;
        let staff = shop.staff([rules::permission::Permission::CollectionsRead]).await;
        let there = shop.on(&node, &staff);
        let deleted = "{ brands(filter: { deleted: true }) { totalCount } }";
        for who in [&staff, &there] {
            who.query(deleted, json!({})).await.ok();
        }
        shop.execute("DELETE FROM role_permissions").await;
        for who in [&staff, &there] {
            assert_eq!(who.query(deleted, json!({})).await.code(), "FORBIDDEN");
        }
        shop.wait(TimeDelta::hours(1));
        for who in [&staff, &there] {
            assert_eq!(who.query(deleted, json!({})).await.code(), "UNAUTHENTICATED", "an access token lives an hour");
        }
    }
}
