//! The one reader of the outboxes on a node.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use entity::events::domain_events::{Column, Entity, Model};
use rules::ids::{DomainEventId, StoreId};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use tokio::sync::{broadcast, mpsc, oneshot};
use uuid::Uuid;

use super::{BACKLOG, Heard, WAITING};
use crate::kernel::clock::Clock;
use crate::kernel::db::Tuples;
use crate::kernel::db::{Db, List, Mode, Role, any_of};
use crate::kernel::error::{Error, Result};
use crate::kernel::scope::{Scope, StoreScope};
use crate::kernel::signals::Signal;

/// How far back events are known by their ids. An id tells the time at which it was made, on the clock of its
/// node and right before its commit: what is older than this has been committed, and seen.
const MEMORY: TimeDelta = TimeDelta::minutes(2);

/// Events that are looked through after something could have been overlooked; where there were more, the
/// listeners are told.
const MOST_TO_CATCH_UP: u64 = 2_000;

/// Events of one statement.
const CHUNK: usize = 500;

/// How often a read is tried again while the database is away for a moment.
const TRIES: u32 = 5;

/// How long after a read that failed the next one is tried.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Somebody who wants to listen.
pub(super) struct Join {
    pub store: StoreId,
    pub answer: oneshot::Sender<Result<broadcast::Receiver<Heard>>>,
}

/// What is known of a store that somebody listens to.
struct Outbox {
    sender: broadcast::Sender<Heard>,
    /// The events of the last minutes that were read, or were there before anybody listened.
    seen: BTreeSet<Uuid>,
}

pub(super) struct Reader {
    db: Db,
    clock: Arc<dyn Clock>,
    outboxes: HashMap<StoreId, Outbox>,
}

impl Reader {
    /// Starts it; `signals` are in the order of the commits.
    pub fn start(db: Db, clock: Arc<dyn Clock>, signals: broadcast::Receiver<Signal>) -> mpsc::Sender<Join> {
        let (sender, joins) = mpsc::channel(WAITING);
        let reader = Self { db, clock, outboxes: HashMap::new() };
        tokio::spawn(reader.run(joins, signals));
        sender
    }

    async fn run(mut self, mut joins: mpsc::Receiver<Join>, mut signals: broadcast::Receiver<Signal>) {
        loop {
            tokio::select! {
                join = joins.recv() => match join {
                    Some(join) => self.join(join).await,
                    None => return,
                },
                signal = signals.recv() => match signal {
                    Ok(signal) => self.hear(signal, &mut signals).await,
                    Err(broadcast::error::RecvError::Lagged(_)) => self.catch_up().await,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
            }
        }
    }

    /// Lets somebody listen. What is committed before that is not told; what comes after it is.
    async fn join(&mut self, Join { store, answer }: Join) {
        // Who has gone meanwhile needs no answer.
        let _ = answer.send(self.receiver(store).await);
    }

    async fn receiver(&mut self, store: StoreId) -> Result<broadcast::Receiver<Heard>> {
        self.outboxes.retain(|_, outbox| outbox.sender.receiver_count() > 0);
        if let Some(outbox) = self.outboxes.get(&store) {
            return Ok(outbox.sender.subscribe());
        }
        let after = self.memory_begins();
        let scope = self.scope(store).await?;
        let ids = scope.find::<Entity>().filter(Column::Id.gte(DomainEventId(after))).select_only().column(Column::Id);
        let seen: Vec<(DomainEventId,)> = ids.tuples(scope.conn()).await?;
        scope.conn().rollback().await;
        let (sender, receiver) = broadcast::channel(BACKLOG);
        self.outboxes.insert(store, Outbox { sender, seen: seen.into_iter().map(|(id,)| id.0).collect() });
        Ok(receiver)
    }

    /// Takes a signal, and those that have come meanwhile, so that many commits cost one statement.
    async fn hear(&mut self, signal: Signal, signals: &mut broadcast::Receiver<Signal>) {
        let mut written: Vec<(StoreId, Vec<DomainEventId>)> = Vec::new();
        let mut missed = false;
        let mut count = 0;
        let mut next = Some(signal);
        while let Some(signal) = next.take() {
            match signal {
                Signal::EventsWritten { store, events } if self.outboxes.contains_key(&store) => {
                    let ids = events.iter().map(|event| event.id);
                    match written.iter_mut().find(|(other, _)| *other == store) {
                        Some((_, all)) => all.extend(ids),
                        None => written.push((store, ids.collect())),
                    }
                    count += events.len();
                }
                Signal::Missed => missed = true,
                _ => {}
            }
            if count < CHUNK {
                next = match signals.try_recv() {
                    Ok(signal) => Some(signal),
                    Err(broadcast::error::TryRecvError::Lagged(_)) => Some(Signal::Missed),
                    Err(_) => None,
                };
            }
        }
        for (store, ids) in written {
            let read = self.read_events(store, Some(&ids)).await;
            self.tell(store, read);
        }
        if missed {
            self.catch_up().await;
        }
    }

    /// Reads again what the last minutes brought, and tells what was not told.
    async fn catch_up(&mut self) {
        self.outboxes.retain(|_, outbox| outbox.sender.receiver_count() > 0);
        let stores: Vec<StoreId> = self.outboxes.keys().copied().collect();
        for store in stores {
            let read = self.read_events(store, None).await;
            self.tell(store, read);
        }
    }

    /// Hands events on; each once.
    fn tell(&mut self, store: StoreId, read: Result<Option<Vec<Model>>>) {
        let forgotten = self.memory_begins();
        let Some(outbox) = self.outboxes.get_mut(&store) else { return };
        match read {
            Ok(Some(events)) => {
                for event in events {
                    if outbox.seen.insert(event.id.0) {
                        // Nobody may listen any more.
                        let _ = outbox.sender.send(Heard::Event(Arc::new(event)));
                    }
                }
                outbox.seen = outbox.seen.split_off(&forgotten);
            }
            Ok(None) | Err(_) => {
                tracing::warn!(%store, "events could not be followed: their listeners are told");
                let _ = outbox.sender.send(Heard::Missed);
                // The next one to listen begins anew.
                self.outboxes.remove(&store);
            }
        }
    }

    /// These events, or those of the last minutes; tries again while the database is away for a moment.
    async fn read_events(&self, store: StoreId, ids: Option<&[DomainEventId]>) -> Result<Option<Vec<Model>>> {
        let mut tries = 0;
        loop {
            let read = match ids {
                Some(ids) => self.by_ids(store, ids).await,
                None => self.latest(store).await,
            };
            match read {
                Err(Error::Busy | Error::Retry) if tries < TRIES => tries += 1,
                outcome => return outcome,
            }
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
    }

    /// These events, in this order.
    async fn by_ids(&self, store: StoreId, ids: &[DomainEventId]) -> Result<Option<Vec<Model>>> {
        let scope = self.scope(store).await?;
        let mut events = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let these = any_of(scope.conn(), Column::Id, chunk.iter().map(|id| id.0));
            let rows = scope.find::<Entity>().filter(these).list(scope.conn()).await?;
            let mut rows: HashMap<Uuid, Model> = rows.into_iter().map(|row| (row.id.0, row)).collect();
            events.extend(chunk.iter().filter_map(|id| rows.remove(&id.0)));
        }
        scope.conn().rollback().await;
        Ok(Some(events))
    }

    /// The events of the last minutes, those of one thing in their order; `None` where there are too many.
    async fn latest(&self, store: StoreId) -> Result<Option<Vec<Model>>> {
        let scope = self.scope(store).await?;
        let recent: Select<Entity> = scope.find::<Entity>().filter(Column::Id.gte(DomainEventId(self.memory_begins())));
        let events = recent
            .order_by_asc(Column::AggregateType)
            .order_by_asc(Column::AggregateId)
            .order_by_asc(Column::Sequence)
            .limit(MOST_TO_CATCH_UP)
            .list(scope.conn())
            .await?;
        scope.conn().rollback().await;
        Ok((events.len() as u64 != MOST_TO_CATCH_UP).then_some(events))
    }

    /// The store's rows, from the primary: a standby may not have them yet.
    async fn scope(&self, store: StoreId) -> Result<StoreScope> {
        let conn = self.db.begin(Mode::Read, Role::App, Some(store), Arc::default()).await?;
        Ok(StoreScope::new(store, Arc::new(conn)))
    }

    /// An id as old as what is remembered.
    fn memory_begins(&self) -> Uuid {
        let milliseconds = (self.clock.now() - MEMORY).timestamp_millis();
        let bits = u128::from(u64::try_from(milliseconds).unwrap_or_default()) << 80;
        Uuid::from_u128(bits)
    }
}
