//! `inventorySet`: how much of a variant is at a location.

use async_graphql::InputObject;
use rules::ids::{LocationId, ProductVariantId};
use rules::states::MovementReason;
use rules::{ErrorCode, Problem, Problems};

use super::super::MAX_ON_HAND;
use super::super::events::InventorySet;
use super::super::shelves::Change;
use super::super::types::{InventoryLevel, InventoryReason};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// How much of a variant is at a location.
#[derive(InputObject, Clone)]
pub struct InventorySetInput {
    /// What.
    pub variant_id: ProductVariantId,
    /// Where; the store's default location where it is left out.
    pub location_id: Option<LocationId>,
    /// Units that are there, 0 to 1,000,000,000.
    pub on_hand: i32,
    /// The units that the change starts from, as they were read; 0 where none were set yet. Refused as
    /// STALE where another quantity is there by now. Give this or `ignoreExpected`.
    pub expected_on_hand: Option<i32>,
    /// Whether it does not matter what is there now. Whatever was sold since the count is lost with it.
    #[graphql(default)]
    pub ignore_expected: bool,
    /// Why it changes; COUNTED where it is left out, or INITIAL the first time.
    pub reason: Option<InventoryReason>,
    /// The paper behind it, such as a delivery note; at most 200 characters.
    pub reference: Option<String>,
}

/// Sets the level.
pub async fn run(ctx: &Ctx, input: InventorySetInput) -> Result<InventoryLevel> {
    let mut problems = Problems::new();
    let to = i64::from(input.on_hand);
    if !(0..=MAX_ON_HAND).contains(&to) {
        problems.add(ErrorCode::OutOfRange, "onHand", format!("Give 0 to {MAX_ON_HAND} units."));
    }
    let expected = problems.keep(expected(&input)).flatten();
    let reference = problems.keep(super::reference(input.reference.as_deref())).flatten();
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::InventorySet).await?;
    super::expect_variant(&tx, input.variant_id).await?;
    let location = super::place(&mut tx, "locationId", input.location_id).await?;
    let mut shelves = super::open(&tx, input.variant_id).await?;
    let shelf = shelves.get_mut(input.variant_id)?;
    let before = shelf.level(&tx, location);
    if let Some(from) = expected.filter(|from| *from != before.on_hand) {
        return Err(stale(from));
    }
    let usual = if before.sequence == 0 { MovementReason::Initial } else { MovementReason::Counted };
    let reason = input.reason.map_or(usual, Into::into);
    let change = Change { delta: to - before.on_hand, reserved_delta: 0, reason, reference, is_fact: false };
    shelf.change(&tx, location, change).map_err(|problem| problem.under("onHand"))?;
    let level = shelf.level(&tx, location).clone();
    let changes = shelves.close(&mut tx, InventorySet).await?;
    tx.commit(Audit::updated("inventory_level", level.id, &changes[0].before(), &changes[0])).await?;
    Ok(level.into())
}

/// Reads what the change starts from: a quantity, or whatever is there (rule I4).
fn expected(input: &InventorySetInput) -> Result<Option<i64>, Problem> {
    match (input.expected_on_hand, input.ignore_expected) {
        (Some(expected), false) => Ok(Some(i64::from(expected))),
        (None, true) => Ok(None),
        (None, false) => {
            let message = "Give the quantity that the change starts from, or say `ignoreExpected: true`.";
            Err(Problem::new(ErrorCode::Required, "expectedOnHand", message))
        }
        (Some(_), true) => {
            let message = "Give `expectedOnHand` or `ignoreExpected: true`, not both.";
            Err(Problem::new(ErrorCode::Invalid, "ignoreExpected", message))
        }
    }
}

fn stale(from: i64) -> Error {
    let message = format!("There are no longer {from} units: read the stock again and repeat the change.");
    Error::Conflict(Problem::new(ErrorCode::Stale, "expectedOnHand", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_i4_a_set_names_what_it_starts_from_or_opts_out_by_name() {
        let input = |expected_on_hand, ignore_expected| InventorySetInput {
            variant_id: ProductVariantId(uuid::Uuid::nil()),
            location_id: None,
            on_hand: 1,
            expected_on_hand,
            ignore_expected,
            reason: None,
            reference: None,
        };
        assert_eq!(expected(&input(Some(3), false)), Ok(Some(3)));
        assert_eq!(expected(&input(None, true)), Ok(None));
        assert!(expected(&input(None, false)).is_err());
        assert!(expected(&input(Some(3), true)).is_err());
    }
}
