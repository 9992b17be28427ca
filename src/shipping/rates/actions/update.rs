//! `shippingRateUpdate`: a way to ship costs something else, or is called otherwise.

use async_graphql::{InputObject, MaybeUndefined};
use entity::shipping::shipping_rates::ActiveModel;
use rules::Problems;
use rules::ids::{LocationId, ShippingRateId};
use rules::money::MoneyInput;
use sea_orm::ActiveValue::Set;

use super::super::events::{ShippingRateSnapshot, ShippingRateUpdated};
use super::super::store;
use super::super::types::ShippingRate;
use super::pricing_input::{ShippingPricingInput, read_amounts};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::shipping::zones;

/// What changes of a shipping rate. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct ShippingRateUpdateInput {
    /// What buyers see it called.
    pub name: Option<String>,
    /// What it costs, all of it.
    pub pricing: Option<ShippingPricingInput>,
    /// What the goods have to cost for it to be free, in all currencies; null is never.
    pub free_from: MaybeUndefined<Vec<MoneyInput>>,
    /// The least that the goods weigh, in grams.
    pub min_grams: MaybeUndefined<i32>,
    /// The most that the goods weigh, in grams.
    pub max_grams: MaybeUndefined<i32>,
    /// Where the buyer fetches the goods; null sends them.
    pub pickup_location_id: MaybeUndefined<LocationId>,
}

/// Changes the shipping rate.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (ShippingRateId, ShippingRateUpdateInput, Option<i32>),
) -> Result<ShippingRate> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = input.name.as_deref().and_then(|raw| problems.keep(super::name(raw))) {
        row.name = Set(name);
    }
    let pricing = input.pricing.as_ref().map(|pricing| pricing.read(&mut problems));
    let free_from = match &input.free_from {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(amounts) => {
            Some(Some(read_amounts(&mut problems, "freeFrom", amounts)).filter(|amounts| !amounts.is_empty()))
        }
    };
    if !input.min_grams.is_undefined() {
        row.min_grams = Set(problems.keep(super::grams("minGrams", input.min_grams.take())).flatten());
    }
    if !input.max_grams.is_undefined() {
        row.max_grams = Set(problems.keep(super::grams("maxGrams", input.max_grams.take())).flatten());
    }
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::ShippingRateUpdate).await?;
    let zone = store::find(&tx, id).await?.ok_or(Error::NotFound)?.zone_id;
    // Whoever changes another rate of the zone waits, so that prices and row are of one change.
    zones::hold(&tx, zone).await?.ok_or(Error::NotFound)?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let was = store::list_prices(&tx, std::slice::from_ref(&before)).await?.remove(&id).ok_or(Error::NotFound)?;
    let mut prices = was.clone();
    if let Some(pricing) = pricing {
        prices.pricing = pricing;
    }
    if let Some(free_from) = free_from {
        prices.free_from = free_from;
    }
    if prices != was {
        prices.check(&ctx.store_context()?.currencies)?;
    }
    if !input.pickup_location_id.is_undefined() {
        let location = input.pickup_location_id.take();
        super::hold_location(&tx, location).await?;
        row.pickup_location_id = Set(location);
    }
    let weights = (
        row.min_grams.try_as_ref().copied().unwrap_or(before.min_grams),
        row.max_grams.try_as_ref().copied().unwrap_or(before.max_grams),
    );
    let mut problems = Problems::new();
    super::expect_weights(&mut problems, weights);
    problems.finish()?;
    row.pricing = Set(prices.kind());
    let rate = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    if prices != was {
        store::replace_prices(&tx, id, &prices).await?;
    }
    let new = ShippingRateSnapshot::of(&rate, prices);
    let audit = Audit::updated("shipping_rate", id, &ShippingRateSnapshot::of(&before, was), &new);
    tx.emit(&ShippingRateUpdated { shipping_rate: new })?;
    tx.commit(audit).await?;
    Ok(rate.into())
}
