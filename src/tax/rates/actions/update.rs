//! `taxRateUpdate`: a tax is higher, lower, called otherwise, or lies on something else from now on.

use async_graphql::{InputObject, MaybeUndefined};
use entity::tax::tax_rates::ActiveModel;
use rules::ids::{TaxCategoryId, TaxRateId};
use rules::{Decimal, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{TaxRateSnapshot, TaxRateUpdated};
use super::super::store;
use super::super::types::TaxRate;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// What changes of a tax rate. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct TaxRateUpdateInput {
    /// What it lies on; null is all that the zone has no rate of their own for.
    pub category_id: MaybeUndefined<TaxCategoryId>,
    /// What it is called on an invoice.
    pub name: Option<String>,
    /// The number that the net is multiplied by: `0.19` for 19 per cent.
    pub rate: Option<Decimal>,
}

/// Changes the tax rate.
pub async fn run(ctx: &Ctx, (id, input, expected): (TaxRateId, TaxRateUpdateInput, Option<i32>)) -> Result<TaxRate> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = input.name.as_deref().and_then(|raw| problems.keep(super::name(raw))) {
        row.name = Set(name);
    }
    if let Some(millionths) = input.rate.and_then(|rate| problems.keep(super::rate(rate))) {
        row.rate_millionths = Set(millionths);
    }
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::TaxRateUpdate).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if !input.category_id.is_undefined() {
        let category = input.category_id.take();
        super::hold_category(&tx, category).await?;
        row.category_id = Set(category);
    }
    let rate = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    let (old, new) = (TaxRateSnapshot::from(&before), TaxRateSnapshot::from(&rate));
    let audit = Audit::updated("tax_rate", id, &old, &new);
    tx.emit(&TaxRateUpdated { tax_rate: new })?;
    tx.commit(audit).await?;
    Ok(rate.into())
}
