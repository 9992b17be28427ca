//! `categoryDelete`: a category goes, and can come back.

use entity::catalog::categories::ActiveModel;
use rules::ids::CategoryId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{CategoryDeleted, CategorySnapshot};
use super::super::{store, tree};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Deletes the category.
pub async fn run(ctx: &Ctx, id: CategoryId) -> Result<CategoryId> {
    let mut tx = ctx.begin_store(Action::CategoryDelete).await?;
    tx.hold_store().await?;
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    if store::count_children(&tx, Some(id), None).await? > 0 {
        let message = "Other categories stand below this one: move or delete them first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::InUse, "id", message)));
    }
    tree::close_gap(&tx, &before).await?;
    let gone = ActiveModel { deleted_at: Set(Some(ctx.now())), ..Default::default() };
    store::update(&tx, &before, gone).await?.ok_or_else(input::stale)?;
    tx.emit(&CategoryDeleted { category: CategorySnapshot::from(&before) })?;
    tx.commit(Audit::deleted("category", id, &CategorySnapshot::from(&before))).await?;
    Ok(id)
}
