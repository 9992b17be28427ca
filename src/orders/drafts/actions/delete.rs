//! `draftOrderDelete`: a draft is thrown away.

use rules::ids::DraftOrderId;

use super::expect_open;
use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::orders::drafts::events::{DraftOrderDeleted, DraftOrderSnapshot};
use crate::orders::drafts::store;

/// Throws the draft away.
pub async fn run(ctx: &Ctx, id: DraftOrderId) -> Result<DraftOrderId> {
    let mut tx = ctx.begin_store(Action::DraftOrderDelete).await?;
    let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    expect_open(&before)?;
    let snapshot = DraftOrderSnapshot::of(&before, &store::list_lines(&tx, &[id]).await?);
    store::delete(&tx, id).await?;
    tx.emit(&DraftOrderDeleted { draft_order: snapshot.clone() })?;
    tx.commit(Audit::deleted("draft_order", id, &snapshot)).await?;
    Ok(id)
}
