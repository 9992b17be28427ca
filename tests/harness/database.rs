//! A database of its own for each test, copied from a template that is made once a process.
//!
//! On SQLite the template is the bytes of a file; on PostgreSQL it is a database, and a copy is a
//! `CREATE DATABASE … TEMPLATE`. What an earlier process left behind on the cluster is taken away
//! before the template is made: a process that lives holds an advisory lock, one that is gone does not.

use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sea_orm::sqlx::{self, AssertSqlSafe, Row};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use stoa::kernel::db::DatabaseUrl;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::world::{self, World};

/// The variable that names the cluster.
const POSTGRES_URL: &str = "STOA_TEST_POSTGRES_URL";

/// How the databases of tests are called.
const PREFIX: &str = "stoa_test_";

/// Chosen once: tells the locks of test processes from other advisory locks.
const LOCK: i32 = 0x53_54_4f_41;

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// The database of one test. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pub backend: Backend,
    pub url: DatabaseUrl,
    /// What was seeded in it.
    pub world: &'static World,
    /// Whether the story took it apart; see [`super::invariants`].
    pub taken_apart: Arc<AtomicBool>,
}

impl Database {
    pub fn is_postgres(&self) -> bool {
        self.backend == Backend::Postgres
    }

    /// Whether it is the one without row-level security, roles and second connections that write.
    pub fn is_sqlite(&self) -> bool {
        self.backend == Backend::Sqlite
    }

    /// A connection of the test's own, beside the server's, with the rights of the owner.
    pub async fn connect(&self) -> DatabaseConnection {
        let url = match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        open(&url).await
    }
}

/// A copy of the template, gone when it is dropped. Make and drop it outside of any runtime.
pub struct Copy {
    database: Database,
    _folder: Option<TempDir>,
}

impl Copy {
    pub fn of_template(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let template = sqlite_template();
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join("stoa.sqlite");
                std::fs::write(&path, &template.bytes).expect("a copy of the template");
                let (url, world) = (DatabaseUrl::Sqlite(path), &template.world);
                let database = Database { backend, url, world, taken_apart: Arc::default() };
                Self { database, _folder: Some(folder) }
            }
            Backend::Postgres => {
                static COPIES: AtomicU32 = AtomicU32::new(0);
                let template = postgres_template();
                let name = format!("{PREFIX}{}_{}", std::process::id(), COPIES.fetch_add(1, Ordering::Relaxed));
                template.cluster.run(&format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY file_copy", template.name));
                let url = DatabaseUrl::Postgres(at(&template.cluster.url, &name));
                let database = Database { backend, url, world: &template.world, taken_apart: Arc::default() };
                Self { database, _folder: None }
            }
        }
    }

    pub fn database(&self) -> Database {
        self.database.clone()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let DatabaseUrl::Postgres(url) = &self.database.url {
            let name = url.split(['/', '?']).find(|part| part.starts_with(PREFIX)).expect("the name of the copy");
            postgres_template().cluster.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

struct SqliteTemplate {
    bytes: Vec<u8>,
    world: World,
}

fn sqlite_template() -> &'static SqliteTemplate {
    static TEMPLATE: OnceLock<SqliteTemplate> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("template.sqlite");
        let world = runtime().block_on(async {
            let db = open(&format!("sqlite://{}?mode=rwc", path.display())).await;
            run(&db, "PRAGMA journal_mode = WAL").await;
            migration::up_locked(&db).await.expect("the migrations");
            let world = world::seed(&db).await;
            run(&db, "PRAGMA wal_checkpoint(TRUNCATE)").await;
            db.close().await.expect("closed");
            world
        });
        SqliteTemplate { bytes: std::fs::read(&path).expect("the template"), world }
    })
}

struct PostgresTemplate {
    cluster: Cluster,
    name: String,
    world: World,
}

fn postgres_template() -> &'static PostgresTemplate {
    static TEMPLATE: OnceLock<Result<PostgresTemplate, String>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let cluster = Cluster::connect()?;
        let name = format!("{PREFIX}{}_template", std::process::id());
        cluster.run(&format!("CREATE DATABASE {name}"));
        let world = cluster.runtime.block_on(async {
            let db = open(&at(&cluster.url, &name)).await;
            migration::up_locked(&db).await.expect("the migrations");
            let world = world::seed(&db).await;
            db.close().await.expect("closed");
            world
        });
        Ok(PostgresTemplate { cluster, name, world })
    });
    match template {
        Ok(template) => template,
        Err(why) => panic!("{why}"),
    }
}

/// The cluster, with a runtime that outlives the tests'.
struct Cluster {
    url: String,
    runtime: Runtime,
    pool: PgPool,
}

impl Cluster {
    fn connect() -> Result<Self, String> {
        let url = std::env::var(POSTGRES_URL).map_err(|_| {
            format!(
                "{POSTGRES_URL} names no PostgreSQL cluster for tests: run `scripts/test`, which starts one of its own"
            )
        })?;
        let runtime = runtime();
        let options = PgConnectOptions::from_str(&url).map_err(|error| format!("{POSTGRES_URL}: {error}"))?;
        let pool = runtime.block_on(async {
            let pool = PgPoolOptions::new().max_connections(4).connect_with(options).await;
            let pool = pool.map_err(|error| format!("the cluster of {POSTGRES_URL} does not answer: {error}"))?;
            take_lock(&pool).await;
            remove_leftovers(&pool).await;
            Ok::<_, String>(pool)
        })?;
        Ok(Self { url, runtime, pool })
    }

    fn run(&self, sql: &str) {
        let done = self.runtime.block_on(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&self.pool));
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// Takes the lock that says that this process lives, on a connection that stays open until it ends.
async fn take_lock(pool: &PgPool) {
    static HELD: OnceLock<sqlx::PgConnection> = OnceLock::new();
    let mut connection = pool.acquire().await.expect("a connection").detach();
    let id = i32::try_from(std::process::id()).expect("a process id");
    let sql = sqlx::query("SELECT pg_advisory_lock($1, $2)").bind(LOCK).bind(id);
    sql.execute(&mut connection).await.expect("the lock");
    let _ = HELD.set(connection);
}

async fn remove_leftovers(pool: &PgPool) {
    let mut connection = pool.acquire().await.expect("a connection");
    let found = sqlx::query("SELECT datname::text FROM pg_database WHERE starts_with(datname, $1)").bind(PREFIX);
    let found = found.fetch_all(&mut *connection).await.expect("the databases");
    for name in found.iter().map(|row| row.get::<String, _>(0)) {
        let process = name[PREFIX.len()..].split('_').next().and_then(|id| id.parse::<i32>().ok());
        let Some(process) = process else { continue };
        let sql = sqlx::query("SELECT pg_try_advisory_lock($1, $2)").bind(LOCK).bind(process);
        let gone: bool = sql.fetch_one(&mut *connection).await.expect("an answer").get(0);
        if !gone || process == i32::try_from(std::process::id()).unwrap_or(0) {
            continue;
        }
        for sql in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("DROP ROLE IF EXISTS {name}_app"),
            format!("DROP ROLE IF EXISTS {name}_platform"),
            format!("SELECT pg_advisory_unlock({LOCK}, {process})"),
        ] {
            // Another process may be cleaning too, and a role can be in use by a copy that is not gone yet.
            let _ = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await;
        }
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

async fn open(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(2).sqlx_logging(false);
    sea_orm::Database::connect(options).await.expect("a connection")
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.expect("the statement");
}

/// The address of another database on the same cluster.
fn at(base: &str, database: &str) -> String {
    let (server, options) =
        base.split_once('?').map_or((base, String::new()), |(server, rest)| (server, format!("?{rest}")));
    let start = server.find("://").map_or(0, |place| place + 3);
    let server = server[start..].find('/').map_or(server, |slash| &server[..start + slash]);
    format!("{server}/{database}{options}")
}
