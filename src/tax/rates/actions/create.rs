//! `taxRateCreate`: one more tax in a zone.

use async_graphql::InputObject;
use entity::tax::tax_rates::ActiveModel;
use rules::ids::{TaxCategoryId, TaxRateId, TaxZoneId};
use rules::{Decimal, ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{TaxRateCreated, TaxRateSnapshot};
use super::super::store;
use super::super::types::TaxRate;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::tax::zones;

/// A new tax rate.
#[derive(InputObject, Clone)]
pub struct TaxRateCreateInput {
    /// The zone in which it is raised.
    pub zone_id: TaxZoneId,
    /// What it lies on; all that the zone has no rate of their own for where it is left out.
    pub category_id: Option<TaxCategoryId>,
    /// What it is called on an invoice, such as `VAT`; at most 100 characters.
    pub name: String,
    /// The number that the net is multiplied by: `0.19` for 19 per cent. Six decimals at the most.
    pub rate: Decimal,
}

/// Creates the tax rate.
pub async fn run(ctx: &Ctx, input: TaxRateCreateInput) -> Result<TaxRate> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name)).unwrap_or_default();
    let millionths = problems.keep(super::rate(input.rate)).unwrap_or_default();
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::TaxRateCreate).await?;
    if zones::hold(&tx, input.zone_id).await?.is_none() {
        return Err(input::not_found("zoneId", "tax zone"));
    }
    super::hold_category(&tx, input.category_id).await?;
    if store::list_by_zones(&tx, &[input.zone_id]).await?.len() >= super::MAX_RATES {
        let message = format!("A zone has {} tax rates at the most.", super::MAX_RATES);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let row = ActiveModel {
        id: Set(ctx.id::<TaxRateId>()),
        zone_id: Set(input.zone_id),
        category_id: Set(input.category_id),
        name: Set(name),
        rate_millionths: Set(millionths),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let rate = store::insert(&tx, row).await?;
    tx.emit(&TaxRateCreated { tax_rate: TaxRateSnapshot::from(&rate) })?;
    tx.commit(Audit::created("tax_rate", rate.id, &TaxRateSnapshot::from(&rate))).await?;
    Ok(rate.into())
}
