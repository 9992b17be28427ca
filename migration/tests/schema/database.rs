//! A database of its own for each test.

use std::io::Write;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};
use tempfile::TempDir;
use uuid::Uuid;

/// An empty database, gone when the test is done.
pub struct TestDatabase {
    pub db: DatabaseConnection,
    /// The name on PostgreSQL; empty on SQLite.
    pub name: String,
    admin: Option<DatabaseConnection>,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
        let db = connect(&url).await;
        Self { db, name: String::new(), admin: None, _folder: Some(folder) }
    }

    /// None where no cluster was named.
    pub async fn postgres() -> Option<Self> {
        let Ok(base) = std::env::var("STOA_TEST_POSTGRES_URL") else {
            // Past the capture of the test runner, which would swallow it for a test that passes.
            let said = writeln!(std::io::stderr(), "SKIPPED on PostgreSQL: STOA_TEST_POSTGRES_URL is not set");
            said.expect("standard error");
            return None;
        };
        let name = format!("migration_{}", Uuid::now_v7().simple());
        let admin = connect(&base).await;
        execute(&admin, &format!("CREATE DATABASE {name}")).await.expect("a database");
        let db = connect(&at(&base, &name)).await;
        Some(Self { db, name, admin: Some(admin), _folder: None })
    }

    /// Both, as far as they are there.
    pub async fn each() -> Vec<Self> {
        [Some(Self::sqlite().await), Self::postgres().await].into_iter().flatten().collect()
    }

    /// Both, migrated.
    pub async fn each_migrated() -> Vec<Self> {
        let databases = Self::each().await;
        for database in &databases {
            migration::up_locked(&database.db).await.expect("the migrations");
        }
        databases
    }

    /// The same database under another login.
    pub async fn login(&self, user: &str) -> DatabaseConnection {
        let base = std::env::var("STOA_TEST_POSTGRES_URL").expect("a cluster");
        let (scheme, rest) = base.split_once("://").expect("an address");
        let host = rest.split_once('@').map_or(rest, |(_, host)| host);
        connect(&at(&format!("{scheme}://{user}@{host}"), &self.name)).await
    }

    /// Another database made as a copy of this one, which is closed for that.
    pub async fn copied(self) -> (Self, Self) {
        let base = std::env::var("STOA_TEST_POSTGRES_URL").expect("a cluster");
        let admin = connect(&base).await;
        self.db.close_by_ref().await.expect("closed");
        let name = format!("{}_copy", self.name);
        execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE {}", self.name)).await.expect("a copy");
        let db = connect(&at(&base, &name)).await;
        (self, Self { db, name, admin: Some(admin), _folder: None })
    }

    pub fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == DbBackend::Postgres
    }

    /// Takes the database away, with the roles that are named after it.
    pub async fn remove(self) {
        let Self { db, name, admin, .. } = self;
        db.close().await.expect("closed");
        if let Some(admin) = admin {
            execute(&admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("dropped");
            for role in ["app", "platform", "keeper"] {
                execute(&admin, &format!("DROP ROLE IF EXISTS {name}_{role}")).await.expect("dropped");
            }
        }
    }
}

fn at(base: &str, database: &str) -> String {
    let (host, options) = base.split_once('?').map_or((base, String::new()), |(host, rest)| (host, format!("?{rest}")));
    let start = host.find("://").map_or(0, |place| place + 3);
    let server = host[start..].find('/').map_or(host, |slash| &host[..start + slash]);
    format!("{server}/{database}{options}")
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(3).sqlx_logging(false);
    Database::connect(options).await.expect("a connection")
}

/// Runs one statement.
pub async fn execute<C: ConnectionTrait>(db: &C, sql: &str) -> Result<u64, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.execute_raw(statement).await.map(|result| result.rows_affected())
}

/// The first column of every row, as text.
pub async fn texts<C: ConnectionTrait>(db: &C, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

/// The number that a statement answers.
pub async fn number<C: ConnectionTrait>(db: &C, sql: &str) -> i64 {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.expect("an answer").expect("a row");
    row.try_get_by_index(0).expect("a number")
}
