//! From what is wanted to a basket.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures::FutureExt;
use rules::basket::{Basket, Buyer, ShippingCharge};
use rules::ids::ProductVariantId;
use rules::{Currency, Money, Problem, Problems, Rounding};

use super::lines::{self, Missing, Question};
use crate::catalog::products::Viewer;
use crate::kernel::{Result, StoreScope};
use crate::tenancy::stores;

/// What somebody wants to buy, and what is known of who it is.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The lines, in the order in which the buyer sees them.
    pub lines: Vec<WantedLine>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The moment that prices are looked at (rule M5).
    pub at: DateTime<Utc>,
    /// Who looks: what is hidden from a visitor can't be bought by one.
    pub viewer: Viewer,
    /// What shipping costs before promotions.
    pub shipping: Option<ShippingCharge>,
    /// The discount codes, as they were typed.
    pub codes: Vec<String>,
    /// Who buys.
    pub buyer: Buyer,
    /// The country that it goes to, two letters.
    pub country: Option<String>,
    /// Where it is sold.
    pub channel: Option<String>,
}

/// So many units of one variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedLine {
    /// The variant.
    pub variant: ProductVariantId,
    /// How many, at least one.
    pub quantity: u32,
}

/// What could be put together of what is wanted, and what could not.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// The lines that can be bought, in their order.
    pub basket: Basket,
    /// What is known of each of these beside.
    pub bought: Vec<Bought>,
    /// The places of the others among the wanted lines, and what they lack.
    pub missing: Vec<(usize, Missing)>,
}

/// What is known of a line of a basket that neither promotions nor taxes by the store's own rates ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bought {
    /// The place among the wanted lines.
    pub place: usize,
    /// Whether it has to be shipped.
    pub requires_shipping: bool,
    /// What one unit weighs, in grams.
    pub grams: u64,
    /// The code that tax services know the variant by.
    pub tax_code: Option<String>,
}

/// Puts a basket together, in a fixed number of statements whatever is in it. Works on a read as in a transaction.
///
/// The same variant on several lines counts together towards its quantity breaks (rule M2).
///
/// # Errors
/// Every line that can't be bought, at `lines.0.variantId`: `NOT_FOUND` where the store has no such variant, or
/// hides it from who looks; `NO_PRICE` where it has none in the currency. What `Basket::check` refuses.
pub async fn assemble(scope: &StoreScope, wanted: Wanted) -> Result<Basket> {
    let gathered = gather(scope, wanted).await?;
    let mut problems = Problems::new();
    for (place, missing) in gathered.missing {
        problems.push(missing.problem(gathered.basket.currency, &format!("lines.{place}.variantId")));
    }
    problems.finish()?;
    Ok(gathered.basket)
}

/// The same of what can be bought; what can't is told beside it, so that a cart can be shown all the same.
///
/// # Errors
/// What `Basket::check` refuses.
pub async fn gather(scope: &StoreScope, wanted: Wanted) -> Result<Gathered> {
    let quantities = quantities(&wanted.lines);
    let question =
        Question { currency: wanted.currency, at: wanted.at, viewer: wanted.viewer, segments: &wanted.buyer.segments };
    let (store, found) =
        tokio::try_join!(stores::get(scope).boxed(), lines::find(scope, &quantities, &question).boxed())?;

    let mut lines = Vec::with_capacity(wanted.lines.len());
    let (mut bought, mut missing) = (Vec::with_capacity(wanted.lines.len()), Vec::new());
    for (place, line) in wanted.lines.iter().enumerate() {
        match found.line(line.variant, line.quantity) {
            Ok((line, row)) => {
                lines.push(line);
                bought.push(Bought {
                    place,
                    requires_shipping: row.requires_shipping,
                    grams: row.weight_grams.unwrap_or_default().unsigned_abs(),
                    tax_code: row.tax_code.clone(),
                });
            }
            Err(lacks) => missing.push((place, lacks)),
        }
    }
    let basket = Basket {
        currency: wanted.currency,
        tax_mode: store.tax_mode,
        rounding: Rounding { mode: store.rounding_mode, level: store.rounding_level },
        lines,
        shipping: wanted.shipping,
        codes: wanted.codes,
        buyer: wanted.buyer,
        country: wanted.country,
        channel: wanted.channel,
    };
    basket.check()?;
    Ok(Gathered { basket, bought, missing })
}

/// What one unit of each line costs, or what it lacks to be bought, in the order of the lines: what [`gather`] would
/// say, in fewer statements, for whoever asks nothing else.
///
/// # Errors
/// `OUT_OF_RANGE` for sums beyond counting.
pub async fn unit_prices(
    scope: &StoreScope,
    wanted: &[WantedLine],
    question: &Question<'_>,
) -> Result<Vec<Result<Money, Missing>>> {
    let found = lines::priced(scope, &quantities(wanted), question).await?;
    let prices: Vec<_> = wanted.iter().map(|line| found.unit_price(line.variant)).collect();
    let known = wanted.iter().zip(&prices).filter_map(|(line, price)| Some((line, price.as_ref().ok()?)));
    let amounts = known.map(|(line, price)| price.times(i64::from(line.quantity)));
    let amounts = amounts.collect::<Result<Vec<_>, _>>().map_err(Problem::from)?;
    Money::sum(question.currency, amounts).map_err(Problem::from)?;
    Ok(prices)
}

/// How many of each variant there are, all lines of it together.
fn quantities(lines: &[WantedLine]) -> HashMap<ProductVariantId, i32> {
    let mut all: HashMap<ProductVariantId, i32> = HashMap::new();
    for line in lines {
        let sum = all.entry(line.variant).or_default();
        *sum = sum.saturating_add(i32::try_from(line.quantity).unwrap_or(i32::MAX));
    }
    all
}
