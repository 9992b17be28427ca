//! The transaction that all reads of a request share, on the primary or on a standby.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rules::ids::{OrganizationId, StoreId};
use sea_orm::{ConnectionTrait, Statement};

use super::{Actor, Ctx};
use crate::kernel::db::{Conn, Mode, Role};
use crate::kernel::error::Result;
use crate::kernel::scope::{AccountScope, OrganizationScope, OrganizationsScope, PlatformScope, StoreScope};

impl Ctx {
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

    pub(super) async fn begin(&self, mode: Mode, store: Option<StoreId>) -> Result<Conn> {
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
}
