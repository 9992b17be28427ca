//! Writes of a request: each has a transaction of its own, and is run again where others stood in its way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rules::ids::{OrganizationId, UserId};

use super::Ctx;
use crate::kernel::action::Action;
use crate::kernel::db::Mode;
use crate::kernel::error::{Error, Result};
use crate::kernel::payload::Payload;
use crate::kernel::scope::{AccountScope, OrganizationScope, PlatformScope, StoreScope};
use crate::kernel::tx::Tx;

/// How often an action is run when other transactions stand in its way.
pub(in crate::kernel) const MAX_RUNS: u32 = 3;

impl Ctx {
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

    pub(in crate::kernel) fn note_writing(&self) -> Writing {
        self.0.writing.fetch_add(1, Ordering::AcqRel);
        Writing(Arc::clone(&self.0.writing))
    }

    pub(in crate::kernel) fn mark_written(&self) {
        self.0.on_primary.store(true, Ordering::Release);
    }
}

/// That a request holds no connection and no write: what asks a service outside wants to see one.
#[derive(Debug)]
pub struct Outside(());

/// Counts an open write, until it ends in whatever way.
pub(in crate::kernel) struct Writing(Arc<AtomicU32>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
