//! One request: who asks, where, when, and the transaction that its reads share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{
    ApiTokenId, CustomerId, CustomerSessionId, MembershipId, OrganizationId, SessionId, StoreId, TypedId, UserId,
};
use rules::permission::{Permission, PermissionSet, Reach};
use rules::states::{ActorKind, DocumentPolicy, StorePlan, TokenKind};
use sea_orm::{ConnectionTrait, Statement};
use tokio::sync::Mutex;

use super::action::Action;
use super::clock::Clock;
use super::db::{Conn, Db, Mode, Role};
use super::directory::Directory;
use super::documents::Documents;
use super::entropy::Entropy;
use super::error::{Error, Result};
use super::extensions::Extensions;
use super::feed::Feed;
use super::loaders::Loaders;
use super::payload::Payload;
use super::queue::Queue;
use super::scope::{AccountScope, OrganizationScope, OrganizationsScope, PlatformScope, StoreScope};
use super::settings::Settings;
use super::signals::{Epoch, Signals};
use super::tx::Tx;

/// How often an action is run when other transactions stand in its way.
pub(super) const MAX_RUNS: u32 = 3;

/// Password hashes at once: each takes 19 MiB and a core.
const HASHES_AT_ONCE: usize = 2;

/// Password hashes that wait for their turn: about a second's work.
const HASHES_WAITING: usize = 64;

/// How long a password hash waits for its turn.
const HASH_PATIENCE: Duration = Duration::from_secs(5);

/// What all requests of a process share.
pub struct System {
    /// The database.
    pub db: Db,
    /// The one source of time.
    pub clock: Arc<dyn Clock>,
    /// The one source of chance.
    pub entropy: Arc<dyn Entropy>,
    /// What the operator set.
    pub settings: Settings,
    /// Lets in as many password hashes as the machine bears.
    pub hashing: Queue,
    /// Says whether a document could be sent.
    pub documents: Documents,
    /// What this node tells the others, and hears of them.
    pub signals: Signals,
    /// Which store visitors are at.
    pub directory: Directory,
    /// The events of stores, for those who listen.
    pub feed: Feed,
    /// What the operator's build adds, such as tax providers.
    pub extensions: Extensions,
}

impl System {
    /// Puts the parts together.
    pub fn new(db: Db, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, settings: Settings) -> Self {
        let hashing = Queue::new(HASHES_AT_ONCE, HASHES_WAITING, HASH_PATIENCE);
        let signals = Signals::new(entropy.uuid(clock.now()), settings.cache_staleness);
        let directory = Directory::new(settings.cache_bytes > 0);
        let feed = Feed::new(db.clone(), Arc::clone(&clock), signals.clone());
        let (documents, extensions) = (Documents::default(), Extensions::default());
        Self { db, clock, entropy, settings, hashing, documents, signals, directory, feed, extensions }
    }
}

/// A user's place in one organization.
#[derive(Debug, Clone)]
pub struct Member {
    /// The organization.
    pub organization: OrganizationId,
    /// The membership.
    pub membership: MembershipId,
    /// What it allows, after grants and denials (rule A1).
    pub permissions: PermissionSet,
    /// The stores it reaches; `None` is all of them.
    pub stores: Option<Vec<StoreId>>,
}

impl Member {
    /// Whether the membership reaches the store.
    pub fn reaches(&self, store: StoreId) -> bool {
        self.stores.as_ref().is_none_or(|stores| stores.contains(&store))
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub enum Actor {
    /// Nobody in particular: a visitor of a storefront.
    Anonymous,
    /// A person of the platform, with the memberships that count for this request.
    User {
        /// The person.
        user: UserId,
        /// The sign-in.
        session: SessionId,
        /// The places in organizations, those of the store's organization or all of them.
        members: Vec<Member>,
    },
    /// A shopper who is signed in at the store of the request, and nowhere else (rule A4).
    Customer {
        /// The shopper.
        customer: CustomerId,
        /// The sign-in.
        session: CustomerSessionId,
    },
    /// An integration or a storefront, bound to one store.
    Token {
        /// The token.
        token: ApiTokenId,
        /// What it is for.
        kind: TokenKind,
        /// Its scopes, cut to what its creator holds now (rule A2).
        permissions: PermissionSet,
    },
    /// The operator, from the shell.
    Operator,
}

impl Actor {
    /// The person's place in an organization; `None` where the caller is no member of it.
    pub fn member_of(&self, organization: OrganizationId) -> Option<&Member> {
        match self {
            Self::User { members, .. } => members.iter().find(|member| member.organization == organization),
            _ => None,
        }
    }

    /// The kind and the id, as the audit log has them.
    pub fn label(&self) -> (ActorKind, Option<String>) {
        match self {
            Self::Anonymous => (ActorKind::Anonymous, None),
            Self::User { user, .. } => (ActorKind::User, Some(user.to_string())),
            Self::Customer { customer, .. } => (ActorKind::Customer, Some(customer.to_string())),
            Self::Token { token, .. } => (ActorKind::ApiToken, Some(token.to_string())),
            Self::Operator => (ActorKind::System, None),
        }
    }
}

/// The store that a request is about, with what every operation needs to know of it.
#[derive(Debug, Clone)]
pub struct StoreContext {
    /// The store.
    pub id: StoreId,
    /// Its owner.
    pub organization: OrganizationId,
    /// Its handle.
    pub handle: String,
    /// The currency that prices are shown in by default.
    pub currency: Currency,
    /// Every currency that it sells in.
    pub currencies: Vec<Currency>,
    /// The language that texts are in by default.
    pub locale: String,
    /// How much of the platform it may use.
    pub plan: StorePlan,
    /// Which of its callers may send only documents that it has registered.
    pub document_policy: DocumentPolicy,
}

/// That the request's store has registered the document of the request.
#[derive(Debug, Clone, Default)]
pub struct TrustedDocument {
    /// Its text, where that was asked for.
    pub text: Option<String>,
}

/// What the gate found out about a request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Quoted in the answer, the log and the audit.
    pub request_id: String,
    /// Who asks.
    pub actor: Actor,
    /// Where.
    pub store: Option<StoreContext>,
    /// The state of the store that `store` was read in, where that is known to be the present one: what is
    /// read from now on can be remembered under it.
    pub epoch: Option<Epoch>,
    /// The language asked for.
    pub locale: String,
    /// The currency asked for; the store's own otherwise.
    pub currency: Option<Currency>,
    /// The address that the request came from.
    pub address: Option<std::net::IpAddr>,
    /// The program that sent it, as it says.
    pub user_agent: Option<String>,
    /// Whether its store has registered the document that it sent.
    pub trusted_document: Option<TrustedDocument>,
    /// The caller's newest write, where reads may go to a replica that has not seen it yet.
    pub last_write: Option<i64>,
}

impl Caller {
    /// Nobody, nowhere.
    pub fn anonymous(request_id: impl Into<String>) -> Self {
        Self {
            request_id: request_id.into(),
            actor: Actor::Anonymous,
            store: None,
            epoch: None,
            locale: "en".to_owned(),
            currency: None,
            address: None,
            user_agent: None,
            trusted_document: None,
            last_write: None,
        }
    }
}

/// One request. Cheap to clone.
#[derive(Clone)]
pub struct Ctx(Arc<Inner>);

struct Inner {
    system: Arc<System>,
    caller: Caller,
    now: DateTime<Utc>,
    reading: Mutex<Option<Arc<Conn>>>,
    loaders: Loaders,
    statements: Arc<AtomicU32>,
    /// Objects of the answer so far.
    objects: AtomicU64,
    /// Whether the reads go to the primary: the request wrote, or the standby let it down.
    on_primary: AtomicBool,
    /// Whether anything was read from the standby.
    on_replica: AtomicBool,
    /// Writes that are open.
    writing: Arc<AtomicU32>,
}

impl Ctx {
    /// Starts a request. `reading` is a transaction that the gate opened and the reads may go on with.
    pub fn new(system: Arc<System>, caller: Caller, reading: Option<Conn>, statements: Arc<AtomicU32>) -> Self {
        let now = system.clock.now();
        Self(Arc::new(Inner {
            system,
            caller,
            now,
            reading: Mutex::new(reading.map(Arc::new)),
            loaders: Loaders::default(),
            statements,
            objects: AtomicU64::new(0),
            on_primary: AtomicBool::new(false),
            on_replica: AtomicBool::new(false),
            writing: Arc::default(),
        }))
    }

    /// The context of the operation that a resolver belongs to.
    ///
    /// # Errors
    /// `Internal` where the operation was started without one.
    pub fn of<'a>(gql: &'a async_graphql::Context<'_>) -> Result<&'a Self> {
        gql.data_opt::<Self>().ok_or_else(|| Error::internal("an operation was started without its context"))
    }

    pub(super) fn loaders(&self) -> &Loaders {
        &self.0.loaders
    }

    /// What all requests share, for one more of them.
    pub fn shared(&self) -> Arc<System> {
        Arc::clone(&self.0.system)
    }

    /// What all requests share.
    pub fn system(&self) -> &System {
        &self.0.system
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.0.system.settings
    }

    /// The moment of the request: one for everything in it.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.now
    }

    /// A new identifier.
    pub fn id<T: TypedId>(&self) -> T {
        T::from(self.0.system.entropy.uuid(self.0.system.clock.now()))
    }

    /// Who asks, where, and how.
    pub fn caller(&self) -> &Caller {
        &self.0.caller
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.0.caller.actor
    }

    /// The person who is signed in.
    ///
    /// # Errors
    /// `Unauthenticated` where nobody is.
    pub fn user(&self) -> Result<UserId> {
        match self.actor() {
            Actor::User { user, .. } => Ok(*user),
            _ => Err(Error::Unauthenticated),
        }
    }

    /// The shopper who is signed in at the store of the request.
    ///
    /// # Errors
    /// `Unauthenticated` where nobody is, or not as a shopper.
    pub fn customer(&self) -> Result<CustomerId> {
        self.shopper().ok_or(Error::Unauthenticated)
    }

    /// The shopper who is signed in at the store of the request, where one is.
    pub fn shopper(&self) -> Option<CustomerId> {
        match self.actor() {
            Actor::Customer { customer, .. } => Some(*customer),
            _ => None,
        }
    }

    /// The store that the request is about.
    ///
    /// # Errors
    /// `StoreRequired` where it names none.
    pub fn store_context(&self) -> Result<&StoreContext> {
        self.0.caller.store.as_ref().ok_or(Error::StoreRequired)
    }

    /// The currency that amounts are wanted in.
    ///
    /// # Errors
    /// `StoreRequired` where the request names no store.
    pub fn currency(&self) -> Result<Currency> {
        let store = self.store_context()?;
        Ok(self.0.caller.currency.unwrap_or(store.currency))
    }

    /// What the caller may do here: in the store of the request and its organization, or in none.
    pub fn permissions(&self) -> PermissionSet {
        let store = self.0.caller.store.as_ref();
        match self.actor() {
            Actor::Anonymous | Actor::Customer { .. } => PermissionSet::EMPTY,
            Actor::Operator => PermissionSet::all(),
            Actor::Token { permissions, .. } => *permissions,
            Actor::User { members, .. } => members.iter().fold(PermissionSet::EMPTY, |held, member| {
                held | match store {
                    Some(store) if store.organization != member.organization => PermissionSet::EMPTY,
                    Some(store) if member.reaches(store.id) => member.permissions,
                    _ => member.permissions.with_reach(Reach::Organization),
                }
            }),
        }
    }

    /// Whether the caller may do this here.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions().contains(permission)
    }

    /// Whether the caller holds this permission in one of their stores, and only the store was not named.
    pub fn lacks_store_for(&self, permission: Permission) -> bool {
        let Actor::User { members, .. } = self.actor() else { return false };
        let holds = || members.iter().any(|member| member.permissions.contains(permission));
        self.0.caller.store.is_none() && permission.reach() == Reach::Store && holds()
    }

    /// Holds that the caller may do this here.
    ///
    /// # Errors
    /// `Forbidden`, or `StoreRequired` where the caller may in a store, and the request names none.
    pub fn require(&self, permission: Permission) -> Result<()> {
        match self.may(permission) {
            true => Ok(()),
            false if self.lacks_store_for(permission) => Err(Error::StoreRequired),
            false => Err(Error::Forbidden(permission)),
        }
    }

    /// What the caller may do in one organization as a whole and, if `store` is given, in that store.
    pub fn permissions_in(&self, organization: OrganizationId) -> PermissionSet {
        match self.actor() {
            Actor::Operator => PermissionSet::all(),
            actor => actor.member_of(organization).map_or(PermissionSet::EMPTY, |member| member.permissions),
        }
    }

    /// Statements that the request has run so far.
    pub fn statements(&self) -> u32 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Objects that the answer holds so far: what it cost to make.
    pub fn objects(&self) -> u64 {
        self.0.objects.load(Ordering::Relaxed)
    }

    /// Counts objects that the answer holds, and what a batch did beyond those that come of it: a field whose `@cost`
    /// has a weight above one is read by a batch that counts the rest here.
    pub fn count_objects(&self, objects: usize) {
        self.0.objects.fetch_add(objects as u64, Ordering::Relaxed);
    }

    // --- reads ---------------------------------------------------------------------------------

    /// The store's rows, in the transaction that all reads of the request share.
    ///
    /// # Errors
    /// `StoreRequired`, or `Busy` where no connection is free.
    pub async fn store(&self) -> Result<StoreScope> {
        let store = self.store_context()?.id;
        Ok(StoreScope::new(store, self.reading().await?))
    }

    /// An organization's rows. Whoever calls has checked that the caller belongs to it.
    ///
    /// # Errors
    /// `Busy` where no connection is free.
    pub async fn organization(&self, organization: OrganizationId) -> Result<OrganizationScope> {
        Ok(OrganizationScope::new(organization, self.reading().await?))
    }

    /// The rows of several organizations. Whoever calls has checked that the caller may see each.
    ///
    /// # Errors
    /// `Busy` where no connection is free.
    pub async fn organizations(&self, organizations: Vec<OrganizationId>) -> Result<OrganizationsScope> {
        Ok(OrganizationsScope::new(organizations, self.reading().await?))
    }

    /// The signed-in person's rows.
    ///
    /// # Errors
    /// `Unauthenticated`, or `Busy` where no connection is free.
    pub async fn account(&self) -> Result<AccountScope> {
        Ok(AccountScope::new(self.user()?, self.reading().await?))
    }

    /// Rows of no tenant, with the rights of a request.
    ///
    /// # Errors
    /// `Busy` where no connection is free.
    pub async fn platform(&self) -> Result<PlatformScope> {
        Ok(PlatformScope::new(self.reading().await?))
    }

    async fn reading(&self) -> Result<Arc<Conn>> {
        let mut reading = self.0.reading.lock().await;
        if let Some(conn) = &*reading {
            return Ok(Arc::clone(conn));
        }
        // Boxed: every read of every field would carry its size along.
        let conn = Arc::new(Box::pin(self.begin_reading()).await?);
        *reading = Some(Arc::clone(&conn));
        Ok(conn)
    }

    async fn begin_reading(&self) -> Result<Conn> {
        let store = self.0.caller.store.as_ref().map(|store| store.id);
        if self.0.system.db.replica_answers() && !self.0.on_primary.load(Ordering::Acquire) {
            // A standby that is away must not take the primary's readers with it.
            match self.begin_on_replica(store).await {
                Ok(Some(conn)) => return Ok(conn),
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, "this request reads from the primary"),
            }
        }
        self.begin(Mode::Read, store).await
    }

    /// A read on the standby; `None` where it has not seen the caller's newest write.
    async fn begin_on_replica(&self, store: Option<StoreId>) -> Result<Option<Conn>> {
        let conn = self.begin(Mode::ReadReplica, store).await?;
        if self.replica_has_own_writes(&conn).await? {
            self.0.on_replica.store(true, Ordering::Release);
            return Ok(Some(conn));
        }
        conn.rollback().await;
        Ok(None)
    }

    /// Asks whether the standby's snapshot holds the caller's newest write. Each write notes its own
    /// transaction on the caller's session or token, and that row says on the standby how far it is:
    /// right however far it lags, in whatever order transactions end, and after a failover. A session
    /// without a write must be there itself: it was opened by one.
    async fn replica_has_own_writes(&self, conn: &Conn) -> Result<bool> {
        let write = self.0.caller.last_write;
        let (table, id) = match (&self.0.caller.actor, write) {
            (Actor::User { session, .. }, _) => ("sessions", session.0),
            (Actor::Customer { session, .. }, _) => ("customer_sessions", session.0),
            (Actor::Token { token, .. }, Some(_)) => ("api_tokens", token.0),
            // A storefront never writes: it is spared the question.
            (Actor::Token { .. } | Actor::Anonymous | Actor::Operator, _) => return Ok(true),
        };
        let sql = format!("SELECT 1 FROM {table} WHERE id = $1 AND last_write_xid IS NOT DISTINCT FROM $2");
        let values = [id.into(), write.into()];
        let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
        Ok(!conn.lines(statement, |_| Ok(())).await?.is_empty())
    }

    /// Reads from the primary from now on, and forgets what was read from the standby. Tells whether
    /// anything was: then a query that failed may be asked once more.
    pub async fn leave_replica(&self) -> bool {
        if !self.0.system.db.has_replica() {
            return false;
        }
        self.0.on_primary.store(true, Ordering::Release);
        self.release().await;
        self.0.loaders.clear();
        self.0.objects.store(0, Ordering::Relaxed);
        self.0.on_replica.swap(false, Ordering::AcqRel)
    }

    async fn begin(&self, mode: Mode, store: Option<StoreId>) -> Result<Conn> {
        self.0.system.db.begin(mode, Role::App, store, Arc::clone(&self.0.statements)).await
    }

    /// Gives the read transaction back. Called before anything slow (a password hash, the network,
    /// the answer's body), and between the fields of a mutation. The next read opens a new one.
    pub async fn release(&self) {
        let reading = self.0.reading.lock().await.take();
        if let Some(conn) = reading {
            conn.rollback().await;
        }
    }

    // --- writes --------------------------------------------------------------------------------

    /// Begins a write to the request's store.
    ///
    /// # Errors
    /// `StoreRequired`, or `Busy` where no connection is free.
    pub async fn begin_store(&self, action: Action) -> Result<Tx<StoreScope>> {
        let store = self.store_context()?.id;
        self.release().await;
        let conn = Arc::new(self.begin(Mode::Write, Some(store)).await?);
        Ok(Tx::new(StoreScope::new(store, conn), self.clone(), action))
    }

    /// Begins a write to an organization. Whoever calls has checked what the caller may do there.
    ///
    /// # Errors
    /// `Busy` where no connection is free.
    pub async fn begin_organization(
        &self,
        organization: OrganizationId,
        action: Action,
    ) -> Result<Tx<OrganizationScope>> {
        self.release().await;
        let conn = Arc::new(self.begin(Mode::Write, None).await?);
        Ok(Tx::new(OrganizationScope::new(organization, conn), self.clone(), action))
    }

    /// Begins a write to a person's account.
    ///
    /// # Errors
    /// `Busy` where no connection is free.
    pub async fn begin_account(&self, user: UserId, action: Action) -> Result<Tx<AccountScope>> {
        self.release().await;
        let conn = Arc::new(self.begin(Mode::Write, None).await?);
        Ok(Tx::new(AccountScope::new(user, conn), self.clone(), action))
    }

    /// Begins a write to what belongs to nobody, such as the count of failed sign-ins.
    ///
    /// # Errors
    /// `Busy` where no connection is free.
    pub async fn begin_platform(&self, action: Action) -> Result<Tx<PlatformScope>> {
        self.release().await;
        let conn = Arc::new(self.begin(Mode::Write, None).await?);
        Ok(Tx::new(PlatformScope::new(conn), self.clone(), action))
    }

    /// Runs a mutation: once, or again where other transactions stood in its way; then forgets what
    /// was read before, so that the answer shows what is true after it.
    ///
    /// # Errors
    /// What can't be mended by other input. What can is in the payload.
    pub async fn mutate<I, T, P, F>(&self, input: I, run: F) -> Result<P>
    where
        I: Clone,
        F: AsyncFn(&Self, I) -> Result<T>,
        P: Payload<Value = T>,
    {
        let outcome = self.retrying(input, run).await;
        match outcome {
            Ok(value) => Ok(P::done(value)),
            Err(Error::Invalid(problems)) => Ok(P::refused(problems)),
            Err(Error::Conflict(problem)) => Ok(P::refused(vec![problem])),
            Err(error) => Err(error),
        }
    }

    /// The same for callers that want the plain outcome.
    ///
    /// # Errors
    /// What the action fails with.
    pub async fn retrying<I, T, F>(&self, input: I, run: F) -> Result<T>
    where
        I: Clone,
        F: AsyncFn(&Self, I) -> Result<T>,
    {
        let mut runs = 1;
        let outcome = loop {
            // Boxed: the engine holds a field's future inside that of every root around it, and copies it there.
            match Box::pin(run(self, input.clone())).await {
                Err(Error::Retry) if runs < MAX_RUNS => {
                    tracing::debug!(runs, "two transactions met: running the action again");
                    self.release().await;
                    runs += 1;
                }
                outcome => break outcome,
            }
        };
        self.release().await;
        self.0.loaders.clear();
        outcome
    }

    /// Lets go of the database, to ask a service outside: a connection is never held over the network, and what was
    /// done outside is not undone by a rollback.
    ///
    /// # Errors
    /// `Internal` where a write of this request is open.
    pub async fn outside(&self) -> Result<Outside> {
        if self.0.writing.load(Ordering::Acquire) > 0 {
            return Err(Error::internal("a service outside was to be asked while a write is open"));
        }
        self.release().await;
        Ok(Outside(()))
    }

    pub(super) fn note_writing(&self) -> Writing {
        self.0.writing.fetch_add(1, Ordering::AcqRel);
        Writing(Arc::clone(&self.0.writing))
    }

    pub(super) fn mark_written(&self) {
        self.0.on_primary.store(true, Ordering::Release);
    }
}

/// That a request holds no connection and no write: what asks a service outside wants to see one.
#[derive(Debug)]
pub struct Outside(());

/// Counts an open write, until it ends in whatever way.
pub(super) struct Writing(Arc<AtomicU32>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
