//! `cartLinesRemove`: lines are taken out of a cart.

use rules::ids::CartLineId;
use rules::{ErrorCode, Problems};

use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::kernel::{Action, Ctx, Error, Result};

/// Removes the lines.
pub async fn run(ctx: &Ctx, (cart, ids): (CartRef, Vec<CartLineId>)) -> Result<Edited> {
    if ids.is_empty() {
        return Err(Error::invalid(ErrorCode::Required, "lineIds", "Name one line at least."));
    }
    let mut edit = edit::begin(ctx, &cart, Action::CartLinesRemove).await?;
    let mut problems = Problems::new();
    for (place, id) in ids.iter().enumerate() {
        if !edit.parts.lines.iter().any(|line| line.id == *id) {
            problems.add(ErrorCode::NotFound, &format!("lineIds.{place}"), "There is no such line here.");
        }
    }
    problems.finish()?;
    let lines = edit.parts.lines.iter().filter(|line| !ids.contains(&line.id)).cloned().collect();
    edit.set_lines(lines).await?;
    edit.finish(Default::default()).await
}
