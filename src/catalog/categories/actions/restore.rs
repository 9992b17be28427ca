//! `categoryRestore`: a deleted category comes back to where it stood, under its old slug if that is still
//! free.

use entity::catalog::categories::ActiveModel;
use rules::ids::CategoryId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{CategoryRestored, CategorySnapshot};
use super::super::types::Category;
use super::super::{store, tree};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Brings the category back.
pub async fn run(ctx: &Ctx, id: CategoryId) -> Result<Category> {
    let mut tx = ctx.begin_store(Action::CategoryRestore).await?;
    tx.hold_store().await?;
    let before = store::find(&tx, id).await?.filter(|row| row.deleted_at.is_some()).ok_or(Error::NotFound)?;
    if let Some(parent) = before.parent_id
        && store::find_living(&tx, parent).await?.is_none()
    {
        let message = "The category above it is deleted: restore that one first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "id", message)));
    }
    let place = tree::make_room(&tx, "id", before.parent_id, 0, None, Some(id)).await?;
    let back = ActiveModel {
        deleted_at: Set(None),
        depth: Set(place.depth),
        position: Set(place.position),
        ..Default::default()
    };
    let category = store::update(&tx, &before, back).await?.ok_or_else(input::stale)?;
    tx.emit(&CategoryRestored { category: CategorySnapshot::from(&category) })?;
    tx.commit(Audit::updated("category", id, &CategorySnapshot::from(&before), &CategorySnapshot::from(&category)))
        .await?;
    Ok(category.into())
}
