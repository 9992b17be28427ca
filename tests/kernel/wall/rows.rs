//! Stories of the database's own part of the wall, without the filters of the code.

use migration::{GUARDED_TABLES, Roles};
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

use super::run;
use crate::harness::{Backend, Shop, json};

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

/// One row for each of two stores in every guarded table, whatever the table wants: its promises other
/// than the key are taken away first.
async fn fill(shop: &Shop, tables: &[&str], stores: [&str; 2]) {
    run(shop.db(), "SET session_replication_role = replica").await;
    let sql = "SELECT t.relname::text, c.conname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
               JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema() WHERE c.contype IN ('c', 'f')";
    for row in shop.texts(sql).await {
        run(shop.db(), &format!("ALTER TABLE \"{}\" DROP CONSTRAINT IF EXISTS \"{}\"", row[0], row[1])).await;
    }
    for table in tables {
        for store in stores {
            run(shop.db(), &insert(shop, table, store).await).await;
        }
    }
}

/// A statement that writes any row of a store.
async fn insert(shop: &Shop, table: &str, store: &str) -> String {
    let columns = shop
        .texts(&format!(
            "SELECT column_name::text, CASE WHEN column_name = 'store_id' THEN '{store}' ELSE CASE udt_name \
                 WHEN 'uuid' THEN 'gen_random_uuid()' WHEN 'text' THEN 'gen_random_uuid()::text' WHEN 'varchar' THEN '''x''' WHEN 'bool' THEN 'false' \
                 WHEN 'jsonb' THEN '''{{}}''' WHEN 'json' THEN '''{{}}''' WHEN 'bytea' THEN 'decode(md5(random()::text), ''hex'')' \
                 WHEN 'timestamptz' THEN 'now()' WHEN 'date' THEN 'now()' ELSE '1' END END \
             FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{table}' \
             AND is_generated = 'NEVER' AND is_identity = 'NO'"
        ))
        .await;
    let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column[0])).collect();
    let values: Vec<&str> = columns.iter().map(|column| column[1].as_str()).collect();
    format!("INSERT INTO \"{table}\" ({}) SELECT {}", names.join(", "), values.join(", "))
}

/// "Seen to work" 6: the wall stands without the filters of the code.
#[test]
fn attack_t23_the_database_alone_keeps_each_store_to_itself() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open(db).await;
        shop.database().is_taken_apart();
        let Roles { app, .. } = migration::roles(shop.db()).await.expect("an answer").expect("two roles");
        let (ours, theirs) = (shop.literal(shop.linden.store()), shop.literal(shop.rival.store()));
        let ours_as_text = ours.replace("'", "''");
        let theirs_as_text = theirs.replace("'", "''");
        let tables: Vec<&str> = GUARDED_TABLES.iter().map(|(table, _)| *table).collect();
        // The one connection that fills the tables; the pool of the story has two.
        let keys = [ours_as_text.as_str(), theirs_as_text.as_str()];
        fill(&shop, &tables, keys).await;

        for table in tables {
            let count = async |tx: &sea_orm::DatabaseTransaction, filter: &str| -> i64 {
                let sql = format!("SELECT count(*) FROM \"{table}\" {filter}");
                let row = tx.query_one_raw(sea_orm::Statement::from_string(tx.get_database_backend(), sql)).await;
                row.expect("an answer").expect("a row").try_get_by_index(0).expect("a number")
            };
            let tx = shop.db().begin().await.expect("a transaction");
            assert!(count(&tx, &format!("WHERE store_id = {ours}")).await > 0, "{table}: nothing to see");
            assert!(count(&tx, &format!("WHERE store_id = {theirs}")).await > 0, "{table}: nothing to see");
            tx.execute_unprepared(&format!("SET LOCAL ROLE \"{app}\"")).await.expect("the role");
            assert_eq!(count(&tx, "").await, 0, "{table} shows rows where no store is named");
            for nothing in ["''", "'00000000-0000-0000-0000-000000000000'"] {
                tx.execute_unprepared(&format!("SET LOCAL stoa.store_id = {nothing}")).await.expect("the setting");
                assert_eq!(count(&tx, "").await, 0, "{table} shows rows to {nothing}");
            }
            tx.execute_unprepared(&format!("SET LOCAL stoa.store_id = {}", ours.replace("::uuid", "")))
                .await
                .expect("the setting");
            assert!(count(&tx, "").await > 0, "{table} hides a store's own rows");
            assert_eq!(count(&tx, &format!("WHERE store_id <> {ours}")).await, 0, "{table} shows another store's rows");
            tx.rollback().await.expect("the end");

            // To write into another store is refused: a new row, and one that moves there.
            let writes = [
                insert(&shop, table, &theirs_as_text).await,
                format!("UPDATE \"{table}\" SET store_id = {theirs} WHERE store_id = {ours}"),
            ];
            for write in writes {
                let tx = shop.db().begin().await.expect("a transaction");
                let enter =
                    format!("SET LOCAL ROLE \"{app}\"; SET LOCAL stoa.store_id = {}", ours.replace("::uuid", ""));
                tx.execute_unprepared(&enter).await.expect("the role");
                let refused = tx.execute_unprepared(&write).await.expect_err("a refusal");
                let message = refused.to_string();
                let expected = ["row-level security policy", "permission denied"];
                assert!(expected.iter().any(|text| message.contains(text)), "{write}: {message}");
                tx.rollback().await.expect("the end");
            }
            let tx = shop.db().begin().await.expect("a transaction");
            let enter = format!("SET LOCAL ROLE \"{app}\"; SET LOCAL stoa.store_id = {}", ours.replace("::uuid", ""));
            tx.execute_unprepared(&enter).await.expect("the role");
            match tx.execute_unprepared(&format!("DELETE FROM \"{table}\" WHERE store_id = {theirs}")).await {
                Ok(done) => assert_eq!(done.rows_affected(), 0, "{table}"),
                Err(error) => assert!(error.to_string().contains("permission denied"), "{table}: {error}"),
            }
        }
    });
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
}
