//! `segmentDelete`: a segment that no price is for goes.

use rules::ids::SegmentId;
use rules::{ErrorCode, Problem};

use super::super::events::{SegmentDeleted, SegmentSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Deletes the segment.
pub async fn run(ctx: &Ctx, id: SegmentId) -> Result<SegmentId> {
    let mut tx = ctx.begin_store(Action::SegmentDelete).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    if !store::delete(&tx, id).await? {
        let message = "Prices are for this segment: delete them first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::InUse, "id", message)));
    }
    tx.emit(&SegmentDeleted { segment: SegmentSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("segment", id, &SegmentSnapshot::from(&before))).await?;
    Ok(id)
}
