//! `cartDiscountCodesUpdate`: the codes of a cart, each held against what is in it (rule P5).

use rules::promotion::CodeStatus;
use rules::text::fold;
use rules::{ErrorCode, Problems};

use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::carts::store;
use crate::kernel::{Action, Ctx, Error, Result, input};

/// Codes of a cart at the most.
pub const MAX_CODES: usize = 20;
/// Characters of a code at the most.
const MAX_CODE: usize = 100;

/// Reads the codes: twins in case, width or blanks are one, and the first is kept.
fn read(given: &[String]) -> Result<Vec<String>> {
    if given.len() > MAX_CODES {
        let message = format!("A cart takes at most {MAX_CODES} codes.");
        return Err(Error::invalid(ErrorCode::TooLong, "codes", message));
    }
    let mut problems = Problems::new();
    let mut codes: Vec<String> = Vec::with_capacity(given.len());
    for (place, code) in given.iter().enumerate() {
        if let Some(code) = problems.keep(input::line(&format!("codes.{place}"), code, 1, MAX_CODE))
            && !codes.iter().any(|other| fold(other) == fold(&code))
        {
            codes.push(code);
        }
    }
    problems.finish()?;
    Ok(codes)
}

/// Sets the codes. Those that the cart has already stay as they are, whether they can be used now or not: the cart shows
/// what came of each. New ones are refused where they can't be used.
pub async fn run(ctx: &Ctx, (cart, given): (CartRef, Vec<String>)) -> Result<Edited> {
    let codes = read(&given)?;
    let mut edit = edit::begin(ctx, &cart, Action::CartDiscountCodesUpdate).await?;
    let folded = |codes: &[String]| codes.iter().map(|code| fold(code)).collect::<Vec<_>>();
    let before = folded(&edit.parts.codes);
    if before == folded(&codes) {
        return Ok(edit.unchanged());
    }
    edit.parts.codes = codes;
    if folded(&edit.parts.codes).iter().any(|code| !before.contains(code)) {
        let facts = edit.facts().await?;
        let mut problems = Problems::new();
        for outcome in facts.evaluation.codes {
            let key = fold(&outcome.typed);
            if let CodeStatus::Refused { refusal } = outcome.status
                && !before.contains(&key)
            {
                let place = given.iter().position(|code| fold(code) == key).unwrap_or_default();
                problems.push(refusal.problem(&format!("codes.{place}")));
            }
        }
        problems.finish()?;
    }
    store::save_codes(&edit.tx, edit.parts.cart.id, &edit.parts.codes).await?;
    edit.finish(Default::default()).await
}
