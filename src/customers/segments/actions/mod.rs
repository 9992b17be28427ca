//! What can be done to segments, one file each.

pub mod create;
pub mod delete;
pub mod members_add;
pub mod members_remove;
mod rule;
pub mod update;

pub use create::SegmentCreateInput;
pub use rule::SegmentConditionInput;
pub use update::SegmentUpdateInput;

use entity::customers::segments;
use rules::ids::{CustomerId, SegmentId};
use rules::states::SegmentKind;
use rules::{ErrorCode, Problem};

use super::store;
use crate::customers::profiles;
use crate::kernel::{Error, Result, StoreScope, Tx, input};

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 500;

/// Segments of a store that go by a rule: all are asked of a customer who shops.
const MAX_BY_RULE: u64 = 50;

/// Segments of a store that go by hand.
const MAX_BY_HAND: u64 = 200;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}

/// Reads a description.
fn description(raw: Option<&str>) -> Result<Option<String>, Problem> {
    input::optional_line("description", raw, MAX_DESCRIPTION)
}

/// A segment by hand, with the customers that are to be put in or taken out.
async fn by_hand(tx: &Tx<StoreScope>, id: SegmentId, customers: &[CustomerId]) -> Result<segments::Model> {
    let max = tx.ctx().settings().input_list_max;
    if customers.is_empty() || customers.len() > max {
        let code = if customers.is_empty() { ErrorCode::Required } else { ErrorCode::TooLong };
        return Err(Error::invalid(code, "customerIds", format!("Name 1 to {max} customers.")));
    }
    let segment = store::find(tx, id).await?.ok_or(Error::NotFound)?;
    if segment.kind != SegmentKind::Manual {
        let message = "This segment goes by a rule: change the rule instead.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "id", message)));
    }
    Ok(segment)
}

/// Holds that all of these customers live in this store.
async fn expect_living(tx: &Tx<StoreScope>, customers: &[CustomerId]) -> Result<()> {
    let living = profiles::list_living(tx, customers).await?;
    match customers.iter().position(|id| !living.iter().any(|row| row.id == *id)) {
        None => Ok(()),
        Some(place) => Err(input::not_found(&format!("customerIds.{place}"), "customer")),
    }
}
