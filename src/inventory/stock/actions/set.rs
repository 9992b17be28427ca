//! `inventorySet`: how much of a variant is at a location.

use async_graphql::InputObject;
use rules::ids::{LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};
use rules::{ErrorCode, Problem, Problems};

use super::super::MAX_ON_HAND;
use super::super::events::InventorySet;
use super::super::store::{self, Movement};
use super::super::types::InventoryLevel;
use crate::inventory::locations;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// The longest reference, in characters.
const MAX_REFERENCE: usize = 200;

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
    pub reason: Option<MovementReason>,
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
    let reference = problems.keep(input::optional_line("reference", input.reference.as_deref(), MAX_REFERENCE));
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::InventorySet).await?;
    if !store::variant_lives(&tx, input.variant_id).await? {
        return Err(input::not_found("variantId", "variant"));
    }
    let location = match input.location_id {
        Some(id) => {
            let location = locations::hold_living(&tx, id).await?;
            location.ok_or_else(|| input::not_found("locationId", "location"))?
        }
        None => locations::default_location(&mut tx).await?,
    };
    let item = store::hold_item(&tx, input.variant_id).await?;
    let known = store::hold_levels(&tx, &[item.id], location.id).await?.pop();
    let first = known.is_none();
    let before = match known {
        Some(level) => level,
        None => {
            let level = store::new_level(&tx, item.id, location.id);
            store::insert_levels(&tx, vec![level.clone()]).await?;
            level
        }
    };
    if item.policy == InventoryPolicy::Deny && to < before.reserved {
        let message = format!("{} units are promised to customers: fewer can't be there.", before.reserved);
        return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "onHand", message)));
    }
    let from = expected.unwrap_or(before.on_hand);
    let level = store::change_level(&tx, before.id, from, to).await?.ok_or_else(|| stale(from))?;
    let usual = if first { MovementReason::Initial } else { MovementReason::Counted };
    let movement =
        Movement { level, before: from, reason: input.reason.unwrap_or(usual), reference: reference.flatten() };
    store::insert_movements(&tx, std::slice::from_ref(&movement)).await?;
    let told = super::told(input.variant_id, &movement);
    tx.emit(&told)?;
    let was = InventorySet { on_hand: from, delta: 0, ..super::told(input.variant_id, &movement) };
    tx.commit(Audit::updated("inventory_level", movement.level.id, &was, &told)).await?;
    Ok(movement.level.into())
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
