//! `draftOrderUpdate`: a draft says something else.

use async_graphql::InputObject;
use rules::Problems;
use rules::ids::DraftOrderId;

use super::expect_open;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::orders::drafts::events::{DraftOrderSnapshot, DraftOrderUpdated};
use crate::orders::drafts::input::{DraftOrderDetailsInput, DraftOrderLineInput, line_rows, read_lines};
use crate::orders::drafts::store;
use crate::orders::drafts::types::DraftOrder;

/// What changes of a draft. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct DraftOrderUpdateInput {
    /// What is ordered: these lines and no others, 1 to 250.
    pub lines: Option<Vec<DraftOrderLineInput>>,
    /// What else it says.
    #[graphql(flatten)]
    pub details: DraftOrderDetailsInput,
}

/// Changes the draft.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (DraftOrderId, DraftOrderUpdateInput, Option<i32>),
) -> Result<DraftOrder> {
    let mut tx = ctx.begin_store(Action::DraftOrderUpdate).await?;
    let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    expect_open(&before)?;
    input::expect_version(expected, before.version)?;
    let mut problems = Problems::new();
    let change = input.details.read(&mut problems, before.currency)?;
    let given = input.lines.as_ref().map(|lines| read_lines(&mut problems, lines, before.currency)).transpose()?;
    problems.finish()?;
    input.details.expect_customer(&tx).await?;

    let known = store::list_lines(&tx, &[id]).await?;
    let after = store::update(&tx, &before, change).await?;
    let lines = match given {
        None => known.clone(),
        Some(given) => {
            let rows = line_rows(&tx, id, given);
            store::replace_lines(&tx, id, rows.clone()).await?;
            rows
        }
    };
    let snapshot = DraftOrderSnapshot::of(&after, &lines);
    tx.emit(&DraftOrderUpdated { draft_order: snapshot.clone() })?;
    tx.commit(Audit::updated("draft_order", id, &DraftOrderSnapshot::of(&before, &known), &snapshot)).await?;
    Ok(after.into())
}
