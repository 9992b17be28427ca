//! `taxCategoryDelete`: a tax category that nothing belongs to goes.

use entity::tax::tax_categories::ActiveModel;
use rules::ids::TaxCategoryId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{TaxCategoryDeleted, TaxCategorySnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Deletes the tax category.
pub async fn run(ctx: &Ctx, (id, expected): (TaxCategoryId, Option<i32>)) -> Result<TaxCategoryId> {
    let mut tx = ctx.begin_store(Action::TaxCategoryDelete).await?;
    tx.hold_store().await?;
    // Whoever puts goods or a rate into it holds it too: what is unused now stays unused.
    let before = store::hold_against_all(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if before.is_default {
        let message = "Goods without a category need a default: make another tax category the default first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message)));
    }
    if let Some(user) = store::find_user(&tx, id).await? {
        let message = format!("This tax category is in use by {user}: give them another one first.");
        return Err(Error::Conflict(Problem::new(ErrorCode::InUse, "", message)));
    }
    let row = ActiveModel { deleted_at: Set(Some(ctx.now())), ..Default::default() };
    let after = store::update(&tx, &before, row).await?.ok_or(Error::Retry)?;
    tx.emit(&TaxCategoryDeleted { tax_category: TaxCategorySnapshot::from(&after) })?;
    tx.commit(Audit::deleted("tax_category", id, &TaxCategorySnapshot::from(&before))).await?;
    Ok(id)
}
