//! `orderNoteAdd`: somebody of the store writes about an order.

use entity::orders::order_notes;
use rules::ids::OrderId;
use rules::{ErrorCode, Problem};
use serde_json::json;

use crate::kernel::{Action, Audit, Ctx, Error, Result, text};
use crate::orders::attributes::{MAX_NOTE, free_text};
use crate::orders::events::OrderNoteAdded;
use crate::orders::store;
use crate::orders::types::OrderNote;

/// Notes of an order at the most.
const MAX_NOTES: usize = 250;

/// Writes the note.
pub async fn run(ctx: &Ctx, (id, body): (OrderId, String)) -> Result<OrderNote> {
    let body = free_text("body", body.trim(), MAX_NOTE)?;
    if text::shows_nothing(&body) {
        return Err(Error::invalid(ErrorCode::Required, "body", "Write something."));
    }
    let mut tx = ctx.begin_store(Action::OrderNoteAdd).await?;
    store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    if store::list_notes(&tx, &[id]).await?.len() >= MAX_NOTES {
        let message = format!("An order has at most {MAX_NOTES} notes.");
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let (actor_kind, actor_id) = ctx.actor().label();
    let row = order_notes::Model {
        store_id: tx.id(),
        id: ctx.id(),
        order_id: id,
        body,
        actor_kind,
        actor_id,
        created_at: ctx.now(),
    };
    let note = store::insert_note(&tx, row).await?;
    tx.emit(&OrderNoteAdded { order_id: id, order_note_id: note.id, body: note.body.clone() })?;
    tx.commit(Audit::created("order_note", note.id, &json!({ "orderId": id, "body": note.body }))).await?;
    Ok(OrderNote::from(note))
}
