//! The door through which a sale gets its taxes.

use std::collections::HashMap;

use rules::basket::Basket;
use rules::ids::{ProductVariantId, TaxZoneId};
use rules::place::Place;
use rules::promotion::Evaluation;
use rules::states::{ShippingTaxKind, TaxFailurePolicy};
use rules::tax::{Places, ShippingTax, StoreTaxes, TaxRate, TaxRules, TaxZone, Taxation, from_millionths};
use rules::totals::Totals;
use rules::{ErrorCode, Problem};

use super::provider::{self, TaxProviders, TaxQuestion, TaxQuestionLine};
use super::settings::{self, Settings};
use super::{rates, zones};
use crate::kernel::{Ctx, Error, Result, StoreScope};

/// What is sold, where to and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'a> {
    /// What is sold. Its lines name their own categories: those of goods that name none are
    /// `categories::find_default`.
    pub basket: &'a Basket,
    /// What promotions take off.
    pub evaluation: &'a Evaluation,
    /// Where it is shipped to.
    pub shipping: Option<&'a Place>,
    /// Where the buyer is.
    pub billing: Option<&'a Place>,
    /// Whether the buyer pays no tax.
    pub exempt: bool,
    /// The codes that tax services know variants by.
    pub codes: &'a HashMap<ProductVariantId, String>,
}

/// Who worked the taxes of a sale out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, async_graphql::Enum, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaxSource {
    /// The store's own zones and rates.
    OwnRates,
    /// The tax provider that the store has chosen.
    Provider,
    /// The store's own zones and rates, because the provider gave no taxes.
    OwnRatesAfterFailure,
}

/// The taxes of a sale.
#[derive(Debug, Clone)]
pub struct WorkedOut {
    /// What lies on what: for `rules::totals`, and to be frozen on an order. Of the store's zones those that
    /// can hold in the taxed country.
    pub taxation: Taxation,
    /// Who worked it out.
    pub source: TaxSource,
}

/// The taxes of a sale (rule T1): by the tax provider that the store has chosen, else by its own zones and
/// rates. Takes as many statements however many zones, rates and lines there are, and holds no connection while
/// a provider is asked: never to be called inside a write.
///
/// # Errors
/// `Conflict` with `REQUIRED` where neither a place nor the store's country is known, and with
/// `TAX_UNAVAILABLE` where the provider gives no taxes and the store wants to wait; what `Totals::new` refuses.
pub async fn taxation(ctx: &Ctx, sale: &Sale<'_>) -> Result<WorkedOut> {
    let scope = ctx.store().await?;
    let settings = settings::find(&scope).await?;
    let places = places(&scope, &settings, sale).await?;
    let Some(name) = &settings.provider else {
        return own_rates(&scope, &settings, places, sale.exempt, TaxSource::OwnRates).await;
    };
    let question = question(ctx, sale, places.clone())?;
    drop(scope);
    let found = ctx.system().extensions.get::<TaxProviders>().and_then(|providers| providers.find(name));
    let answer = match found {
        Some(provider) => {
            ctx.release().await;
            provider::ask(&*provider, &question).await
        }
        None => Err(provider::ProviderError("this build has no such provider".to_owned())),
    };
    match answer {
        Ok(taxation) => Ok(WorkedOut { taxation, source: TaxSource::Provider }),
        Err(error) => {
            tracing::warn!(provider = name, %error, "a tax provider gave no taxes");
            match settings.on_provider_failure {
                TaxFailurePolicy::OwnRates => {
                    let scope = ctx.store().await?;
                    own_rates(&scope, &settings, places, sale.exempt, TaxSource::OwnRatesAfterFailure).await
                }
                TaxFailurePolicy::Refuse => {
                    let message = "The taxes can't be worked out now: try again in a moment.";
                    Err(Error::Conflict(Problem::new(ErrorCode::TaxUnavailable, "", message)))
                }
            }
        }
    }
}

/// Where the store is: as its tax settings say, else the country that it sells from.
///
/// # Errors
/// What the database says.
pub async fn place_of_store(scope: &StoreScope, settings: &Settings) -> Result<Option<Place>> {
    match &settings.origin {
        Some(origin) => Ok(Some(origin.clone())),
        None => Ok(settings::country_of_store(scope).await?.map(|country| Place::country(&country))),
    }
}

async fn places(scope: &StoreScope, settings: &Settings, sale: &Sale<'_>) -> Result<Places> {
    let (shipping, billing) = (sale.shipping.cloned(), sale.billing.cloned());
    let store = place_of_store(scope, settings).await?.or_else(|| shipping.clone().or_else(|| billing.clone()));
    let store = store.ok_or_else(|| {
        let message = "Nobody says where it goes to, and the store has no country: set one of them.";
        Error::Conflict(Problem::new(ErrorCode::Required, "", message))
    })?;
    Ok(Places { shipping, billing, store })
}

async fn own_rates(
    scope: &StoreScope,
    settings: &Settings,
    places: Places,
    exempt: bool,
    source: TaxSource,
) -> Result<WorkedOut> {
    let shipping = match settings.shipping_tax {
        ShippingTaxKind::Category => ShippingTax::Category(settings.shipping_category),
        ShippingTaxKind::Lines => ShippingTax::ByLines,
    };
    let rules = TaxRules { zones: zones_of(scope, &places.taxed().country).await?, shipping };
    Ok(WorkedOut { taxation: Taxation::Rules(Box::new(StoreTaxes { rules, places, exempt })), source })
}

/// The zones that can hold in a country, by their ids, with their rates.
async fn zones_of(scope: &StoreScope, country: &str) -> Result<Vec<TaxZone>> {
    let mut zones: Vec<TaxZone> = zones::list_of_country(scope, country)
        .await?
        .into_iter()
        .map(|(id, territories)| TaxZone { id, territories, rates: Vec::new() })
        .collect();
    zones.sort_by_key(|zone| zone.id);
    let ids: Vec<TaxZoneId> = zones.iter().map(|zone| zone.id).collect();
    if ids.is_empty() {
        return Ok(zones);
    }
    for row in rates::list_by_zones(scope, &ids).await? {
        if let Ok(place) = zones.binary_search_by_key(&row.zone_id, |zone| zone.id) {
            zones[place].rates.push(TaxRate {
                name: row.name,
                rate: from_millionths(row.rate_millionths.unsigned_abs()),
                category: row.category_id,
            });
        }
    }
    Ok(zones)
}

/// What a provider is asked: the amounts are those that are left after all discounts.
fn question(ctx: &Ctx, sale: &Sale<'_>, places: Places) -> Result<TaxQuestion> {
    let untaxed = Totals::new(sale.basket, sale.evaluation, &Taxation::External(Vec::new()))?;
    let lines = untaxed.lines.iter().enumerate().map(|(index, line)| {
        // Gifts stand behind the lines, and cost nothing.
        let bought = sale.basket.lines.get(index);
        TaxQuestionLine {
            variant: line.variant,
            product: line.product,
            quantity: line.quantity,
            amount: line.amount,
            category: bought.and_then(|line| line.tax_category),
            code: sale.codes.get(&line.variant).cloned(),
            untaxed: bought.is_some_and(|line| line.untaxed),
        }
    });
    Ok(TaxQuestion {
        store: ctx.store_context()?.id,
        at: ctx.now(),
        currency: sale.basket.currency,
        tax_mode: sale.basket.tax_mode,
        rounding: sale.basket.rounding,
        places,
        exempt: sale.exempt,
        lines: lines.collect(),
        shipping: untaxed.shipping.as_ref().map(|shipping| shipping.amount),
    })
}
