//! `cartNoteUpdate`: what the buyer wants the store to know.

use entity::carts::carts::ActiveModel;
use sea_orm::ActiveValue::Set;

use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::kernel::{Action, Ctx, Result};

/// Changes the note; `None` takes it away.
pub async fn run(ctx: &Ctx, (cart, note): (CartRef, Option<String>)) -> Result<Edited> {
    let note = super::note(note.as_deref())?;
    let edit = edit::begin(ctx, &cart, Action::CartNoteUpdate).await?;
    if note == edit.parts.cart.note {
        return Ok(edit.unchanged());
    }
    edit.finish(ActiveModel { note: Set(note), ..ActiveModel::default() }).await
}
