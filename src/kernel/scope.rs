//! Where a query starts.
//!
//! A scope is an open transaction together with the tenant it belongs to. Every query of a domain
//! starts from one, which puts the tenant's filter on it first; there is no other way to start.

use std::sync::Arc;

use entity::scope::{AccountEntity, OrganizationEntity, TenantEntity};
use rules::ids::{OrganizationId, StoreId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

use super::db::Conn;

/// What all scopes have: a transaction.
pub trait Scope: Clone + Send + Sync + 'static {
    /// The transaction to run a query on.
    fn conn(&self) -> &Conn;
}

/// One store's rows.
#[derive(Clone)]
pub struct StoreScope {
    store: StoreId,
    conn: Arc<Conn>,
}

impl StoreScope {
    pub(in crate::kernel) fn new(store: StoreId, conn: Arc<Conn>) -> Self {
        Self { store, conn }
    }

    /// The store.
    pub fn id(&self) -> StoreId {
        self.store
    }

    /// Starts a query over the store's rows of a table.
    #[expect(clippy::disallowed_methods, reason = "the one place that starts a tenant's query, with its filter")]
    pub fn find<E: TenantEntity>(&self) -> Select<E> {
        E::find().filter(E::store_column().eq(self.store))
    }
}

impl Scope for StoreScope {
    fn conn(&self) -> &Conn {
        &self.conn
    }
}

/// One organization's rows: members, roles, invitations, stores.
#[derive(Clone)]
pub struct OrganizationScope {
    organization: OrganizationId,
    conn: Arc<Conn>,
}

impl OrganizationScope {
    pub(in crate::kernel) fn new(organization: OrganizationId, conn: Arc<Conn>) -> Self {
        Self { organization, conn }
    }

    /// The same transaction, as one of a store's.
    pub(in crate::kernel) fn in_store(&self, store: StoreId) -> StoreScope {
        StoreScope::new(store, Arc::clone(&self.conn))
    }

    /// The organization.
    pub fn id(&self) -> OrganizationId {
        self.organization
    }

    /// Starts a query over the organization's rows of a table.
    #[expect(clippy::disallowed_methods, reason = "the one place that starts an organization's query, with its filter")]
    pub fn find<E: OrganizationEntity>(&self) -> Select<E> {
        E::find().filter(E::organization_column().eq(self.organization))
    }
}

impl Scope for OrganizationScope {
    fn conn(&self) -> &Conn {
        &self.conn
    }
}

/// The rows of several organizations at once, for what lists them side by side. Whoever asks for one
/// has checked that the caller may see each.
#[derive(Clone)]
pub struct OrganizationsScope {
    organizations: Vec<OrganizationId>,
    conn: Arc<Conn>,
}

impl OrganizationsScope {
    pub(in crate::kernel) fn new(organizations: Vec<OrganizationId>, conn: Arc<Conn>) -> Self {
        Self { organizations, conn }
    }
}

impl Scope for OrganizationsScope {
    fn conn(&self) -> &Conn {
        &self.conn
    }
}

/// A scope whose queries see organizations' rows: those of one, or of several.
pub trait OrganizationRows: Scope {
    /// Starts a query over the rows of a table.
    fn rows<E: OrganizationEntity>(&self) -> Select<E>;
}

impl OrganizationRows for OrganizationScope {
    fn rows<E: OrganizationEntity>(&self) -> Select<E> {
        self.find()
    }
}

impl OrganizationRows for OrganizationsScope {
    #[expect(clippy::disallowed_methods, reason = "the one place that starts a query over several organizations")]
    fn rows<E: OrganizationEntity>(&self) -> Select<E> {
        let ids = self.organizations.iter().map(|id| id.0);
        E::find().filter(super::db::any_of(&self.conn, E::organization_column(), ids))
    }
}

/// One person's own rows: the account, its sessions, its memberships.
#[derive(Clone)]
pub struct AccountScope {
    user: UserId,
    conn: Arc<Conn>,
}

impl AccountScope {
    pub(in crate::kernel) fn new(user: UserId, conn: Arc<Conn>) -> Self {
        Self { user, conn }
    }

    /// The person.
    pub fn id(&self) -> UserId {
        self.user
    }

    /// Starts a query over the person's rows of a table.
    #[expect(clippy::disallowed_methods, reason = "the one place that starts a person's query, with its filter")]
    pub fn find<E: AccountEntity>(&self) -> Select<E> {
        E::find().filter(E::user_column().eq(self.user))
    }
}

impl Scope for AccountScope {
    fn conn(&self) -> &Conn {
        &self.conn
    }
}

/// No tenant: for what must look across them, such as signing in. A test lists the files that use it.
#[derive(Clone)]
pub struct PlatformScope {
    conn: Arc<Conn>,
}

impl PlatformScope {
    pub(in crate::kernel) fn new(conn: Arc<Conn>) -> Self {
        Self { conn }
    }

    /// Starts a query over all rows of a table.
    #[expect(clippy::disallowed_methods, reason = "the one place that starts a query without a tenant")]
    pub fn find<E: EntityTrait>(&self) -> Select<E> {
        E::find()
    }
}

impl Scope for PlatformScope {
    fn conn(&self) -> &Conn {
        &self.conn
    }
}
