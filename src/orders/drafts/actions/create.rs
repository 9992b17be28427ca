//! `draftOrderCreate`: staff begins an order for a buyer.

use async_graphql::InputObject;
use rules::ids::DraftOrderId;
use rules::states::DraftOrderStatus;
use rules::{Currency, ErrorCode, Problems};
use sea_orm::ActiveValue::{self, Set};
use sea_orm::JsonValue;

use crate::kernel::{Action, Audit, Ctx, Result};
use crate::orders::drafts::events::{DraftOrderCreated, DraftOrderSnapshot};
use crate::orders::drafts::input::{DraftOrderDetailsInput, DraftOrderLineInput, line_rows, read_lines};
use crate::orders::drafts::store;
use crate::orders::drafts::types::DraftOrder;

/// A new draft.
#[derive(InputObject, Clone, Default)]
pub struct DraftOrderCreateInput {
    /// What is ordered: 1 to 250 lines.
    pub lines: Vec<DraftOrderLineInput>,
    /// The currency of all its amounts; that of the request where it is left out.
    pub currency_code: Option<Currency>,
    /// The language that the buyer is written to in; that of the request where it is left out.
    pub locale: Option<String>,
    /// What else it says.
    #[graphql(flatten)]
    pub details: DraftOrderDetailsInput,
}

/// Creates the draft.
pub async fn run(ctx: &Ctx, input: DraftOrderCreateInput) -> Result<DraftOrder> {
    let store_context = ctx.store_context()?;
    let currency = input.currency_code.map_or_else(|| ctx.currency(), Ok)?;
    let mut problems = Problems::new();
    if !store_context.currencies.contains(&currency) {
        let message = format!("The store does not sell in {currency}.");
        problems.add(ErrorCode::Invalid, "currencyCode", message);
    }
    let locale = match &input.locale {
        Some(locale) => problems.keep(crate::kernel::input::language("locale", locale)),
        None => Some(ctx.caller().locale.clone()),
    };
    let mut row = input.details.read(&mut problems, currency)?;
    let lines = read_lines(&mut problems, &input.lines, currency)?;
    problems.finish()?;

    let id: DraftOrderId = ctx.id();
    row.id = Set(id);
    row.status = Set(DraftOrderStatus::Open);
    row.currency = Set(currency);
    row.locale = Set(locale.unwrap_or_default());
    let empty = || JsonValue::Array(Vec::new());
    or_set(&mut row.attributes, empty());
    or_set(&mut row.tags, empty());
    or_set(&mut row.codes, empty());
    or_set(&mut row.takes_promotions, true);
    or_set(&mut row.tax_exempt, false);
    row.version = Set(1);
    row.created_at = Set(ctx.now());
    row.updated_at = Set(ctx.now());

    let mut tx = ctx.begin_store(Action::DraftOrderCreate).await?;
    input.details.expect_customer(&tx).await?;
    let draft = store::insert(&tx, row).await?;
    let rows = line_rows(&tx, id, lines);
    store::replace_lines(&tx, id, rows.clone()).await?;
    let snapshot = DraftOrderSnapshot::of(&draft, &rows);
    tx.emit(&DraftOrderCreated { draft_order: snapshot.clone() })?;
    tx.commit(Audit::created("draft_order", id, &snapshot)).await?;
    Ok(draft.into())
}

/// Sets a column that the input leaves out.
fn or_set<T: Into<sea_orm::Value>>(column: &mut ActiveValue<T>, value: T) {
    if column.is_not_set() {
        *column = Set(value);
    }
}
