//! `storeDomainRemove`: a host no longer leads to the store.

use rules::ids::StoreDomainId;

use super::super::events::{StoreDomainRemoved, StoreDomainSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Removes the domain.
pub async fn run(ctx: &Ctx, id: StoreDomainId) -> Result<StoreDomainId> {
    let mut tx = ctx.begin_store(Action::StoreDomainRemove).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    if !store::delete(&tx, id).await? {
        return Err(Error::NotFound);
    }
    tx.emit(&StoreDomainRemoved { store_domain: StoreDomainSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("store_domain", id, &StoreDomainSnapshot::from(&before))).await?;
    Ok(id)
}
