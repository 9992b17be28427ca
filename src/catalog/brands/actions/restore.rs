//! `brandRestore`: a deleted brand comes back, under its old slug if that is still free.

use entity::catalog::brands::ActiveModel;
use rules::ids::BrandId;
use sea_orm::ActiveValue::Set;

use super::super::events::{BrandRestored, BrandSnapshot};
use super::super::store;
use super::super::types::Brand;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Brings the brand back.
pub async fn run(ctx: &Ctx, id: BrandId) -> Result<Brand> {
    let mut tx = ctx.begin_store(Action::BrandRestore).await?;
    let before = store::find(&tx, id).await?.filter(|row| row.deleted_at.is_some()).ok_or(Error::NotFound)?;
    let back = ActiveModel { deleted_at: Set(None), ..Default::default() };
    let brand = store::update(&tx, &before, back).await?.ok_or_else(input::stale)?;
    tx.emit(&BrandRestored { brand: BrandSnapshot::from(&brand) })?;
    tx.commit(Audit::updated("brand", id, &BrandSnapshot::from(&before), &BrandSnapshot::from(&brand))).await?;
    Ok(brand.into())
}
