//! `tagDelete`: a tag goes, for good, and with it the mark on every product.

use rules::ids::TagId;

use super::super::events::{TagDeleted, TagSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Deletes the tag.
pub async fn run(ctx: &Ctx, id: TagId) -> Result<TagId> {
    let mut tx = ctx.begin_store(Action::TagDelete).await?;
    let before = store::delete(&tx, id).await?.ok_or(Error::NotFound)?;
    tx.emit(&TagDeleted { tag: TagSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("tag", id, &TagSnapshot::from(&before))).await?;
    Ok(id)
}
