//! `trustedDocumentsDelete`: documents are no longer registered.

use std::collections::HashSet;

use rules::ids::TrustedDocumentId;
use rules::{ErrorCode, Problem, Problems};

use super::super::events::{self, TrustedDocumentsDeleted};
use super::super::store;
use super::register::MAX_AT_ONCE;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Deletes the documents, all or none.
///
/// # Errors
/// `NOT_FOUND` for one that is not the store's.
pub async fn run(ctx: &Ctx, ids: Vec<TrustedDocumentId>) -> Result<Vec<TrustedDocumentId>> {
    let store = ctx.store_context()?.id;
    read(&ids)?;

    let mut tx = ctx.begin_store(Action::TrustedDocumentsDelete).await?;
    let rows = store::list_by_ids(&tx, &ids).await?;
    let found: HashSet<TrustedDocumentId> = rows.iter().map(|row| row.id).collect();
    let mut problems = Problems::new();
    for (place, _) in ids.iter().enumerate().filter(|(_, id)| !found.contains(id)) {
        problems.add(ErrorCode::NotFound, &format!("ids.{place}"), "There is no such document here.");
    }
    problems.finish()?;
    store::delete(&tx, &ids).await?;
    let snapshot = || events::snapshot(store, &rows);
    tx.emit(&TrustedDocumentsDeleted(snapshot()))?;
    tx.commit(Audit::deleted("store", store, &snapshot())).await?;
    Ok(ids)
}

fn read(ids: &[TrustedDocumentId]) -> Result<()> {
    if ids.is_empty() {
        return Err(Error::invalid(ErrorCode::Required, "ids", "Give the id of one document at least."));
    }
    if ids.len() > MAX_AT_ONCE {
        let message = format!("Delete at most {MAX_AT_ONCE} documents at a time.");
        return Err(Error::Invalid(vec![Problem::new(ErrorCode::TooLong, "ids", message)]));
    }
    let mut problems = Problems::new();
    let mut seen = HashSet::new();
    for (place, _) in ids.iter().enumerate().filter(|(_, id)| !seen.insert(**id)) {
        problems.add(ErrorCode::Duplicate, &format!("ids.{place}"), "This stands in the list twice.");
    }
    Ok(problems.finish()?)
}
