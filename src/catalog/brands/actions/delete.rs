//! `brandDelete`: a brand goes, and can come back.

use entity::catalog::brands::ActiveModel;
use rules::ids::BrandId;
use sea_orm::ActiveValue::Set;

use super::super::events::{BrandDeleted, BrandSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Deletes the brand.
pub async fn run(ctx: &Ctx, id: BrandId) -> Result<BrandId> {
    let mut tx = ctx.begin_store(Action::BrandDelete).await?;
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    let gone = ActiveModel { deleted_at: Set(Some(ctx.now())), ..Default::default() };
    store::update(&tx, &before, gone).await?.ok_or_else(input::stale)?;
    tx.emit(&BrandDeleted { brand: BrandSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("brand", id, &BrandSnapshot::from(&before))).await?;
    Ok(id)
}
