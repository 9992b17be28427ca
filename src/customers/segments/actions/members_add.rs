//! `segmentMembersAdd`: customers are put into a segment.

use rules::ids::{CustomerId, SegmentId};

use super::super::events::SegmentMembersChanged;
use super::super::store;
use super::super::types::Segment;
use crate::kernel::{Action, Audit, Ctx, Result};

/// Puts the customers in.
pub async fn run(ctx: &Ctx, (id, customers): (SegmentId, Vec<CustomerId>)) -> Result<Segment> {
    let mut tx = ctx.begin_store(Action::SegmentMembersAdd).await?;
    let segment = super::by_hand(&tx, id, &customers).await?;
    super::expect_living(&tx, &customers).await?;
    store::add_members(&tx, id, &customers).await?;
    let changed = SegmentMembersChanged { segment_id: id, added: customers, removed: Vec::new() };
    tx.emit(&changed)?;
    tx.commit(Audit::done("segment", &changed)).await?;
    Ok(segment.into())
}
