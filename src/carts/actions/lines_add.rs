//! `cartLinesAdd`: something more is put into a cart, as far as there is enough of it (rules C1 and C2).

use async_graphql::InputObject;
use entity::carts::cart_lines;
use rules::cart::{self, Cut, Line, MAX_QUANTITY};
use rules::ids::{CartLineId, ProductVariantId};
use rules::{ErrorCode, Problem, Problems};

use crate::baskets::WantedLine;
use crate::carts::access::CartRef;
use crate::carts::attributes::{self, CartAttribute, CartAttributeInput};
use crate::carts::edit::{self, Edited};
use crate::carts::priced::{unit_prices, wanted_line};
use crate::carts::store::Parts;
use crate::carts::types::CartWarning;
use crate::inventory::reservations::{self, Owner};
use crate::kernel::{Action, Ctx, Error, Result, StoreScope};

/// Something to put into a cart.
#[derive(InputObject, Clone)]
pub struct CartLineInput {
    /// What is bought.
    pub variant_id: ProductVariantId,
    /// How many; 1 to 1,000,000.
    #[graphql(default = 1)]
    pub quantity: i32,
    /// What the buyer adds to it, such as an engraving; at most 20 pairs. The same variant with the same attributes
    /// is the same line.
    #[graphql(default)]
    pub attributes: Vec<CartAttributeInput>,
}

/// A line that was read.
#[derive(Debug, Clone)]
pub struct Added {
    line: Line,
    attributes: Vec<CartAttribute>,
}

/// Reads the lines.
///
/// # Errors
/// Every problem, at `lines`: `REQUIRED` where there is none, `TOO_LONG`, `OUT_OF_RANGE`, and what is wrong with
/// attributes.
pub fn read(given: &[CartLineInput]) -> Result<Vec<Added>> {
    if given.is_empty() {
        return Err(Error::invalid(ErrorCode::Required, "lines", "Name one variant at least."));
    }
    if given.len() > cart::MAX_LINES {
        let message = format!("Give at most {} lines.", cart::MAX_LINES);
        return Err(Error::invalid(ErrorCode::TooLong, "lines", message));
    }
    let mut problems = Problems::new();
    let mut lines = Vec::with_capacity(given.len());
    for (place, input) in given.iter().enumerate() {
        let at = format!("lines.{place}");
        let quantity = u32::try_from(input.quantity).ok().filter(|quantity| (1..=MAX_QUANTITY).contains(quantity));
        if quantity.is_none() {
            problems.push(cart::too_many().under(&at));
        }
        match attributes::read(&format!("{at}.attributes"), &input.attributes) {
            Ok(attributes) => {
                let key = attributes::key(&attributes);
                let line = Line { variant: input.variant_id, key, quantity: quantity.unwrap_or(1) };
                lines.push(Added { line, attributes });
            }
            Err(found) => found.into_iter().for_each(|problem| problems.push(problem)),
        }
    }
    problems.finish()?;
    Ok(lines)
}

/// The lines that a cart has once these are added: what fits is kept.
pub struct Grown {
    /// All lines, in their order.
    pub lines: Vec<cart_lines::Model>,
    /// What did not fit.
    pub cuts: Vec<Cut>,
}

/// Adds lines to those of a cart.
///
/// # Errors
/// `Invalid` at the lines that were added: `NOT_FOUND` and `NO_PRICE` for what can't be bought here, `OUT_OF_RANGE`
/// beyond the cap and beyond counting, `LIMIT_REACHED` for too many lines.
pub async fn grow(ctx: &Ctx, scope: &StoreScope, parts: &Parts, added: &[Added]) -> Result<Grown> {
    let mut variants: Vec<ProductVariantId> = added.iter().map(|added| added.line.variant).collect();
    variants.sort_unstable();
    variants.dedup();
    let owner = Owner::from(parts.cart.id);
    let left = reservations::left(scope, Some(&owner), &variants, ctx.now()).await?;

    let mut lines: Vec<Line> = parts.lines.iter().map(line).collect();
    let there = lines.len();
    let asked: Vec<Line> = added.iter().map(|added| added.line.clone()).collect();
    let cuts = cart::add(&mut lines, &asked, &left).map_err(|(place, problem)| at_line(place, problem))?;

    let mut rows = parts.lines.clone();
    for (row, line) in rows.iter_mut().zip(&lines) {
        row.quantity = signed(line.quantity)?;
    }
    let last = rows.iter().map(|row| row.position).max();
    let first = last.map_or(0, |last| last + 1);
    for (position, line) in (first..).zip(&lines[there..]) {
        let of = added.iter().find(|added| added.line.variant == line.variant && added.line.key == line.key);
        rows.push(cart_lines::Model {
            store_id: parts.cart.store_id,
            id: ctx.id::<CartLineId>(),
            cart_id: parts.cart.id,
            position,
            variant_id: line.variant,
            quantity: signed(line.quantity)?,
            attributes: attributes::stored(of.map(|added| added.attributes.as_slice()).unwrap_or_default())?,
            attributes_key: line.key.clone(),
            added_price: 0,
            created_at: ctx.now(),
            updated_at: ctx.now(),
        });
    }
    price(ctx, scope, parts, added, &mut rows).await?;
    Ok(Grown { lines: rows, cuts })
}

/// Notes on new lines what one unit costs, and holds that all that was added can be bought, also what there is nothing
/// left of.
async fn price(
    ctx: &Ctx,
    scope: &StoreScope,
    parts: &Parts,
    added: &[Added],
    rows: &mut [cart_lines::Model],
) -> Result<()> {
    let is_there = |variant| rows.iter().any(|row| row.variant_id == variant);
    let sold_out = added.iter().enumerate().filter(|(_, added)| !is_there(added.line.variant));
    let sold_out: Vec<usize> = sold_out.map(|(place, _)| place).collect();
    let sold_out = sold_out.iter().map(|place| &added[*place].line);
    let sold_out = sold_out.map(|line| WantedLine { variant: line.variant, quantity: line.quantity });
    let wanted: Vec<WantedLine> = rows.iter().map(wanted_line).chain(sold_out).collect();
    let prices = unit_prices(scope, &parts.cart, &wanted, ctx.now()).await?;

    let mut problems = Problems::new();
    for (line, price) in wanted.iter().zip(&prices) {
        let Err(missing) = price else { continue };
        // What was in the cart before may stay there; the cart shows that it can't be bought.
        for (place, _) in added.iter().enumerate().filter(|(_, added)| added.line.variant == line.variant) {
            problems.push(missing.problem(parts.cart.currency, &format!("lines.{place}.variantId")));
        }
    }
    problems.finish()?;
    for (row, price) in rows.iter_mut().zip(&prices).skip(parts.lines.len()) {
        row.added_price = price.as_ref().map_or(0, |price| price.minor());
    }
    Ok(())
}

/// A stored line, as the rules see it.
pub fn line(row: &cart_lines::Model) -> Line {
    Line { variant: row.variant_id, key: row.attributes_key.clone(), quantity: row.quantity.unsigned_abs() }
}

/// A quantity, as it is stored.
///
/// # Errors
/// `Internal` beyond the cap, which is held before.
pub fn signed(quantity: u32) -> Result<i32> {
    i32::try_from(quantity).map_err(Error::internal)
}

fn at_line(place: usize, problem: Problem) -> Error {
    Error::from(problem.under(&format!("lines.{place}")))
}

/// Adds the lines.
pub async fn run(ctx: &Ctx, (cart, input): (CartRef, Vec<CartLineInput>)) -> Result<Edited> {
    let added = read(&input)?;
    let mut edit = edit::begin(ctx, &cart, Action::CartLinesAdd).await?;
    let grown = grow(ctx, &edit.tx, &edit.parts, &added).await?;
    edit.warnings.extend(grown.cuts.into_iter().map(CartWarning::from));
    if grown.lines == edit.parts.lines {
        return Ok(edit.unchanged());
    }
    edit.set_lines(grown.lines).await?;
    edit.finish(Default::default()).await
}
