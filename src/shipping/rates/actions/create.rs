//! `shippingRateCreate`: one more way to ship to a zone.

use async_graphql::InputObject;
use entity::shipping::shipping_rates::ActiveModel;
use rules::ids::{LocationId, ShippingRateId, ShippingZoneId};
use rules::money::MoneyInput;
use rules::{ErrorCode, PerCurrency, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{ShippingRateCreated, ShippingRateSnapshot};
use super::super::prices::Prices;
use super::super::store;
use super::super::types::ShippingRate;
use super::pricing_input::{ShippingPricingInput, read_amounts};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::shipping::zones;

/// A new shipping rate.
#[derive(InputObject, Clone)]
pub struct ShippingRateCreateInput {
    /// The zone that is shipped to.
    pub zone_id: ShippingZoneId,
    /// What buyers see it called; at most 100 characters. Rates of different profiles with the same name are one
    /// choice.
    pub name: String,
    /// What it costs.
    pub pricing: ShippingPricingInput,
    /// What the goods have to cost for it to be free: one amount in each currency; never where it is left out.
    pub free_from: Option<Vec<MoneyInput>>,
    /// The least that the goods weigh, in grams.
    pub min_grams: Option<i32>,
    /// The most that the goods weigh, in grams.
    pub max_grams: Option<i32>,
    /// Where the buyer fetches the goods; they are sent where it is left out.
    pub pickup_location_id: Option<LocationId>,
}

/// Creates the shipping rate.
pub async fn run(ctx: &Ctx, input: ShippingRateCreateInput) -> Result<ShippingRate> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name)).unwrap_or_default();
    let pricing = input.pricing.read(&mut problems);
    let free_from = input.free_from.as_ref().map(|amounts| read_amounts(&mut problems, "freeFrom", amounts));
    let min_grams = problems.keep(super::grams("minGrams", input.min_grams)).flatten();
    let max_grams = problems.keep(super::grams("maxGrams", input.max_grams)).flatten();
    super::expect_weights(&mut problems, (min_grams, max_grams));
    problems.finish()?;
    let prices = Prices { pricing, free_from: free_from.filter(|amounts: &PerCurrency| !amounts.is_empty()) };
    prices.check(&ctx.store_context()?.currencies)?;

    let mut tx = ctx.begin_store(Action::ShippingRateCreate).await?;
    if zones::hold(&tx, input.zone_id).await?.is_none() {
        return Err(input::not_found("zoneId", "shipping zone"));
    }
    super::hold_location(&tx, input.pickup_location_id).await?;
    if store::list_by_zones(&tx, &[input.zone_id]).await?.len() >= super::MAX_RATES {
        let message = format!("A zone has {} shipping rates at the most.", super::MAX_RATES);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let row = ActiveModel {
        id: Set(ctx.id::<ShippingRateId>()),
        zone_id: Set(input.zone_id),
        name: Set(name),
        pricing: Set(prices.kind()),
        min_grams: Set(min_grams),
        max_grams: Set(max_grams),
        pickup_location_id: Set(input.pickup_location_id),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let rate = store::insert(&tx, row).await?;
    store::insert_prices(&tx, rate.id, &prices).await?;
    let snapshot = ShippingRateSnapshot::of(&rate, prices);
    let audit = Audit::created("shipping_rate", rate.id, &snapshot);
    tx.emit(&ShippingRateCreated { shipping_rate: snapshot })?;
    tx.commit(audit).await?;
    Ok(rate.into())
}
