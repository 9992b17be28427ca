//! The wall between stores on PostgreSQL, and the self-check that sees each hole in it.

use entity::scope::TENANT_TABLES;
use rules::ids::StoreId;
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};

use crate::database::{TestDatabase, execute, number};
use crate::shop::Shop;

/// Begins a transaction as the server does.
async fn request(db: &DatabaseConnection, role: &str, store: Option<StoreId>) -> DatabaseTransaction {
    let tx = db.begin().await.expect("a transaction");
    execute(&tx, &format!("SET LOCAL ROLE {role}")).await.expect("the role");
    if let Some(StoreId(store)) = store {
        execute(&tx, &format!("SET LOCAL stoa.store_id = '{store}'")).await.expect("the setting");
    }
    tx
}

#[tokio::test]
async fn attack_t23_without_the_setting_no_table_of_a_store_shows_a_row() {
    let Some(database) = TestDatabase::postgres().await else { return };
    migration::up_locked(&database.db).await.expect("up");
    let roles = migration::roles(&database.db).await.expect("roles").expect("roles");
    let (ours, theirs) = (Shop::open(&database.db, "ours").await, Shop::open(&database.db, "theirs").await);

    let all = ours.counts(&database.db).await;
    assert!(all.iter().all(|(_, rows)| *rows >= 2), "both shops have a row everywhere: {all:?}");

    let nowhere = request(&database.db, &roles.app, None).await;
    assert!(ours.counts(&nowhere).await.iter().all(|(_, rows)| *rows == 0));
    nowhere.rollback().await.expect("rolled back");

    let inside = request(&database.db, &roles.app, Some(ours.store)).await;
    for ((table, seen), (_, all)) in ours.counts(&inside).await.into_iter().zip(&all) {
        assert_eq!(seen * 2, *all, "{table}");
        let foreign = format!("SELECT count(*) FROM {table} WHERE store_id = '{}'", theirs.store.0);
        assert_eq!(number(&inside, &foreign).await, 0, "{table}");
    }
    let changed = execute(&inside, "UPDATE products SET title = 'x', version = version + 1").await.expect("changed");
    assert_eq!(changed, 1, "a statement without a condition reaches our rows only");
    inside.rollback().await.expect("rolled back");

    let inside = request(&database.db, &roles.app, Some(ours.store)).await;
    let smuggled = format!("INSERT INTO store_locales VALUES ('{}', 'fr')", theirs.store.0);
    let refused = execute(&inside, &smuggled).await.expect_err("refused").to_string();
    assert!(refused.contains("row-level security"), "{refused}");
    inside.rollback().await.expect("rolled back");

    let moved = request(&database.db, &roles.app, Some(ours.store)).await;
    let refused = execute(&moved, &format!("UPDATE store_locales SET store_id = '{}'", theirs.store.0)).await;
    assert!(refused.expect_err("refused").to_string().contains("row-level security"));
    moved.rollback().await.expect("rolled back");

    for setting in ["''", "'x'"] {
        let tx = request(&database.db, &roles.app, None).await;
        execute(&tx, &format!("SET LOCAL stoa.store_id = {setting}")).await.expect("the setting");
        let rows = execute(&tx, "SELECT 1 FROM products").await;
        assert!(matches!(rows, Ok(0) | Err(_)), "an empty setting shows nothing, a broken one is an error");
        tx.rollback().await.expect("rolled back");
    }
    database.remove().await;
}

#[tokio::test]
async fn the_platform_role_reaches_its_list_and_nothing_else() {
    let Some(database) = TestDatabase::postgres().await else { return };
    migration::up_locked(&database.db).await.expect("up");
    let roles = migration::roles(&database.db).await.expect("roles").expect("roles");
    Shop::open(&database.db, "ours").await;
    for table in TENANT_TABLES {
        let tx = request(&database.db, &roles.platform, None).await;
        let rows = execute(&tx, &format!("SELECT 1 FROM {table}")).await;
        match migration::PLATFORM_TABLES.iter().any(|(reached, _)| reached == table) {
            true => assert_eq!(rows.expect("reached"), 1, "{table}"),
            false => assert!(rows.expect_err("refused").to_string().contains("permission denied"), "{table}"),
        }
        tx.rollback().await.expect("rolled back");
    }
    for (sql, allowed) in [
        ("UPDATE api_tokens SET last_used_at = now(), last_write_xid = 1", true),
        ("UPDATE api_tokens SET name = 'x'", false),
        ("UPDATE domain_events SET relayed_at = now()", true),
        ("UPDATE domain_events SET payload = '{}'", false),
        ("SELECT 1 FROM domain_events FOR UPDATE SKIP LOCKED", true),
        ("UPDATE stores SET name = 'x'", false),
        ("SELECT store_id, id FROM payment_provider_configs", true),
        ("SELECT secret_key_sealed FROM payment_provider_configs", false),
        ("SELECT * FROM payment_provider_configs", false),
    ] {
        let tx = request(&database.db, &roles.platform, None).await;
        assert_eq!(execute(&tx, sql).await.is_ok(), allowed, "{sql}");
        tx.rollback().await.expect("rolled back");
    }
    database.remove().await;
}

#[tokio::test]
async fn history_can_only_be_appended_to() {
    let Some(database) = TestDatabase::postgres().await else { return };
    migration::up_locked(&database.db).await.expect("up");
    let roles = migration::roles(&database.db).await.expect("roles").expect("roles");
    let shop = Shop::open(&database.db, "ours").await;
    for table in [
        "audit_logs",
        "inventory_movements",
        "domain_events",
        "payment_events",
        "gift_card_entries",
        "store_credit_entries",
        "inbound_webhooks",
    ] {
        for sql in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET id = id"), format!("TRUNCATE {table}")]
        {
            let tx = request(&database.db, &roles.app, Some(shop.store)).await;
            let refused = execute(&tx, &sql).await.expect_err(&sql).to_string();
            assert!(refused.contains("permission denied"), "{sql}: {refused}");
            tx.rollback().await.expect("rolled back");
        }
    }
    database.remove().await;
}

#[tokio::test]
async fn attack_t23_the_self_check_sees_every_hole_in_the_wall() {
    let Some(database) = TestDatabase::postgres().await else { return };
    migration::up_locked(&database.db).await.expect("up");
    let roles = migration::roles(&database.db).await.expect("roles").expect("roles");
    let (app, platform) = (&roles.app, &roles.platform);
    assert_eq!(migration::wall_problems(&database.db).await.expect("answers"), [""; 0]);

    for (hole, seen) in [
        (format!("ALTER ROLE {app} SUPERUSER"), "is a superuser"),
        (format!("ALTER ROLE {app} BYPASSRLS"), "bypasses"),
        (format!("ALTER ROLE {platform} LOGIN"), "can log in"),
        (format!("GRANT {platform} TO {app}"), "belongs to the role"),
        (format!("GRANT CREATE ON SCHEMA public TO {app}; ALTER TABLE products OWNER TO {app}"), "owns the table"),
        ("ALTER TABLE products DISABLE ROW LEVEL SECURITY".to_owned(), "no wall"),
        ("DROP POLICY stoa_store ON tags".to_owned(), "no wall"),
        (format!("ALTER POLICY stoa_store ON tags TO {platform}"), "not known here"),
        ("ALTER POLICY stoa_store ON tags USING (true)".to_owned(), "no wall"),
        ("ALTER POLICY stoa_store ON tags WITH CHECK (true)".to_owned(), "no wall"),
        ("CREATE POLICY extra ON tags USING (true)".to_owned(), "not known here"),
        ("CREATE TABLE forgotten (store_id uuid)".to_owned(), "no wall"),
        ("CREATE VIEW peephole AS SELECT * FROM products".to_owned(), "The view"),
        ("CREATE MATERIALIZED VIEW hoard AS SELECT * FROM products".to_owned(), "materialized"),
        (
            "CREATE FUNCTION door() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'".to_owned(),
            "SECURITY DEFINER",
        ),
        (format!("GRANT TRUNCATE ON products TO {app}"), "TRUNCATE"),
        (format!("GRANT UPDATE (action) ON audit_logs TO {app}"), "only appended"),
    ] {
        let tx = database.db.begin().await.expect("a transaction");
        for statement in hole.split("; ") {
            execute(&tx, statement).await.expect("a hole");
        }
        let problems = migration::wall_problems(&tx).await.expect("answers");
        assert!(problems.iter().any(|problem| problem.contains(seen)), "{hole}: {problems:?}");
        tx.rollback().await.expect("rolled back");
    }

    let tx = database.db.begin().await.expect("a transaction");
    execute(&tx, "CREATE VIEW clear WITH (security_invoker = true) AS SELECT * FROM products").await.expect("a view");
    assert_eq!(migration::wall_problems(&tx).await.expect("answers"), [""; 0]);
    tx.rollback().await.expect("rolled back");
    database.remove().await;
}

#[tokio::test]
async fn attack_t23_a_login_without_rights_is_seen_and_one_with_them_serves() {
    let Some(database) = TestDatabase::postgres().await else { return };
    migration::up_locked(&database.db).await.expect("up");
    let roles = migration::roles(&database.db).await.expect("roles").expect("roles");
    let shop = Shop::open(&database.db, "ours").await;
    let keeper = format!("{}_keeper", database.name);
    execute(&database.db, &format!("CREATE ROLE {keeper} LOGIN NOINHERIT")).await.expect("a login");
    let db = database.login(&keeper).await;
    assert_eq!(migration::wall_problems(&db).await.expect("answers").len(), 2, "one sentence for each role");

    execute(&database.db, &format!("GRANT {}, {} TO {keeper}", roles.app, roles.platform)).await.expect("granted");
    assert_eq!(migration::wall_problems(&db).await.expect("answers"), [""; 0]);
    assert_eq!(migration::login_advice(&db).await.expect("advice"), [""; 0]);
    assert!(execute(&db, "SELECT 1 FROM products").await.is_err(), "outside the roles it sees nothing");
    let inside = request(&db, &roles.app, Some(shop.store)).await;
    assert_eq!(number(&inside, "SELECT count(*) FROM products").await, 1);
    inside.rollback().await.expect("rolled back");
    assert_eq!(migration::pending(&db).await.expect("pending"), [""; 0], "it sees what was applied");
    let applied = request(&db, &roles.app, None).await;
    assert_eq!(migration::pending(&applied).await.expect("pending"), [""; 0]);
    applied.rollback().await.expect("rolled back");
    db.close().await.expect("closed");
    database.remove().await;
}
