//! A write.
//!
//! Writing needs a [`Tx`]; ending it well needs an audit entry; what happened is told in the same
//! commit; dropping it rolls everything back. No network call and no password hash belongs between
//! its begin and its commit.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};

use entity::scope::{AccountEntity, OrganizationEntity, TenantEntity};
use entity::tenancy::stores;
use rules::ids::StoreId;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DbErr, DeleteMany, EntityTrait, IdenStatic,
    IntoActiveModel, ModelTrait, PrimaryKeyToColumn, QueryFilter, Statement, UpdateMany,
};

use super::action::Action;
use super::audit::{Audit, Audited};
use super::ctx::{Actor, Ctx, Writing};
use super::error::{Error, Result};
use super::outbox::{Event, Pending, Tells};
use super::scope::{AccountScope, OrganizationScope, PlatformScope, Scope, StoreScope};
use super::signals::{Changed, Signal};

/// Values that one statement carries at the most: SQLite takes 32,766.
const MAX_VALUES: usize = 30_000;

/// An open write. Derefs to its scope, so that a store's reads work on it too.
pub struct Tx<S: Scope> {
    scope: S,
    ctx: Ctx,
    action: Action,
    events: Vec<Pending>,
    /// What the nodes are told once it is committed, beside what the scope itself says.
    signals: Vec<Signal>,
    /// Whether any of its parts can be seen.
    is_seen: AtomicBool,
    /// As long as it is open, its request goes nowhere outside.
    writing: Writing,
}

impl<S: Scope> Deref for Tx<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.scope
    }
}

impl<S: Scope> Tx<S> {
    pub(super) fn new(scope: S, ctx: Ctx, action: Action) -> Self {
        let (writing, is_seen) = (ctx.note_writing(), AtomicBool::new(false));
        Self { scope, ctx, action, events: Vec::new(), signals: Vec::new(), is_seen, writing }
    }

    /// The request that writes.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }
}

impl<S: Scope> Tx<S> {
    /// Says that storefronts look otherwise once this is committed: for writes of
    /// [`Action::SEEN_AT_TIMES`], and for parts of others that change what visitors see.
    pub fn shows(&self) {
        self.is_seen.store(true, Ordering::Relaxed);
    }
}

impl<S: Scope + Audited + Tells + Changed> Tx<S> {
    /// Tells the world, if the commit comes.
    ///
    /// # Errors
    /// `Internal` where the event can't be written as JSON.
    pub fn emit<E: Event>(&mut self, event: &E) -> Result<()> {
        self.events.push(Pending::of(event)?);
        Ok(())
    }

    /// Makes it last: the audit entry, the events, and the change, all or none.
    ///
    /// # Errors
    /// What the database says; then nothing was written.
    pub async fn commit(self, audit: Audit) -> Result<()> {
        Audited::write(&self.scope, &self.ctx, self.action, audit).await?;
        self.end().await
    }

    /// Writes one more entry in the same commit: for a part of the change that has a name of its own, such
    /// as the brand that an import makes on its way to a product.
    ///
    /// # Errors
    /// What the database says.
    pub async fn audit(&self, action: Action, audit: Audit) -> Result<()> {
        self.is_seen.fetch_or(action.is_seen(), Ordering::Relaxed);
        Audited::write(&self.scope, &self.ctx, action, audit).await
    }

    /// Makes it last under another name than it began with: for writes of which only the doing shows
    /// whether they create or change.
    ///
    /// # Errors
    /// As [`Tx::commit`].
    pub async fn commit_as(mut self, action: Action, audit: Audit) -> Result<()> {
        self.action = action;
        self.commit(audit).await
    }

    /// Makes it last without an entry, for the few writes that nobody did on purpose. `why` says which.
    ///
    /// # Errors
    /// What the database says; then nothing was written.
    pub async fn commit_unaudited(self, why: &'static str) -> Result<()> {
        tracing::trace!(why, action = self.action.name(), "a write without an audit entry");
        self.end().await
    }

    async fn end(mut self) -> Result<()> {
        let events = Tells::write(&self.scope, &self.ctx, std::mem::take(&mut self.events)).await?;
        self.signals.extend(events);
        self.finish().await
    }
}

impl<S: Changed> Tx<S> {
    /// Notes the newest write of the caller where a replica could lag behind it, commits, and tells every
    /// node. The scope says what changed, whatever the action is, unless the action is known to be unseen.
    async fn finish(mut self) -> Result<()> {
        let conn = self.scope.conn();
        if self.ctx.system().db.has_replica() {
            let (table, id) = match self.ctx.actor() {
                Actor::User { session, .. } => ("sessions", session.0),
                Actor::Customer { session, .. } => ("customer_sessions", session.0),
                Actor::Token { token, .. } => ("api_tokens", token.0),
                Actor::Anonymous | Actor::Operator => ("", uuid::Uuid::nil()),
            };
            if !table.is_empty() {
                let sql =
                    format!("UPDATE {table} SET last_write_xid = pg_current_xact_id()::text::bigint WHERE id = $1");
                let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.into()]);
                conn.execute_raw(statement).await?;
            }
        }
        if self.action.is_seen() || self.is_seen.load(Ordering::Relaxed) {
            self.signals.insert(0, self.scope.changed());
        }
        if self.action.moves_doors()
            && let Ok(store) = self.ctx.store_context()
        {
            self.signals.push(Signal::OrganizationChanged(store.organization));
        }
        let (scope, ctx, writing) = (self.scope, self.ctx.clone(), self.writing);
        // In a task of its own: a caller who goes away must not keep this node from hearing what was
        // committed all the same.
        let ended = tokio::spawn(async move {
            let messages = ctx.system().signals.prepare(self.signals);
            let texts: Vec<&str> = messages.iter().map(|message| &*message.text).collect();
            let signals = &ctx.system().signals;
            let sends_back = scope.conn().get_database_backend() == DbBackend::Postgres;
            let _turn = if sends_back { None } else { Some(signals.turn().await) };
            let committed = scope.conn().commit(&texts).await;
            if committed.is_ok() && !sends_back {
                messages.iter().for_each(|message| signals.hear_events(&message.signals));
            }
            // Where the connection broke on the way, it may be committed now or in a moment.
            signals.hear_own(messages, committed.is_ok() && sends_back);
            committed
        });
        ended.await.map_err(Error::internal)??;
        drop(writing);
        self.ctx.mark_written();
        Ok(())
    }
}

impl Tx<OrganizationScope> {
    /// Goes on inside one of the organization's stores, with the rights of a request there. What was
    /// told so far, and the entry, stand in the organization's name; what follows is the store's, in the
    /// same commit.
    ///
    /// # Errors
    /// What the database says.
    pub async fn enter_store(self, store: StoreId, audit: Audit) -> Result<Tx<StoreScope>> {
        Audited::write(&self.scope, &self.ctx, self.action, audit).await?;
        let events = Tells::write(&self.scope, &self.ctx, self.events).await?;
        self.scope.conn().enter(store).await?;
        let mut tx = Tx::new(self.scope.in_store(store), self.ctx, self.action);
        tx.signals.push(self.scope.changed());
        tx.signals.extend(events);
        Ok(tx)
    }
}

macro_rules! scoped_writes {
    ($scope:ty, $entity:ident, $column:ident, $set:ident) => {
        #[expect(clippy::disallowed_methods, reason = "the one place that writes a tenant's rows, with its key")]
        impl Tx<$scope> {
            /// Writes a new row of this tenant, and gives it back as it was stored.
            ///
            /// # Errors
            /// What the database says; a broken promise can be read with `error::Violation`.
            pub async fn insert<E>(&self, mut row: E::ActiveModel) -> Result<E::Model, DbErr>
            where
                E: $entity,
                E::Model: IntoActiveModel<E::ActiveModel>,
            {
                E::$set(&mut row, self.id());
                E::insert(row).exec_with_returning(self.conn()).await
            }

            /// Writes many new rows of this tenant, in as few statements as the databases take.
            ///
            /// # Errors
            /// What the database says.
            pub async fn insert_many<E>(&self, rows: Vec<E::ActiveModel>) -> Result<(), DbErr>
            where
                E: $entity,
            {
                self.insert_chunks::<E>(rows, None).await
            }

            /// Writes those of many rows of this tenant whose `key` no other row has; the others are left as
            /// they are, whoever wrote them.
            ///
            /// # Errors
            /// What the database says.
            pub async fn insert_missing<E>(&self, key: &[E::Column], rows: Vec<E::ActiveModel>) -> Result<(), DbErr>
            where
                E: $entity,
            {
                let keep = OnConflict::columns(key.iter().copied()).do_nothing().to_owned();
                self.insert_chunks::<E>(rows, Some(keep)).await
            }

            /// Writes many whole rows of this tenant, new ones and changed ones, in as few statements as the
            /// databases take. Which is which is decided by the primary key.
            ///
            /// # Errors
            /// What the database says; a broken promise can be read with `error::Violation`.
            pub async fn save_many<E>(&self, rows: Vec<E::Model>) -> Result<(), DbErr>
            where
                E: $entity,
                E::Model: IntoActiveModel<E::ActiveModel>,
            {
                let key: Vec<E::PrimaryKey> = <E::PrimaryKey as sea_orm::Iterable>::iter().collect();
                let of_key: Vec<E::Column> = key.iter().map(|column| column.into_column()).collect();
                let others = <E::Column as sea_orm::Iterable>::iter()
                    .filter(|column| !of_key.iter().any(|key| key.as_str() == column.as_str()));
                let replace = OnConflict::columns(key).update_columns(others).to_owned();
                let rows = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
                self.insert_chunks::<E>(rows, Some(replace)).await
            }

            async fn insert_chunks<E>(
                &self,
                rows: Vec<E::ActiveModel>,
                conflict: Option<OnConflict>,
            ) -> Result<(), DbErr>
            where
                E: $entity,
            {
                let columns = <E::Column as sea_orm::Iterable>::iter().count().max(1);
                let mut rows = rows.into_iter().peekable();
                while rows.peek().is_some() {
                    let chunk: Vec<_> = rows
                        .by_ref()
                        .take(MAX_VALUES / columns)
                        .map(|mut row| {
                            E::$set(&mut row, self.id());
                            row
                        })
                        .collect();
                    let mut insert = E::insert_many(chunk);
                    if let Some(conflict) = &conflict {
                        insert = insert.on_conflict(conflict.clone());
                    }
                    insert.exec_without_returning(self.conn()).await?;
                }
                Ok(())
            }

            /// Writes the changed columns of one row of this tenant, found by its primary key.
            ///
            /// # Errors
            /// What the database says; `DbErr::RecordNotUpdated` where the row is not there.
            pub async fn update<E>(&self, mut row: E::ActiveModel) -> Result<E::Model, DbErr>
            where
                E: $entity,
                E::Model: IntoActiveModel<E::ActiveModel> + ModelTrait<Entity = E>,
                E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
            {
                E::$set(&mut row, self.id());
                E::update(row).validate()?.filter(E::$column().eq(self.id())).exec(self.conn()).await
            }

            /// Starts a change of many rows of this tenant.
            pub fn update_many<E: $entity>(&self) -> UpdateMany<E> {
                E::update_many().filter(E::$column().eq(self.id()))
            }

            /// Starts a removal of many rows of this tenant.
            pub fn delete_many<E: $entity>(&self) -> DeleteMany<E> {
                E::delete_many().filter(E::$column().eq(self.id()))
            }
        }
    };
}

scoped_writes!(StoreScope, TenantEntity, store_column, set_store);
scoped_writes!(OrganizationScope, OrganizationEntity, organization_column, set_organization);

scoped_writes!(AccountScope, AccountEntity, user_column, set_user);

impl Tx<StoreScope> {
    /// Holds the store until the end of the transaction, and waits for whoever holds it now: for the few
    /// changes that are only right against all of a store's rows at once, such as a move in a tree.
    /// Whoever calls it does so before reading what the change is decided by, and before taking any
    /// other lock. Writers of the store's other rows do not wait. On SQLite there is one writer anyway, and
    /// nothing to do.
    ///
    /// # Errors
    /// What the database says.
    pub async fn hold_store(&self) -> Result<(), DbErr> {
        if self.conn().get_database_backend() == DbBackend::Sqlite {
            return Ok(());
        }
        let own = Expr::col(stores::Column::Id).eq(self.id());
        let mut store = Query::select().column(stores::Column::Id).from(stores::Entity).and_where(own).to_owned();
        self.conn().query_one(store.lock(LockType::NoKeyUpdate)).await?;
        Ok(())
    }
}

/// What belongs to nobody has no audit log and no outbox either.
#[expect(clippy::disallowed_methods, reason = "the one place that removes rows of no tenant")]
impl Tx<PlatformScope> {
    /// Starts a removal of rows, whoever's they are.
    pub fn delete_many<E: EntityTrait>(&self) -> DeleteMany<E> {
        E::delete_many()
    }

    /// Makes it last. `why` says why nobody is told.
    ///
    /// # Errors
    /// What the database says; then nothing was written.
    pub async fn commit_unaudited(self, why: &'static str) -> Result<()> {
        tracing::trace!(why, action = self.action.name(), "a write without an audit entry");
        self.finish().await
    }
}

/// The next version of a row, for `update_many`.
pub fn next_version(column: impl sea_orm::sea_query::IntoColumnRef + Copy) -> Expr {
    use sea_orm::sea_query::ExprTrait;
    Expr::col(column).add(1)
}
