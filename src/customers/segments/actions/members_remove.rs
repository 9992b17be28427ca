//! `segmentMembersRemove`: customers are taken out of a segment.

use rules::ids::{CustomerId, SegmentId};

use super::super::events::SegmentMembersChanged;
use super::super::store;
use super::super::types::Segment;
use crate::kernel::{Action, Audit, Ctx, Result};

/// Takes the customers out.
pub async fn run(ctx: &Ctx, (id, customers): (SegmentId, Vec<CustomerId>)) -> Result<Segment> {
    let mut tx = ctx.begin_store(Action::SegmentMembersRemove).await?;
    let segment = super::by_hand(&tx, id, &customers).await?;
    super::expect_living(&tx, &customers).await?;
    store::remove_members(&tx, id, &customers).await?;
    let changed = SegmentMembersChanged { segment_id: id, added: Vec::new(), removed: customers };
    tx.emit(&changed)?;
    tx.commit(Audit::done("segment", &changed)).await?;
    Ok(segment.into())
}
