//! One look at everything there may be to do.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use metrics::counter;
use rules::ids::StoreId;
use tokio_util::sync::CancellationToken;

use super::chores::{ALL, Chore, InStore, OfPlatform, Way};
use super::resting::Resting;
use crate::gate::authentication::operator;
use crate::kernel::schedule::{self, Waiting};
use crate::kernel::{Ctx, Error, Result, System};

/// How many stores are looked up at once.
const STORES: u64 = 100;
/// How many rows a chore works on in one transaction.
const ROWS: u64 = 100;
/// How many transactions a store gets in one pass, so that the others have their turn.
const ROUNDS: u32 = 10;

/// What a pass came to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// How many rows were worked on.
    pub rows: u64,
    /// How many times a chore failed.
    pub failures: u64,
}

/// Does every chore, wherever it waits; ends early where it is told to stop, after what is under way, and where the
/// database is away.
pub async fn pass(system: &Arc<System>, resting: &mut Resting, stop: &CancellationToken) -> Pass {
    let mut done = Pass::default();
    for chore in ALL {
        let mut turn = Turn { system, chore, resting, stop, done: &mut done };
        if turn.take().await.is_break() {
            break;
        }
    }
    done
}

/// Whether the pass goes on.
type Flow = std::ops::ControlFlow<()>;

/// One chore in one pass.
struct Turn<'a> {
    system: &'a Arc<System>,
    chore: &'static Chore,
    resting: &'a mut Resting,
    stop: &'a CancellationToken,
    done: &'a mut Pass,
}

impl Turn<'_> {
    async fn take(&mut self) -> Flow {
        match self.chore.way {
            Way::Stores { waiting, work } => self.stores(waiting, work).await,
            Way::Platform { .. } if self.rests(None) => Flow::Continue(()),
            Way::Platform { every, work } => {
                let outcome = self.platform(work).await;
                let is_done = outcome.is_ok();
                let flow = self.judge(None, outcome);
                if is_done {
                    self.resting.rest((self.chore.name, None), self.system.clock.now() + every);
                }
                flow
            }
        }
    }

    async fn platform(&self, work: OfPlatform) -> Result<u64> {
        let ctx = self.context(None).await?;
        ctx.retrying(work, for_platform).await
    }

    async fn stores(&mut self, waiting: fn(DateTime<Utc>) -> Waiting, work: InStore) -> Flow {
        let mut after = None;
        loop {
            let (db, now) = (&self.system.db, self.system.clock.now());
            let found = match schedule::stores_with(db, waiting(now), after, STORES).await {
                Ok(found) => found,
                Err(error) => return self.judge(None, Err(error)),
            };
            for store in &found {
                if self.stop.is_cancelled() {
                    return Flow::Break(());
                }
                if !self.rests(Some(*store)) {
                    let outcome = self.store(*store, work).await;
                    self.judge(Some(*store), outcome)?;
                }
            }
            after = found.last().copied();
            if u64::try_from(found.len()).is_ok_and(|found| found < STORES) {
                return Flow::Continue(());
            }
        }
    }

    async fn store(&self, store: StoreId, work: InStore) -> Result<u64> {
        let mut rows = 0;
        for _ in 0..ROUNDS {
            let ctx = match self.context(Some(store)).await {
                Ok(ctx) => ctx,
                // It was closed since it was found.
                Err(Error::NoSuchStore) => break,
                Err(error) => return Err(error),
            };
            let worked = ctx.retrying(work, in_store).await?;
            rows += worked;
            if worked < ROWS || self.stop.is_cancelled() {
                break;
            }
        }
        Ok(rows)
    }

    fn rests(&self, store: Option<StoreId>) -> bool {
        self.resting.rests((self.chore.name, store), self.system.clock.now())
    }

    /// A context with the platform's own rights: a new moment, a new id.
    async fn context(&self, store: Option<StoreId>) -> Result<Ctx> {
        let id = self.system.entropy.uuid(self.system.clock.now()).simple().to_string();
        let store = store.map(|store| store.to_string());
        operator(self.system, &id, store.as_deref()).await
    }

    fn judge(&mut self, store: Option<StoreId>, outcome: Result<u64>) -> Flow {
        let (name, key) = (self.chore.name, (self.chore.name, store));
        match outcome {
            Ok(rows) => {
                self.resting.done(key);
                self.done.rows += rows;
                counter!("worker_rows_total", "chore" => name).increment(rows);
                Flow::Continue(())
            }
            Err(error) => {
                self.done.failures += 1;
                counter!("worker_failures_total", "chore" => name).increment(1);
                // Where the database is away, it is for all of them.
                let away = matches!(error, Error::Busy);
                tracing::warn!(chore = name, store = store.map(tracing::field::display), %error, "a chore failed");
                if away {
                    return Flow::Break(());
                }
                self.resting.failed(key, self.system.clock.now());
                Flow::Continue(())
            }
        }
    }
}

async fn in_store(ctx: &Ctx, work: InStore) -> Result<u64> {
    work(ctx, ROWS).await
}

async fn for_platform(ctx: &Ctx, work: OfPlatform) -> Result<u64> {
    work(ctx).await
}
