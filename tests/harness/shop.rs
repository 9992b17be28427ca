//! A shop that is open: the server, its callers, and a look into its database.

use std::sync::Arc;

use chrono::TimeDelta;
use rules::ids::StoreId;
use rules::permission::Permission;
use rules::states::TokenKind;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use stoa::config::Config;
use stoa::kernel::clock::FrozenClock;
use stoa::kernel::entropy::SeededEntropy;
use stoa::kernel::settings::Settings;

use super::actor::Actor;
use super::database::Database;
use super::ledger::{self, Fingerprint, Ledger, Told};
use super::node::{self, Node};
use super::world::{self, Membership, Organization, Person, Writer};

/// The world of [`world`], open for business.
pub struct Shop {
    /// The organization that stories are about.
    pub linden: &'static Organization,
    /// The one that must see nothing of it.
    pub rival: &'static Organization,
    /// The server.
    pub node: Node,
    database: Database,
    db: DatabaseConnection,
    clock: Arc<FrozenClock>,
    entropy: SeededEntropy,
    client: reqwest::Client,
}

impl Shop {
    /// Opens a shop with the settings of development.
    pub async fn open(database: Database) -> Self {
        Self::open_with(database, |_| {}).await
    }

    /// Opens a shop that remembers what it told visitors, with further settings.
    pub async fn open_remembering(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let shop = Self::open_with(database, |config| {
            config.settings.cache_bytes = 16 << 20;
            change(config);
        })
        .await;
        shop.node.system.signals.until_caught_up().await;
        shop
    }

    /// Opens a shop with other settings.
    pub async fn open_with(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = node::config(&database);
        change(&mut config);
        let clock = Arc::new(FrozenClock::at(world::start()));
        let node = Node::start(config, Arc::clone(&clock)).await;
        Self {
            linden: &database.world.linden,
            rival: &database.world.rival,
            node,
            db: database.connect().await,
            database,
            clock,
            entropy: SeededEntropy::new(2),
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
        }
    }

    // --- callers -------------------------------------------------------------------------------

    fn actor(&self, secret: Option<&str>, store: &str) -> Actor {
        Actor::new(self.client.clone(), Arc::clone(&self.node.address), secret, store)
    }

    fn signed_in(&self, person: &Person, store: &str) -> Actor {
        self.actor(Some(&person.secret), store).person(person.user, person.session)
    }

    /// The owner of Linden, in its first store.
    pub fn owner(&self) -> Actor {
        self.signed_in(&self.linden.owner, "linden")
    }

    /// The owner of the other organization, in its own store.
    pub fn rival(&self) -> Actor {
        self.signed_in(&self.rival.owner, "rival")
    }

    /// Nobody in particular, in Linden's first store.
    pub fn anonymous(&self) -> Actor {
        self.actor(None, "linden")
    }

    /// The storefront of Linden's first store.
    pub fn storefront_token(&self) -> Actor {
        self.actor(Some(&self.linden.storefront.secret), "linden")
    }

    /// A member of Linden who may do just this, in all of its stores.
    pub async fn staff(&self, permissions: impl IntoIterator<Item = Permission>) -> Actor {
        self.member(&Membership { permissions: permissions.into_iter().collect(), ..Membership::default() }).await
    }

    /// A member of Linden who may do nothing.
    pub async fn powerless(&self) -> Actor {
        self.staff([]).await
    }

    /// A member of Linden.
    pub async fn member(&self, may: &Membership) -> Actor {
        let person = self.stranger().await;
        self.writer().member(self.linden.id, person.user.expect("a person"), may).await;
        person
    }

    /// A person who is signed in, and a member of nothing.
    pub async fn stranger(&self) -> Actor {
        let writer = self.writer();
        let name = uuid::Uuid::from(self.id::<rules::ids::UserId>()).simple();
        let user = writer.user(&format!("person-{name}@linden.example")).await;
        self.signed_in(&writer.session(user).await, "linden")
    }

    /// An integration of Linden's first store, made by the owner.
    pub async fn token(&self, scopes: impl IntoIterator<Item = Permission>) -> Actor {
        let scopes: Vec<Permission> = scopes.into_iter().collect();
        let (organization, store, owner) = (self.linden.id, self.linden.store(), self.linden.owner.user);
        let token = self.writer().token(organization, store, TokenKind::Api, Some(owner), &scopes).await;
        self.actor(Some(&token.secret), "linden")
    }

    /// Another session of the same person.
    pub async fn again(&self, person: &Actor) -> Actor {
        let person = self.writer().session(person.user.expect("a person")).await;
        self.signed_in(&person, "linden")
    }

    // --- time and servers ----------------------------------------------------------------------

    /// The clock of every server; it stands still until it is told to move.
    pub fn clock(&self) -> &FrozenClock {
        &self.clock
    }

    /// Lets time pass for every server.
    pub fn wait(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// A second server on the same database; send to it with [`Shop::on`].
    pub async fn second_node(&self) -> Node {
        self.second_node_with(|_| {}).await
    }

    /// A second server with other settings.
    pub async fn second_node_with(&self, change: impl FnOnce(&mut Config)) -> Node {
        self.node.another(change).await
    }

    /// The same caller, asking another server.
    pub fn on(&self, node: &Node, actor: &Actor) -> Actor {
        actor.clone().at(Arc::clone(&node.address))
    }

    /// The address of the server, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.node.address.read().expect("an address"))
    }

    /// The client that callers use.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    // --- the database --------------------------------------------------------------------------

    /// A connection with the owner's rights.
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// What the servers were told by their operator.
    pub fn settings(&self) -> &Settings {
        &self.node.system.settings
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Writes rows as they are, such as those of a person or a token.
    pub fn writer(&self) -> Writer<'_, DatabaseConnection> {
        Writer { db: &self.db, entropy: &self.entropy, now: stoa::kernel::Clock::now(&*self.clock) }
    }

    /// A new id of any kind: one that names nothing.
    pub fn id<T: rules::ids::TypedId>(&self) -> T {
        stoa::kernel::Entropy::uuid(&self.entropy, world::start()).into()
    }

    /// An id as it is written in SQL: `WHERE id = {}`.
    pub fn literal(&self, id: impl Into<uuid::Uuid>) -> String {
        let id: uuid::Uuid = id.into();
        match self.db.get_database_backend() {
            DbBackend::Postgres => format!("'{id}'::uuid"),
            _ => format!("x'{}'", id.simple()),
        }
    }

    /// The id inside the text of a typed id, as it is written in SQL.
    pub fn literal_of(&self, id: &str) -> String {
        let (_, id) = rules::ids::split(id).unwrap_or_else(|| panic!("no id: {id}"));
        self.literal(id)
    }

    /// Runs one statement as the owner, and answers how many rows it touched.
    pub async fn execute(&self, sql: &str) -> u64 {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        let done = self.db.execute_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        done.rows_affected()
    }

    /// The number that a statement answers, such as `SELECT COUNT(*) FROM brands`.
    pub async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        let row = self.db.query_one_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        row.expect("a row").try_get_by_index(0).expect("a number")
    }

    /// The rows of a statement whose columns are all texts.
    pub async fn texts(&self, sql: &str) -> Vec<Vec<String>> {
        ledger::rows(&self.db, sql).await
    }

    /// The same, behind the server's back, which it is told of.
    pub async fn execute_and_say_so(&self, sql: &str) {
        self.execute(sql).await;
        if self.database.is_postgres() {
            self.execute("NOTIFY stoa, 'changed'").await;
        }
        self.node.system.signals.until_caught_up().await;
    }

    /// The digest of every row of every table.
    pub async fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.db).await
    }

    /// Holds that nothing was written since.
    #[track_caller]
    pub fn assert_unchanged(&self, before: &Fingerprint) -> impl Future<Output = ()> {
        let (caller, before) = (std::panic::Location::caller(), before.clone());
        async move {
            let changed = before.changed(&self.fingerprint().await);
            assert!(changed.is_empty(), "{caller}: these tables changed: {}", changed.join(", "));
        }
    }

    /// Every audit entry and event there is, to compare with later.
    pub async fn ledger(&self) -> Ledger {
        Ledger::of(&self.db).await
    }

    /// The audit entries and events that were written since.
    pub async fn told_since(&self, before: &Ledger) -> Told {
        self.ledger().await.told_since(before)
    }

    /// The other store of Linden.
    pub fn store_in_us(&self) -> StoreId {
        self.linden.stores[1].1
    }
}
