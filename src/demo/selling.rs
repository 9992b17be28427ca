//! What it takes to buy in the demo's stores: ways to ship, taxes, a code, and a way to pay that moves no money.

use rules::money::MoneyInput;
use rules::states::{CaptureMode, PaymentProviderKind};
use rules::{Currency, Decimal, Money, TaxMode};

use super::data::DemoStore;
use crate::kernel::{Ctx, Error, Result};
use crate::payments::providers;
use crate::places::TerritoryInput;
use crate::promotions::{self, PriceChangeInput, PromotionActionInput, PromotionConditionInput, codes};
use crate::shipping::{profiles, rates, zones};
use crate::tax;

/// The code that takes ten per cent off.
const CODE: &str = "WELCOME10";

/// Lets a store sell to everywhere.
pub(super) async fn open(ctx: &Ctx, data: &DemoStore) -> Result<()> {
    ship(ctx, &data.currencies).await?;
    tax(ctx, data.tax_mode).await?;
    promote(ctx).await?;
    // An operator may have switched it off.
    if ctx.settings().payments.test_provider {
        let input = providers::create::PaymentProviderCreateInput {
            kind: PaymentProviderKind::Test,
            name: "Test card".to_owned(),
            instructions: None,
            enabled: true,
            capture_mode: CaptureMode::Automatic,
            currencies: None,
            secret_key: None,
            webhook_secret: None,
            public_key: None,
            subaccount: None,
        };
        providers::create::run(ctx, input).await?;
    }
    Ok(())
}

async fn ship(ctx: &Ctx, currencies: &[Currency]) -> Result<()> {
    let profile = profiles::create::ShippingProfileCreateInput { name: "Parcels".to_owned(), is_default: true };
    let profile_id = profiles::create::run(ctx, profile).await?.0.id;
    let zone = zones::create::ShippingZoneCreateInput {
        profile_id,
        name: "Everywhere".to_owned(),
        territories: vec![TerritoryInput::default()],
    };
    let zone_id = zones::create::run(ctx, zone).await?.0.id;
    for (name, minor, free_from) in [("Standard", 490, Some(10_000)), ("Express", 1_290, None)] {
        let rate = rates::create::ShippingRateCreateInput {
            zone_id,
            name: name.to_owned(),
            pricing: rates::ShippingPricingInput::Flat(in_each(currencies, minor)),
            free_from: free_from.map(|minor| in_each(currencies, minor)),
            min_grams: None,
            max_grams: None,
            pickup_location_id: None,
        };
        rates::create::run(ctx, rate).await?;
    }
    Ok(())
}

/// So many minor units of each currency.
fn in_each(currencies: &[Currency], minor: i64) -> Vec<MoneyInput> {
    let amount = |currency: &Currency| MoneyInput {
        amount: Money::from_minor(minor, *currency).amount(),
        currency_code: *currency,
    };
    currencies.iter().map(amount).collect()
}

async fn tax(ctx: &Ctx, mode: TaxMode) -> Result<()> {
    let zone = tax::zones::create::TaxZoneCreateInput {
        name: "Everywhere".to_owned(),
        territories: vec![TerritoryInput::default()],
    };
    let zone_id = tax::zones::create::run(ctx, zone).await?.0.id;
    let (name, rate) = match mode {
        TaxMode::Gross => ("VAT", "0.19"),
        TaxMode::Net => ("Sales tax", "0.07"),
    };
    let rate = number(rate)?;
    let rate = tax::rates::create::TaxRateCreateInput { zone_id, category_id: None, name: name.to_owned(), rate };
    tax::rates::create::run(ctx, rate).await?;
    Ok(())
}

fn number(text: &str) -> Result<Decimal> {
    text.parse().map_err(|_| Error::internal(format!("{text} is no number")))
}

async fn promote(ctx: &Ctx) -> Result<()> {
    let promotion = promotions::create::PromotionCreateInput {
        name: "Welcome".to_owned(),
        enabled: true,
        priority: 0,
        valid_from: None,
        valid_to: None,
        condition: Some(PromotionConditionInput::CodeGiven(true)),
        action: PromotionActionInput::Order(PriceChangeInput::Percent(number("10")?)),
        caps: Default::default(),
        stacking: Default::default(),
    };
    let promotion_id = promotions::create::run(ctx, promotion).await?.0.id;
    let code = codes::create::DiscountCodeCreateInput {
        promotion_id,
        code: CODE.to_owned(),
        enabled: true,
        usage_limit: None,
        limit_per_buyer: None,
        valid_from: None,
        valid_to: None,
    };
    codes::create::run(ctx, code).await?;
    Ok(())
}
