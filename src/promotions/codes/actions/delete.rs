//! `discountCodeDelete`: a code goes.

use entity::promotions::discount_codes::ActiveModel;
use rules::ids::DiscountCodeId;
use sea_orm::ActiveValue::Set;

use super::super::events::{DiscountCodeDeleted, DiscountCodeSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Deletes the code.
pub async fn run(ctx: &Ctx, id: DiscountCodeId) -> Result<DiscountCodeId> {
    let mut tx = ctx.begin_store(Action::DiscountCodeDelete).await?;
    let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    let gone = ActiveModel { deleted_at: Set(Some(ctx.now())), ..Default::default() };
    store::update(&tx, &before, gone).await?;
    tx.emit(&DiscountCodeDeleted { discount_code: DiscountCodeSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("discount_code", id, &DiscountCodeSnapshot::from(&before))).await?;
    Ok(id)
}
