//! Up, down, up again, two nodes at once, and databases that are not ours.

use sea_orm::DatabaseConnection;

use crate::database::{TestDatabase, execute, number, texts};

async fn count_tables(database: &TestDatabase) -> i64 {
    let sql = if database.is_postgres() {
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
    };
    number(&database.db, sql).await
}

#[tokio::test]
async fn the_migrations_go_up_and_down_and_up_again() {
    for database in TestDatabase::each().await {
        let all = migration::pending(&database.db).await.expect("pending");
        assert_eq!(count_tables(&database).await, 0, "asking changes nothing");
        assert_eq!(all.first().map(String::as_str), Some("m0001_identity"));

        assert_eq!(migration::up_locked(&database.db).await.expect("up"), all);
        assert_eq!(migration::pending(&database.db).await.expect("pending"), [""; 0]);
        let tables = count_tables(&database).await;
        assert_eq!(migration::up_locked(&database.db).await.expect("up"), [""; 0]);

        assert_eq!(migration::down_locked(&database.db, Some(1)).await.expect("down"), ["m0014_row_level_security"]);
        assert_eq!(migration::pending(&database.db).await.expect("pending"), ["m0014_row_level_security"]);
        migration::down_locked(&database.db, None).await.expect("down");
        assert_eq!(count_tables(&database).await, 2, "the two tables that remember migrations");
        if database.is_postgres() {
            let sql = format!("SELECT count(*) FROM pg_roles WHERE rolname LIKE '{}%'", database.name);
            assert_eq!(number(&database.db, &sql).await, 2, "roles stay");
        }

        migration::up_locked(&database.db).await.expect("up again");
        assert_eq!(count_tables(&database).await, tables);
        assert_eq!(migration::wall_problems(&database.db).await.expect("answers"), [""; 0]);
        database.remove().await;
    }
}

#[tokio::test]
async fn two_nodes_that_start_at_once_migrate_once() {
    for database in TestDatabase::each().await {
        let node = |db: DatabaseConnection| async move { migration::up_locked(&db).await.expect("up").len() };
        let (one, other) = tokio::join!(node(database.db.clone()), node(database.db.clone()));
        assert_eq!((one.min(other), one.max(other)), (0, 14));
        database.remove().await;
    }
}

#[tokio::test]
async fn a_database_of_an_older_set_is_refused_and_left_alone() {
    for database in TestDatabase::each_migrated().await {
        execute(&database.db, "UPDATE schema_fingerprint SET digest = 'x' WHERE version = 'm0003_catalog'")
            .await
            .expect("an older text");
        let said = migration::up_locked(&database.db).await.expect_err("refused").to_string();
        assert!(said.contains("m0003_catalog") && said.contains("another version of Stoa"), "{said}");
        assert!(migration::pending(&database.db).await.is_err());
        assert!(migration::down_locked(&database.db, None).await.is_err());

        execute(&database.db, "INSERT INTO seaql_migrations VALUES ('m9999_future', 0)").await.expect("a newer one");
        let said = migration::pending(&database.db).await.expect_err("refused").to_string();
        assert!(said.contains("m9999_future"), "{said}");
        database.remove().await;
    }
}

#[tokio::test]
async fn who_may_not_create_roles_is_told_what_an_administrator_must_run() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let keeper = format!("{}_keeper", database.name);
    execute(&database.db, &format!("CREATE ROLE {keeper} LOGIN")).await.expect("a login");
    execute(&database.db, &format!("ALTER DATABASE {} OWNER TO {keeper}", database.name)).await.expect("an owner");
    let db = database.login(&keeper).await;

    let said = migration::up_locked(&db).await.expect_err("refused").to_string();
    assert_eq!(count_tables(&database).await, 0, "nothing is left half done");
    let sql: Vec<_> = said.lines().filter(|line| line.ends_with(';')).collect();
    assert_eq!(sql.len(), 3, "{said}");
    execute(&database.db, sql[0]).await.expect("as printed");
    assert!(migration::up_locked(&db).await.is_err());
    for line in &sql[1..] {
        execute(&database.db, line).await.expect("as printed");
    }

    migration::up_locked(&db).await.expect("up");
    assert_eq!(migration::wall_problems(&db).await.expect("answers"), [""; 0]);
    assert_eq!(migration::login_advice(&db).await.expect("advice").len(), 1, "it owns the tables");
    db.close().await.expect("closed");
    database.remove().await;
}

#[tokio::test]
async fn a_copy_keeps_the_roles_of_its_original() {
    let Some(database) = TestDatabase::postgres().await else { return };
    migration::up_locked(&database.db).await.expect("up");
    let roles = migration::roles(&database.db).await.expect("roles");
    let (original, copy) = database.copied().await;
    assert_eq!(migration::roles(&copy.db).await.expect("roles"), roles);
    assert_eq!(roles.expect("roles").app, format!("{}_app", original.name));
    assert_eq!(migration::wall_problems(&copy.db).await.expect("answers"), [""; 0]);
    assert_eq!(texts(&copy.db, "SELECT version FROM schema_fingerprint").await.len(), 14);
    copy.remove().await;
    original.remove().await;
}
