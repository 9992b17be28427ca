//! `cartLinesUpdate`: other quantities or attributes of lines that are there (rules C1 and C2).

use std::collections::BTreeSet;

use async_graphql::{InputObject, MaybeUndefined};
use entity::carts::cart_lines;
use rules::cart::{self, MAX_QUANTITY};
use rules::ids::{CartLineId, ProductVariantId};
use rules::{ErrorCode, Problem, Problems};

use super::lines_add::line;
use crate::baskets::WantedLine;
use crate::carts::access::CartRef;
use crate::carts::attributes::{self, CartAttributeInput};
use crate::carts::edit::{self, Edit, Edited};
use crate::carts::priced::{unit_prices, wanted_line};
use crate::inventory::reservations::{self, Owner};
use crate::kernel::{Action, Ctx, Error, Result, input};

/// What changes of a line.
#[derive(InputObject, Clone)]
pub struct CartLineUpdateInput {
    /// Which line.
    pub line_id: CartLineId,
    /// How many; 0 removes the line, 1,000,000 at the most. Stays as it is where it is left out.
    pub quantity: Option<i32>,
    /// What the buyer adds to it; stays as it is where it is left out. A line that then differs in nothing from another
    /// one is put together with it.
    pub attributes: MaybeUndefined<Vec<CartAttributeInput>>,
}

/// The lines as they will be.
fn changed(before: &[cart_lines::Model], changes: &[CartLineUpdateInput]) -> Result<Vec<cart_lines::Model>> {
    if changes.is_empty() {
        return Err(Error::invalid(ErrorCode::Required, "lines", "Name one line at least."));
    }
    if changes.len() > cart::MAX_LINES {
        let message = format!("Give at most {} lines.", cart::MAX_LINES);
        return Err(Error::invalid(ErrorCode::TooLong, "lines", message));
    }
    let mut problems = Problems::new();
    let (mut lines, mut seen) = (before.to_vec(), BTreeSet::new());
    for (place, change) in changes.iter().enumerate() {
        let at = |field: &str| format!("lines.{place}.{field}");
        if !seen.insert(change.line_id) {
            problems.add(ErrorCode::Duplicate, &at("lineId"), "This line stands twice.");
        }
        let Some(line) = lines.iter_mut().find(|line| line.id == change.line_id) else {
            problems.add(ErrorCode::NotFound, &at("lineId"), "There is no such line here.");
            continue;
        };
        if let Some(quantity) = change.quantity {
            match u32::try_from(quantity) {
                Ok(number) if number <= MAX_QUANTITY => line.quantity = quantity,
                _ => {
                    let message = format!("Give 0 to {MAX_QUANTITY}; 0 removes the line.");
                    problems.add(ErrorCode::OutOfRange, &at("quantity"), message);
                }
            }
        }
        match &change.attributes {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => problems.push(input::null_list(&at("attributes"))),
            MaybeUndefined::Value(given) => match attributes::read(&at("attributes"), given) {
                Ok(given) => {
                    line.attributes_key = attributes::key(&given);
                    line.attributes = attributes::stored(&given)?;
                }
                Err(found) => found.into_iter().for_each(|problem| problems.push(problem)),
            },
        }
    }
    problems.finish()?;
    Ok(together(lines))
}

/// Lines that differ in nothing as one: the first of them, with all units. None of them is empty.
fn together(lines: Vec<cart_lines::Model>) -> Vec<cart_lines::Model> {
    let mut all: Vec<cart_lines::Model> = Vec::with_capacity(lines.len());
    for line in lines.into_iter().filter(|line| line.quantity > 0) {
        let twin = all
            .iter_mut()
            .find(|other| other.variant_id == line.variant_id && other.attributes_key == line.attributes_key);
        match twin {
            Some(twin) => twin.quantity = twin.quantity.saturating_add(line.quantity),
            None => all.push(line),
        }
    }
    all
}

/// Holds that more of a variant is asked for only where it can be bought, and is there.
///
/// # Errors
/// `Invalid` at the quantities: `OUT_OF_RANGE` beyond the cap, `LINE_UNAVAILABLE` and `NO_PRICE` for what can't be
/// bought, `OUT_OF_STOCK` with how many there are.
async fn expect_enough(
    ctx: &Ctx,
    edit: &Edit,
    after: &[cart_lines::Model],
    changes: &[CartLineUpdateInput],
) -> Result<()> {
    let units =
        |lines: &[cart_lines::Model], variant| cart::units_of(&lines.iter().map(line).collect::<Vec<_>>(), variant);
    let before = &edit.parts.lines;
    let grown: BTreeSet<ProductVariantId> = after.iter().map(|line| line.variant_id).collect();
    let grown: Vec<ProductVariantId> =
        grown.into_iter().filter(|variant| units(after, *variant) > units(before, *variant)).collect();
    if grown.is_empty() {
        return Ok(());
    }
    let owner = Owner::from(edit.parts.cart.id);
    let left = reservations::left(&edit.tx, Some(&owner), &grown, ctx.now()).await?;
    let wanted: Vec<WantedLine> = after.iter().map(wanted_line).collect();
    let prices = unit_prices(&edit.tx, &edit.parts.cart, &wanted, ctx.now()).await?;
    let mut problems = Problems::new();
    for (place, change) in changes.iter().enumerate() {
        let of = before.iter().find(|line| line.id == change.line_id);
        let Some(variant) = of.map(|line| line.variant_id).filter(|variant| grown.contains(variant)) else { continue };
        let at = format!("lines.{place}.quantity");
        let available = cart::available(&left, variant);
        let price =
            wanted.iter().position(|line| line.variant == variant).and_then(|place| prices[place].as_ref().err());
        if let Some(missing) = price {
            let problem = missing.problem(edit.parts.cart.currency, &at);
            let code = if problem.code == ErrorCode::NotFound { ErrorCode::LineUnavailable } else { problem.code };
            problems.push(Problem { code, ..problem });
        } else if units(after, variant) > MAX_QUANTITY {
            problems.push(cart::too_many().under(&format!("lines.{place}")));
        } else if units(after, variant) > available {
            let message = format!("Only {available} are left: take fewer.");
            problems.push(Problem::new(ErrorCode::OutOfStock, &at, message).with_available(available));
        }
    }
    problems.finish()?;
    Ok(())
}

/// Changes the lines.
pub async fn run(ctx: &Ctx, (cart, changes): (CartRef, Vec<CartLineUpdateInput>)) -> Result<Edited> {
    let mut edit = edit::begin(ctx, &cart, Action::CartLinesUpdate).await?;
    let after = changed(&edit.parts.lines, &changes)?;
    if after == edit.parts.lines {
        return Ok(edit.unchanged());
    }
    expect_enough(ctx, &edit, &after, &changes).await?;
    edit.set_lines(after).await?;
    edit.finish(Default::default()).await
}
