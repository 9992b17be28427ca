//! Visitors: which store they are at, from memory where that is known.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use rules::states::DocumentPolicy;

use super::choose_store;
use super::store::{self, Lookup, StoreSource};
use crate::kernel::ctx::{Caller, StoreContext, TrustedDocument};
use crate::kernel::db::{Mode, Role};
use crate::kernel::directory::{Door, Known};
use crate::kernel::{Error, System};

/// A visitor of whom nothing can be remembered.
enum Stranger {
    /// At no store, or at one that changed while it was read, or with a document that it has not registered.
    Passing(Box<Option<StoreContext>>, Option<TrustedDocument>),
    /// The door leads to two stores, or to none that is open.
    Refused(Error),
}

impl From<Error> for Stranger {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// Finds the store of a visitor, and whether it has registered the document where that counts.
pub(super) async fn recognize(
    system: &System,
    lookup: &Lookup,
    mut door: Door,
    statements: &Arc<AtomicU32>,
    caller: &mut Caller,
) -> Result<(), Error> {
    let mut found = find(system, lookup, &door, statements).await;
    if matches!(&found, Ok(known) if known.store.document_policy != DocumentPolicy::Any) {
        door.document = lookup.document();
        if door.document.is_some() {
            found = find(system, lookup, &door, statements).await;
        }
    }
    match found {
        Ok(known) => {
            caller.epoch = Some(known.epoch);
            caller.trusted_document = door.document.is_some().then(TrustedDocument::default);
            caller.store = Some(StoreContext::clone(&known.store));
        }
        Err(Stranger::Passing(store, document)) => {
            caller.trusted_document = document;
            caller.store = *store;
        }
        Err(Stranger::Refused(error)) => return Err(error),
    }
    Ok(())
}

async fn find(system: &System, lookup: &Lookup, door: &Door, statements: &Arc<AtomicU32>) -> Result<Known, Stranger> {
    // Boxed: who is known does not carry the size of a look-up along.
    let visit = || Box::pin(visit(system, lookup, door.document.is_some(), statements));
    system.directory.find_or(&system.signals, door.clone(), visit).await
}

/// Reads the store behind a door; `trusted` says that only a document counts that it has registered.
async fn visit(
    system: &System,
    lookup: &Lookup,
    trusted: bool,
    statements: &Arc<AtomicU32>,
) -> Result<Known, Stranger> {
    let epochs = system.signals.epochs();
    let before = epochs.any();
    let conn = system.db.begin(Mode::Read, Role::Platform, None, Arc::clone(statements)).await?;
    let found = store::find(&conn, lookup).await;
    conn.rollback().await;
    let found = found?;
    let host_leads_nowhere = lookup.names_host() && !found.stores.iter().any(|row| row.source == StoreSource::Host);
    let store = choose_store(lookup, &found.stores, found.host_is_taken, found.currencies)?;
    let Some(store) = store else { return Err(Stranger::Passing(Box::default(), None)) };
    let document = found.trusted_document.filter(|(id, _)| *id == store.id).map(|(_, document)| document);
    if trusted && document.is_none() {
        return Err(Stranger::Passing(Box::new(Some(store)), None));
    }
    let known = Known::read(store.clone(), before, host_leads_nowhere, epochs);
    known.ok_or_else(|| Stranger::Passing(Box::new(Some(store)), document))
}
