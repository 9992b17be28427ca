//! `promotionDelete`: a promotion goes, and its codes with it.

use entity::promotions::promotions::ActiveModel;
use rules::ids::PromotionId;
use sea_orm::ActiveValue::Set;

use super::super::events::{PromotionDeleted, PromotionSnapshot};
use super::super::{codes, store};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Deletes the promotion.
pub async fn run(ctx: &Ctx, id: PromotionId) -> Result<PromotionId> {
    let mut tx = ctx.begin_store(Action::PromotionDelete).await?;
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    let gone = ActiveModel { deleted_at: Set(Some(ctx.now())), ..Default::default() };
    store::update(&tx, &before, gone).await?.ok_or_else(input::stale)?;
    codes::delete_of(&tx, id).await?;
    let promotion = PromotionSnapshot::of(&before)?;
    let audit = Audit::deleted("promotion", id, &promotion);
    tx.emit(&PromotionDeleted { promotion })?;
    tx.commit(audit).await?;
    Ok(id)
}
