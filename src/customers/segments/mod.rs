//! Sets of customers that prices and promotions can be for.
//!
//! Owns segments, those whose members the staff puts in by hand and those that go by a rule. Membership by rule is
//! never stored: it is asked each time, so that it is true at that moment. Never decides what a segment gets.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

use rules::ids::{CustomerId, SegmentId};

pub use loaders::{SegmentById, SegmentsByCustomer};
pub use mutation::SegmentMutation;
pub use query::SegmentQuery;
pub use store::{absorb, forget, in_segment, list_by_ids, list_segments_of};
pub use types::{Segment, SegmentConnection};

use crate::kernel::{Ctx, Result};

/// The segments that a customer belongs to at this moment, in the order of their ids; asked once a request. In a
/// transaction or a batch use [`list_segments_of`].
///
/// # Errors
/// What the database says.
pub async fn segments_of(ctx: &Ctx, customer: CustomerId) -> Result<Vec<SegmentId>> {
    Ok(ctx.load::<SegmentsByCustomer>(customer).await?.iter().map(|row| row.id).collect())
}
