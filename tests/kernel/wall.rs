//! Stories of the wall between stores.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use migration::{GUARDED_TABLES, Roles, wall_problems};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

use super::{in_use, until};
use crate::harness::{Backend, Shop, json};

/// A database with roles of its own, for stories that change roles: those belong to the whole cluster.
struct Fresh {
    url: String,
    name: String,
    server: String,
}

impl Fresh {
    fn create(runtime: &tokio::runtime::Runtime) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var("STOA_TEST_POSTGRES_URL").expect("a cluster for tests: run `scripts/test`");
        // The name is one of the harness's, which takes it and its roles away should this process die.
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("stoa_test_{}_wall{count}", std::process::id());
        let mut address = url::Url::parse(&server).expect("an address");
        address.set_path(&name);
        let fresh = Self { url: address.to_string(), name, server };
        runtime.block_on(fresh.on_server(&[format!("CREATE DATABASE {}", fresh.name)]));
        fresh
    }

    async fn on_server(&self, statements: &[String]) {
        let mut server = PgConnection::connect(&self.server).await.expect("the cluster");
        for sql in statements {
            sqlx::raw_sql(AssertSqlSafe(sql.clone()))
                .execute(&mut server)
                .await
                .unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }
}

fn with_fresh<F: Future<Output = ()>>(story: impl FnOnce(DatabaseConnection) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let fresh = Fresh::create(&runtime);
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        runtime.block_on(async {
            let mut options = sea_orm::ConnectOptions::new(&fresh.url);
            options.max_connections(1).sqlx_logging(false);
            let db = sea_orm::Database::connect(options).await.expect("a connection");
            story(db).await;
        });
    }));
    let name = &fresh.name;
    runtime.block_on(fresh.on_server(&[
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        format!("DROP ROLE IF EXISTS {name}_app"),
        format!("DROP ROLE IF EXISTS {name}_platform"),
        format!("DROP ROLE IF EXISTS {name}_other"),
    ]));
    if let Err(panic) = told {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn attack_t23_the_self_check_finds_every_hole_in_the_wall() {
    with_fresh(|db| async move {
        let problems = wall_problems(&db).await.expect("an answer");
        assert_eq!(problems, ["Row-level security is not set up: run `stoa migrate up`."]);
        migration::up_locked(&db).await.expect("the migrations");
        assert_eq!(wall_problems(&db).await.expect("an answer"), [""; 0]);

        let Roles { app, platform } = migration::roles(&db).await.expect("an answer").expect("two roles");
        let other = app.replace("_app", "_other");
        run(&db, &format!("CREATE ROLE {other} NOLOGIN")).await;
        let own = "store_id = nullif(current_setting('stoa.store_id', true), '')::uuid";
        let policy = |using: &str, check: &str| {
            format!(
                "DROP POLICY stoa_store ON brands; \
                 CREATE POLICY stoa_store ON brands TO {app} USING ({using}) WITH CHECK ({check})"
            )
        };
        // What is done, what undoes it, and a word of the sentence that tells.
        let holes = [
            (format!("ALTER ROLE {app} SUPERUSER"), format!("ALTER ROLE {app} NOSUPERUSER"), "superuser"),
            (format!("ALTER ROLE {app} BYPASSRLS"), format!("ALTER ROLE {app} NOBYPASSRLS"), "bypasses"),
            (format!("ALTER ROLE {platform} BYPASSRLS"), format!("ALTER ROLE {platform} NOBYPASSRLS"), "bypasses"),
            (format!("ALTER ROLE {app} LOGIN"), format!("ALTER ROLE {app} NOLOGIN"), "log in"),
            (format!("GRANT {platform} TO {app}"), format!("REVOKE {platform} FROM {app}"), "more rights"),
            (
                format!("ALTER ROLE {other} BYPASSRLS; GRANT {other} TO {app}"),
                format!("REVOKE {other} FROM {app}; ALTER ROLE {other} NOBYPASSRLS"),
                "more rights",
            ),
            (
                format!("ALTER TABLE brands OWNER TO {app}"),
                format!(
                    "ALTER TABLE brands OWNER TO CURRENT_USER; GRANT SELECT, INSERT, UPDATE, DELETE ON brands TO {app}; REVOKE TRUNCATE, REFERENCES, TRIGGER ON brands FROM {app}"
                ),
                "owns the table",
            ),
            (
                format!("GRANT {other} TO {app}; ALTER TABLE brands OWNER TO {other}"),
                format!("ALTER TABLE brands OWNER TO CURRENT_USER; REVOKE {other} FROM {app}"),
                "belongs to its owner",
            ),
            (
                "ALTER TABLE brands DISABLE ROW LEVEL SECURITY".to_owned(),
                "ALTER TABLE brands ENABLE ROW LEVEL SECURITY".to_owned(),
                "no wall",
            ),
            ("CREATE TABLE wishes (store_id uuid NOT NULL)".to_owned(), "DROP TABLE wishes".to_owned(), "no wall"),
            (policy("true", "true"), policy(own, own), "no wall"),
            (policy(&format!("true OR {own}"), &format!("true OR {own}")), policy(own, own), "no wall"),
            (policy(&format!("{own} OR name = 'x'"), &format!("{own} OR name = 'x'")), policy(own, own), "no wall"),
            (policy(own, "true"), policy(own, own), "no wall"),
            (
                format!("CREATE POLICY more ON brands TO {app} USING (true)"),
                "DROP POLICY more ON brands".to_owned(),
                "not known here",
            ),
            (
                format!("CREATE POLICY stoa_platform ON brands TO {platform} USING (true)"),
                "DROP POLICY stoa_platform ON brands".to_owned(),
                "not known here",
            ),
            (
                "CREATE VIEW all_brands AS SELECT * FROM brands".to_owned(),
                "DROP VIEW all_brands".to_owned(),
                "rights of its owner",
            ),
            (
                "CREATE VIEW all_brands WITH (security_invoker = false) AS SELECT * FROM brands".to_owned(),
                "DROP VIEW all_brands".to_owned(),
                "rights of its owner",
            ),
            (
                "CREATE MATERIALIZED VIEW kept AS SELECT * FROM brands".to_owned(),
                "DROP MATERIALIZED VIEW kept".to_owned(),
                "no policy guards",
            ),
            (
                "CREATE FUNCTION peep() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM brands'"
                    .to_owned(),
                "DROP FUNCTION peep()".to_owned(),
                "SECURITY DEFINER",
            ),
            (format!("GRANT TRUNCATE ON brands TO {app}"), format!("REVOKE TRUNCATE ON brands FROM {app}"), "TRUNCATE"),
            (
                "GRANT TRUNCATE ON brands TO PUBLIC".to_owned(),
                "REVOKE TRUNCATE ON brands FROM PUBLIC".to_owned(),
                "TRUNCATE",
            ),
            (
                format!("GRANT DELETE ON audit_logs TO {app}"),
                format!("REVOKE DELETE ON audit_logs FROM {app}"),
                "appended",
            ),
            (
                format!("GRANT UPDATE (after) ON audit_logs TO {app}"),
                format!("REVOKE UPDATE (after) ON audit_logs FROM {app}"),
                "appended",
            ),
        ];
        for (hole, mending, word) in holes {
            run(&db, &hole).await;
            let problems = wall_problems(&db).await.expect("an answer");
            assert!(problems.iter().any(|problem| problem.contains(word)), "{hole}: {problems:?}");
            run(&db, &mending).await;
            assert_eq!(wall_problems(&db).await.expect("an answer"), [""; 0], "{mending}");
        }
        // What reads with the rights of whom it serves is no hole.
        run(&db, "CREATE VIEW own_brands WITH (security_invoker = true) AS SELECT * FROM brands").await;
        assert_eq!(wall_problems(&db).await.expect("an answer"), [""; 0]);
    });
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
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

/// How many requests come on each kind of database.
const REQUESTS: usize = 1_500;

/// How many callers ask at once.
const AT_ONCE: usize = 12;

both! {
    async fn attack_t24_requests_of_two_stores_on_two_connections_never_cross(db: Database) {
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
        let ask = async || {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed) as usize;
                if n >= REQUESTS {
                    break;
                }
                let (actor, mark, theirs) = match n % 4 {
                    0 => (shop.owner(), "Linden", &foreign),
                    1 => (shop.rival(), "Rival", &own),
                    2 => (shop.anonymous(), "Linden", &foreign),
                    _ => (shop.anonymous().in_store("rival"), "Rival", &own),
                };
                let (document, variables) = match n % 10 {
                    0 | 1 if n % 4 < 2 => (
                        "mutation($id: ID!, $name: String!) { brandCreate(input: { name: $name }) { brand { name } userErrors { code } } }",
                        json!({ "id": theirs, "name": format!("{mark} {n} more") }),
                    ),
                    2 if n % 4 < 2 => (
                        "mutation($id: ID!) { brandUpdate(id: $id, input: { name: \"Taken\" }) { brand { name } userErrors { code } } }",
                        json!({ "id": theirs }),
                    ),
                    3 => ("query($id: ID!) { brand(id: $id) { name } }", json!({ "id": theirs })),
                    _ => ("{ brands(first: 5, sort: NEWEST) { nodes { name } } }", json!({})),
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
            }
        };
        futures::future::join_all((0..AT_ONCE).map(|_| ask())).await;
        assert!(given_up.load(Ordering::Relaxed) > 20, "nobody went away");
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
}
