//! `cartCurrencyUpdate`: a cart is paid in another currency: all of it, or nothing changes (rule M3).

use entity::carts::carts::ActiveModel;
use rules::{Currency, ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::create::not_sold_in;
use crate::baskets::WantedLine;
use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::carts::priced::{unit_prices, wanted_line};
use crate::kernel::{Action, Ctx, Result};

/// Changes the currency, and what each line cost when it was added to what it costs now.
pub async fn run(ctx: &Ctx, (cart, currency): (CartRef, Currency)) -> Result<Edited> {
    if !ctx.store_context()?.currencies.contains(&currency) {
        return Err(not_sold_in(currency).into());
    }
    let mut edit = edit::begin(ctx, &cart, Action::CartCurrencyUpdate).await?;
    if edit.parts.cart.currency == currency {
        return Ok(edit.unchanged());
    }
    edit.parts.cart.currency = currency;
    let mut lines = edit.parts.lines.clone();
    let wanted: Vec<WantedLine> = lines.iter().map(wanted_line).collect();
    let prices = unit_prices(&edit.tx, &edit.parts.cart, &wanted, ctx.now()).await?;
    let mut problems = Problems::new();
    for (place, (line, price)) in lines.iter_mut().zip(&prices).enumerate() {
        let missing = match price {
            Ok(price) => {
                line.added_price = price.minor();
                continue;
            }
            Err(missing) => missing,
        };
        let problem = missing.problem(currency, &format!("lines.{place}"));
        let message = format!("{} Remove the line {} first, or keep the currency.", problem.message, line.id);
        let code = if problem.code == ErrorCode::NotFound { ErrorCode::LineUnavailable } else { problem.code };
        problems.push(Problem { code, message, ..problem });
    }
    problems.finish()?;
    edit.set_lines(lines).await?;
    edit.finish(ActiveModel { currency: Set(currency), ..ActiveModel::default() }).await
}
