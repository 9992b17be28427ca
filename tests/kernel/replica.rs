//! Stories of a standby that queries are read from: `DATABASE_READ_URL`.
//!
//! The standby is a real one. It is held at a moment of its own by `pg_wal_replay_pause`, so that what
//! an answer holds proves which server gave it.

use std::sync::Arc;
use std::time::Duration;

use entity::catalog::brands;
use rules::permission::Permission;
use sea_orm::{ConnectOptions, ConnectionTrait, Database as SeaOrm, DatabaseConnection, Statement, TransactionTrait};
use stoa::config::Config;
use stoa::kernel::clock::FrozenClock;
use stoa::kernel::db::{DatabaseUrl, List, check_replica};
use stoa::kernel::{Error, Scope};

use super::cluster::Server;
use super::{names, visitor};
use crate::harness::database::{Backend, Database};
use crate::harness::node::{self, Node};
use crate::harness::world::{self, Membership};
use crate::harness::{Actor, Shop, json};

const BRANDS: &str = "{ brands(first: 50, sort: NAME) { nodes { name } } }";

/// A shop on a primary, with a standby for its reads.
struct Pair {
    shop: Shop,
    primary: Server,
    standby: Server,
    at_standby: DatabaseConnection,
    at_primary: DatabaseConnection,
}

fn with_pair<F: Future<Output = ()>>(story: impl FnOnce(Pair) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let primary = Server::primary();
    let url = primary.url("shop");
    let seeded = runtime.block_on(async {
        let maintenance = open(&primary.url("postgres")).await;
        maintenance.execute_unprepared("CREATE DATABASE shop").await.expect("a database");
        let db = open(&url).await;
        migration::up_locked(&db).await.expect("the migrations");
        let seeded = world::seed(&db).await;
        db.close().await.expect("closed");
        seeded
    });
    let standby = primary.standby();
    let seeded = Box::leak(Box::new(seeded));
    runtime.block_on(async {
        let at = DatabaseUrl::Postgres(url.clone());
        let database = Database { backend: Backend::Postgres, url: at, world: seeded, taken_apart: Arc::default() };
        let (at_standby, at_primary) = (open(&standby.url("shop")).await, open(&url).await);
        let read_url = standby.url("shop");
        let shop = Shop::open_with(database, |config| settings(config, &read_url)).await;
        let pair = Pair { shop, primary, standby, at_standby, at_primary };
        tokio::time::timeout(Duration::from_secs(60), story(pair)).await.expect("a story that ends");
    });
}

fn settings(config: &mut Config, standby: &str) {
    config.database.read_url = Some(DatabaseUrl::Postgres(standby.to_owned()));
    config.database.pool_size = 2;
    config.database.acquire_timeout = Duration::from_millis(1_000);
    config.database.lock_timeout = Duration::from_secs(30);
    config.database.statement_timeout = Duration::from_secs(30);
}

async fn open(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(2).sqlx_logging(false);
    SeaOrm::connect(options).await.expect("a connection")
}

async fn text(db: &DatabaseConnection, sql: &str) -> String {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect(sql);
    row.expect("a row").try_get_by_index(0).expect("a text")
}

impl Pair {
    /// The settings of one more server.
    fn config(&self) -> Config {
        let mut config = node::config(self.shop.database());
        settings(&mut config, &self.standby.url("shop"));
        config
    }

    /// Holds the standby at what it has now.
    async fn pause(&self) {
        text(&self.at_standby, "SELECT pg_wal_replay_pause()::text").await;
        self.until(&self.at_standby, "SELECT pg_get_wal_replay_pause_state()", |state| state == "paused").await;
    }

    /// Lets the standby go on, and waits until it has all that the primary has.
    async fn catch_up(&self) {
        // A commit also sends what stands before it in the log, such as the locks of open transactions.
        text(&self.at_primary, "SELECT pg_logical_emit_message(true, 'stoa', 'here')::text").await;
        let end = text(&self.at_primary, "SELECT pg_current_wal_lsn()::text").await;
        text(&self.at_standby, "SELECT pg_wal_replay_resume()::text").await;
        let sql = format!("SELECT (pg_last_wal_replay_lsn() >= '{end}'::pg_lsn)::text");
        self.until(&self.at_standby, &sql, |reached| reached == "true").await;
    }

    async fn until(&self, db: &DatabaseConnection, sql: &str, reached: impl Fn(&str) -> bool) {
        while !reached(&text(db, sql).await) {
            tokio::task::yield_now().await;
        }
    }

    /// The last thing that the server's connections to the standby did: changes whenever it is asked.
    async fn asked_of_standby(&self) -> String {
        let sql = "SELECT coalesce(string_agg(pid || ' ' || query_start, ',' ORDER BY pid), '') FROM pg_stat_activity \
                   WHERE application_name = 'stoa'";
        text(&self.at_standby, sql).await
    }

    /// Whether the standby took part in what happens meanwhile.
    async fn asks_standby(&self, what: impl Future<Output = ()>) -> bool {
        let before = self.asked_of_standby().await;
        what.await;
        before != self.asked_of_standby().await
    }
}

async fn create(actor: &Actor, name: &str) {
    let document =
        "mutation($input: BrandCreateInput!) { brandCreate(input: $input) { brand { id } userErrors { code } } }";
    actor.query(document, json!({ "input": { "name": name } })).await.ok();
}

#[test]
fn a_read_replica_serves_what_it_has_and_no_caller_misses_an_own_write() {
    with_pair(|mut pair| async move {
        an_own_write_is_seen(&pair).await;
        an_own_write_that_was_committed_late_is_seen(&pair).await;
        promise_p04_rights_do_not_wait_for_the_replica(&pair).await;
        a_read_that_replay_cancels_is_asked_of_the_primary(&pair).await;
        a_query_that_replay_cancels_is_answered_all_the_same(&pair).await;
        what_is_no_standby_of_the_primary_is_told(&pair).await;
        a_crash_of_the_replica_is_not_noticed(&mut pair).await;
        fault_f09_a_crash_of_the_primary_is_over_when_it_is_back(&mut pair).await;
    });
}

async fn an_own_write_is_seen(pair: &Pair) {
    let shop = &pair.shop;
    let (owner, anyone) = (shop.owner(), shop.anonymous());
    create(&owner, "Oak").await;
    pair.catch_up().await;

    // Who wrote nothing since, and whose write has come over, reads from the standby.
    assert!(pair.asks_standby(async { assert_eq!(names(&anyone).await, ["Oak"]) }).await);
    assert!(pair.asks_standby(async { assert_eq!(names(&owner).await, ["Oak"]) }).await);

    pair.pause().await;
    create(&owner, "Elm").await;
    // The writer sees it, and on another server too; a visitor may see what was.
    assert_eq!(names(&owner).await, ["Elm", "Oak"]);
    let mut second = Node::start(pair.config(), Arc::new(FrozenClock::at(world::start()))).await;
    assert_eq!(names(&shop.on(&second, &owner)).await, ["Elm", "Oak"]);
    assert_eq!(names(&shop.on(&second, &anyone)).await, ["Oak"]);
    assert_eq!(names(&anyone).await, ["Oak"]);
    second.stop().await;
    // What a mutation answers with is read where it wrote.
    let document = "mutation { brandCreate(input: { name: \"Ash\" }) { brand { name } userErrors { code } } }";
    assert_eq!(owner.query(document, json!({})).await.ok().text("brandCreate.brand.name"), "Ash");

    // A person who signs up and in meanwhile is there at once: what a mutation is decided by is read
    // from the primary, and a session that the standby does not know is not read from it.
    let (email, password) = ("new@linden.example", "a long and winding road");
    let nobody = Actor::clone(&anyone).nowhere();
    let input = json!({ "input": { "email": email, "password": password, "name": "New" } });
    let document = "mutation($input: SignUpInput!) { signUp(input: $input) { accepted userErrors { code } } }";
    nobody.query(document, input).await.ok();
    let input = json!({ "input": { "email": email, "password": password } });
    let document =
        "mutation($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { code } } }";
    let answer = nobody.query(document, input).await.ok();
    let person = nobody.clone().with_secret(answer.text("signIn.session.accessToken"));
    assert_eq!(person.query("{ viewer { user { name } } }", json!({})).await.ok().text("viewer.user.name"), "New");

    pair.catch_up().await;
    assert!(pair.asks_standby(async { assert_eq!(names(&owner).await, ["Ash", "Elm", "Oak"]) }).await);
    assert!(pair.asks_standby(async { assert_eq!(names(&anyone).await, ["Ash", "Elm", "Oak"]) }).await);
}

/// Transactions do not end in the order of their numbers, and a standby does not tell in its snapshots
/// which of them are still open.
async fn an_own_write_that_was_committed_late_is_seen(pair: &Pair) {
    let shop = &pair.shop;
    let owner = shop.owner();
    let held = pair.at_primary.begin().await.expect("a transaction");
    let sql = format!("SELECT 1 FROM sessions WHERE id = {} FOR UPDATE", shop.literal(shop.linden.owner.session));
    held.execute_unprepared(&sql).await.expect("the lock");
    let late = tokio::spawn({
        let owner = owner.clone();
        async move { create(&owner, "Late").await }
    });
    let sql =
        "SELECT count(*)::text FROM pg_stat_activity WHERE application_name = 'stoa' AND wait_event_type = 'Lock'";
    pair.until(&pair.at_primary, sql, |waiting| waiting == "1").await;
    // A transaction with a higher number comes over; then the standby is held.
    create(&shop.rival(), "Overtaker").await;
    pair.catch_up().await;
    pair.pause().await;
    held.commit().await.expect("the lock is given back");
    late.await.expect("the write");

    let sql =
        format!("SELECT last_write_xid::text FROM sessions WHERE id = {}", shop.literal(shop.linden.owner.session));
    let write = text(&pair.at_primary, &sql).await;
    let sql = format!("SELECT pg_visible_in_snapshot('{write}'::xid8, pg_current_snapshot())::text");
    assert_eq!(text(&pair.at_standby, &sql).await, "true", "the snapshot says that it is there, and it is not");
    assert_eq!(names(&shop.anonymous()).await, ["Ash", "Elm", "Oak"]);
    assert_eq!(names(&owner).await, ["Ash", "Elm", "Late", "Oak"]);
    pair.catch_up().await;
    assert_eq!(names(&shop.anonymous()).await, ["Ash", "Elm", "Late", "Oak"]);
}

/// Who asks and what they may do is read from the primary.
async fn promise_p04_rights_do_not_wait_for_the_replica(pair: &Pair) {
    let shop = &pair.shop;
    let staff =
        shop.member(&Membership { permissions: vec![Permission::CollectionsRead], ..Membership::default() }).await;
    let deleted = "{ brands(filter: { deleted: true }) { nodes { name } } }";
    pair.catch_up().await;
    assert!(pair.asks_standby(async { assert!(staff.query(deleted, json!({})).await.is_ok()) }).await);

    pair.pause().await;
    let role =
        format!("SELECT role_id FROM memberships WHERE user_id = {}", shop.literal(staff.user.expect("a person")));
    shop.execute(&format!("DELETE FROM role_permissions WHERE role_id IN ({role})")).await;
    assert_eq!(staff.query(deleted, json!({})).await.code(), "FORBIDDEN");
    let again = shop.again(&staff).await;
    let viewer = "{ viewer { actor } }";
    assert_eq!(
        again.query(viewer, json!({})).await.ok().text("viewer.actor"),
        "USER",
        "a session that the standby has not seen"
    );
    shop.execute(&format!(
        "UPDATE sessions SET revoked_at = now() WHERE user_id = {}",
        shop.literal(staff.user.expect("a person"))
    ))
    .await;
    assert_eq!((staff.query(viewer, json!({})).await.status, again.query(viewer, json!({})).await.status), (401, 401));
    pair.catch_up().await;
}

/// The standby has to replay what a query of its own stands in the way of: it cancels the query.
async fn a_read_that_replay_cancels_is_asked_of_the_primary(pair: &Pair) {
    let shop = &pair.shop;
    let ctx = visitor(shop, "canceled");
    let read = async || {
        let scope = ctx.store().await?;
        Ok::<_, Error>(scope.find::<brands::Entity>().list(scope.conn()).await?.len())
    };
    assert!(pair.asks_standby(async { assert_eq!(read().await.expect("the brands"), 4) }).await);
    let sql = "BEGIN; LOCK TABLE brands IN ACCESS EXCLUSIVE MODE; COMMIT";
    pair.at_primary.execute_unprepared(sql).await.expect("the lock");
    pair.catch_up().await;
    let canceled = read().await;
    assert!(matches!(canceled, Err(Error::Retry)), "{canceled:?}");
    assert!(ctx.leave_replica().await);
    assert!(!pair.asks_standby(async { assert_eq!(read().await.expect("the brands"), 4) }).await);
    assert!(!ctx.leave_replica().await, "once is enough");
    ctx.release().await;
}

/// The same for a whole request: it holds one table on the standby and waits there for another one, that
/// the primary has locked, when replay needs the first.
async fn a_query_that_replay_cancels_is_answered_all_the_same(pair: &Pair) {
    let shop = &pair.shop;
    let held = pair.at_primary.begin().await.expect("a transaction");
    held.execute_unprepared("LOCK TABLE categories IN ACCESS EXCLUSIVE MODE").await.expect("the lock");
    pair.catch_up().await;
    let anyone = shop.anonymous();
    let both = "{ brands { nodes { name } } categories { nodes { name } } }";
    let asking = tokio::spawn(async move { anyone.query(both, json!({})).await });
    let waits =
        "SELECT count(*)::text FROM pg_stat_activity WHERE application_name = 'stoa' AND wait_event_type = 'Lock'";
    pair.until(&pair.at_standby, waits, |waiting| waiting == "1").await;
    let sql = "BEGIN; LOCK TABLE brands IN ACCESS EXCLUSIVE MODE; COMMIT";
    pair.at_primary.execute_unprepared(sql).await.expect("the lock");
    // Canceled on the standby, it waits at the primary, and is answered there.
    pair.until(&pair.at_primary, waits, |waiting| waiting == "1").await;
    held.rollback().await.expect("the lock is given back");
    assert_eq!(asking.await.expect("an answer").ok().texts("brands.nodes", "name").len(), 4);
    pair.catch_up().await;
}

/// The doctor's question.
async fn what_is_no_standby_of_the_primary_is_told(pair: &Pair) {
    let mut settings = pair.config().database;
    assert_eq!(check_replica(&settings).await, Ok(()));
    settings.read_url = Some(settings.url.clone());
    assert!(check_replica(&settings).await.is_err_and(|why| why.contains("follows no primary")));
    settings.read_url = Some(DatabaseUrl::Postgres(pair.standby.url("postgres")));
    assert!(check_replica(&settings).await.is_err_and(|why| why.contains("not a copy")));
}

async fn a_crash_of_the_replica_is_not_noticed(pair: &mut Pair) {
    let (owner, anyone) = (pair.shop.owner(), pair.shop.anonymous());
    let system = Arc::clone(&pair.shop.node.system);
    pair.standby.crash();
    for _ in 0..3 {
        assert_eq!(names(&anyone).await.len(), 4);
        assert_eq!(names(&owner).await.len(), 4);
    }
    assert!(!system.db.replica_answers(), "it is left out until it answers");
    create(&owner, "Fir").await;
    assert_eq!(names(&anyone).await.len(), 5, "from the primary");

    pair.standby.start();
    while !system.db.replica_answers() {
        tokio::task::yield_now().await;
    }
    pair.at_standby = open(&pair.standby.url("shop")).await;
    pair.catch_up().await;
    assert!(pair.asks_standby(async { assert_eq!(names(&anyone).await.len(), 5) }).await);
    assert!(pair.asks_standby(async { assert_eq!(names(&owner).await.len(), 5) }).await);
}

async fn fault_f09_a_crash_of_the_primary_is_over_when_it_is_back(pair: &mut Pair) {
    let (owner, anyone) = (pair.shop.owner(), pair.shop.anonymous());
    // Both connections of the pool are open and at rest when the server goes.
    tokio::join!(names(&owner), names(&anyone));
    pair.primary.crash();
    let answer = anyone.query(BRANDS, json!({})).await;
    assert_eq!((answer.status, answer.code()), (503, "UNAVAILABLE"), "{answer}");
    assert!(answer.headers.contains_key("retry-after"));
    let status = async |path: &str| {
        let url = format!("{}{path}", pair.shop.url());
        pair.shop.client().get(url).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 503));

    pair.primary.start();
    assert_eq!(names(&anyone).await.len(), 5, "the first request after it is served");
    create(&owner, "Yew").await;
    assert_eq!(names(&owner).await.len(), 6);
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 200));
}
