//! Stories of holes in the wall, which the self-check must find.

use std::sync::atomic::{AtomicU32, Ordering};

use migration::{Roles, wall_problems};
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, PgConnection};

use super::run;

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
