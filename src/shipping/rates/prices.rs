//! What a rate costs, between its rows and the rules.
//!
//! Owns the limits of a rate's prices, and the way from rows to `rules::shipping` and back. Never reads the
//! database.

use std::collections::BTreeMap;

use entity::shipping::{shipping_rate_free_from, shipping_rate_prices, shipping_rates};
use rules::ids::ShippingRateId;
use rules::shipping::{PriceStep, Pricing, ShippingRate, WeightLimits, WeightStep};
use rules::states::ShippingPricing;
use rules::{Currency, ErrorCode, Money, PerCurrency, Problem, Problems};
use sea_orm::ActiveValue::Set;

/// Steps of a rate at the most.
const MAX_STEPS: usize = 100;

/// What a rate costs: the amounts of its steps, and from what on it is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices {
    /// What they go by.
    pub pricing: Pricing,
    /// What the goods have to cost for it to be free.
    pub free_from: Option<PerCurrency>,
}

impl Prices {
    /// Everything that is wrong with the prices, for a store that sells in these currencies. Paths begin with
    /// `pricing` or `freeFrom`.
    ///
    /// # Errors
    /// Every problem.
    pub fn check(&self, currencies: &[Currency]) -> Result<(), Vec<Problem>> {
        let mut problems = Problems::new();
        let mut enabled = |path: &str, amount: Money| {
            if !currencies.contains(&amount.currency()) {
                let message = format!("The store does not sell in {}.", amount.currency());
                problems.add(ErrorCode::CurrencyNotEnabled, path, message);
            }
        };
        let each = |amounts: &PerCurrency, path: &str, enabled: &mut dyn FnMut(&str, Money)| {
            amounts.all().iter().for_each(|amount| enabled(path, *amount));
        };
        match &self.pricing {
            Pricing::Flat(price) => each(price, "pricing.flat", &mut enabled),
            Pricing::ByWeight(steps) => {
                for (index, step) in steps.iter().enumerate() {
                    each(&step.price, &format!("pricing.byWeight.{index}.prices"), &mut enabled);
                }
            }
            Pricing::ByPrice(steps) => {
                for (index, step) in steps.iter().enumerate() {
                    each(&step.price, &format!("pricing.byPrice.{index}.price"), &mut enabled);
                }
            }
        }
        if let Some(free_from) = &self.free_from {
            each(free_from, "freeFrom", &mut enabled);
        }
        let (kind, count) = match &self.pricing {
            Pricing::Flat(price) => ("flat", price.all().len()),
            Pricing::ByWeight(steps) => ("byWeight", steps.len()),
            Pricing::ByPrice(steps) => ("byPrice", steps.len()),
        };
        let path = format!("pricing.{kind}");
        if count == 0 {
            problems.add(ErrorCode::Required, &path, "Give one price at least.");
        }
        if count > MAX_STEPS {
            problems.add(ErrorCode::TooLong, &path, format!("Give {MAX_STEPS} steps at the most."));
        }
        self.tell_repeated(&mut problems);
        problems.finish()
    }

    fn tell_repeated(&self, problems: &mut Problems) {
        let mut seen: Vec<(Currency, i64)> = Vec::new();
        let rows = match &self.pricing {
            Pricing::Flat(_) => return,
            Pricing::ByWeight(steps) => {
                let mut grams: Vec<u64> = Vec::new();
                for (index, step) in steps.iter().enumerate() {
                    if step.price.is_empty() {
                        let path = format!("pricing.byWeight.{index}.prices");
                        problems.add(ErrorCode::Required, &path, "Give one price at least.");
                    }
                    if grams.contains(&step.up_to_grams) {
                        let path = format!("pricing.byWeight.{index}.upToGrams");
                        problems.add(ErrorCode::Duplicate, &path, "Another step has this weight.");
                    }
                    grams.push(step.up_to_grams);
                }
                return;
            }
            Pricing::ByPrice(steps) => steps.iter().enumerate(),
        };
        for (index, step) in rows {
            for least in step.at_least.all() {
                let key = (least.currency(), least.minor());
                if seen.contains(&key) {
                    let path = format!("pricing.byPrice.{index}.atLeast");
                    problems.add(ErrorCode::Duplicate, &path, "Another step has this amount.");
                }
                seen.push(key);
            }
        }
    }

    /// The word for what they go by.
    pub fn kind(&self) -> ShippingPricing {
        match self.pricing {
            Pricing::Flat(_) => ShippingPricing::Flat,
            Pricing::ByWeight(_) => ShippingPricing::ByWeight,
            Pricing::ByPrice(_) => ShippingPricing::ByPrice,
        }
    }

    /// The rows of the prices.
    pub fn price_rows(&self, rate: ShippingRateId) -> Vec<shipping_rate_prices::ActiveModel> {
        let row = |threshold: i64, price: &Money| shipping_rate_prices::ActiveModel {
            rate_id: Set(rate),
            currency: Set(price.currency()),
            threshold: Set(threshold),
            amount: Set(price.minor()),
            ..Default::default()
        };
        match &self.pricing {
            Pricing::Flat(price) => price.all().iter().map(|price| row(0, price)).collect(),
            Pricing::ByWeight(steps) => {
                let each =
                    steps.iter().flat_map(|step| step.price.all().iter().map(move |price| (step.up_to_grams, price)));
                each.map(|(grams, price)| row(i64::try_from(grams).unwrap_or(i64::MAX), price)).collect()
            }
            Pricing::ByPrice(steps) => {
                let each = steps.iter().flat_map(|step| step.price.all().iter().map(move |price| (step, price)));
                let least = |step: &PriceStep, price: &Money| step.at_least.in_currency(price.currency());
                each.filter_map(|(step, price)| Some(row(least(step, price)?.minor(), price))).collect()
            }
        }
    }

    /// The rows of what has to be reached.
    pub fn free_from_rows(&self, rate: ShippingRateId) -> Vec<shipping_rate_free_from::ActiveModel> {
        let amounts = self.free_from.iter().flat_map(PerCurrency::all);
        let row = |amount: &Money| shipping_rate_free_from::ActiveModel {
            rate_id: Set(rate),
            currency: Set(amount.currency()),
            amount: Set(amount.minor()),
            ..Default::default()
        };
        amounts.map(row).collect()
    }

    /// The prices that rows stand for, in the order of their steps.
    pub fn of_rows(
        kind: ShippingPricing,
        prices: &[shipping_rate_prices::Model],
        free_from: &[shipping_rate_free_from::Model],
    ) -> Self {
        let price = |row: &shipping_rate_prices::Model| Money::from_minor(row.amount, row.currency);
        let pricing = match kind {
            ShippingPricing::Flat => Pricing::Flat(amounts(prices.iter().map(price).collect())),
            ShippingPricing::ByWeight => {
                let mut steps: BTreeMap<u64, Vec<Money>> = BTreeMap::new();
                for row in prices {
                    steps.entry(row.threshold.unsigned_abs()).or_default().push(price(row));
                }
                let step = |(up_to_grams, prices)| WeightStep { up_to_grams, price: amounts(prices) };
                Pricing::ByWeight(steps.into_iter().map(step).collect())
            }
            ShippingPricing::ByPrice => {
                let step = |row: &shipping_rate_prices::Model| PriceStep {
                    at_least: Money::from_minor(row.threshold, row.currency).into(),
                    price: price(row).into(),
                };
                let mut steps: Vec<_> = prices.iter().collect();
                steps.sort_by_key(|row| (row.currency, row.threshold));
                Pricing::ByPrice(steps.into_iter().map(step).collect())
            }
        };
        let free_from: Vec<Money> = free_from.iter().map(|row| Money::from_minor(row.amount, row.currency)).collect();
        Self { pricing, free_from: (!free_from.is_empty()).then(|| amounts(free_from)) }
    }

    /// A whole rate for the rules.
    pub fn with(self, row: &shipping_rates::Model) -> ShippingRate {
        ShippingRate {
            id: row.id,
            name: row.name.clone(),
            pricing: self.pricing,
            free_from: self.free_from,
            weight: WeightLimits {
                min_grams: row.min_grams.map(i64::unsigned_abs),
                max_grams: row.max_grams.map(i64::unsigned_abs),
            },
            pickup: row.pickup_location_id,
        }
    }
}

/// Amounts as the table keeps them: its keys let none stand twice in a currency, and its checks none below
/// nothing.
fn amounts(stored: Vec<Money>) -> PerCurrency {
    PerCurrency::try_new(stored).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    fn both(eur_minor: i64, usd_minor: i64) -> PerCurrency {
        PerCurrency::try_new(vec![eur(eur_minor), usd(usd_minor)]).expect("two amounts")
    }

    fn read_back(prices: &Prices) -> Prices {
        use sea_orm::TryIntoModel;
        let rate = ShippingRateId(Uuid::from_u128(1));
        let store = Set(rules::ids::StoreId(Uuid::from_u128(2)));
        let rows = prices.price_rows(rate).into_iter().map(|row| {
            let row = shipping_rate_prices::ActiveModel { store_id: store.clone(), ..row };
            row.try_into_model().expect("a row")
        });
        let free_from = prices.free_from_rows(rate).into_iter().map(|row| {
            let row = shipping_rate_free_from::ActiveModel { store_id: store.clone(), ..row };
            row.try_into_model().expect("a row")
        });
        Prices::of_rows(prices.kind(), &rows.collect::<Vec<_>>(), &free_from.collect::<Vec<_>>())
    }

    #[test]
    fn prices_read_back_from_their_rows() {
        let step = |grams, price| WeightStep { up_to_grams: grams, price };
        let from = |least: Money, price: Money| PriceStep { at_least: least.into(), price: price.into() };
        for pricing in [
            Pricing::Flat(both(490, 550)),
            Pricing::ByWeight(vec![step(1_000, both(490, 550)), step(5_000, eur(900).into())]),
            Pricing::ByPrice(vec![from(eur(0), eur(490)), from(eur(5_000), eur(0)), from(usd(0), usd(550))]),
        ] {
            let prices = Prices { pricing, free_from: Some(both(10_000, 11_000)) };
            assert_eq!(prices.check(&[Currency::EUR, Currency::USD]), Ok(()));
            assert_eq!(read_back(&prices), prices);
        }
    }

    #[test]
    fn prices_that_make_no_sense_are_refused() {
        let told = |pricing: Pricing| {
            let prices = Prices { pricing, free_from: Some(usd(1).into()) };
            let problems = prices.check(&[Currency::EUR]).expect_err("problems");
            problems.iter().map(|problem| format!("{:?} {}", problem.code, problem.field.join("."))).collect::<Vec<_>>()
        };
        let free = "CurrencyNotEnabled freeFrom".to_owned();
        assert_eq!(told(Pricing::Flat(PerCurrency::default())), [free.clone(), "Required pricing.flat".to_owned()]);
        let step = |grams, price| WeightStep { up_to_grams: grams, price };
        let twice = Pricing::ByWeight(vec![step(1, eur(1).into()), step(1, PerCurrency::default())]);
        let expected = ["Required pricing.byWeight.1.prices", "Duplicate pricing.byWeight.1.upToGrams"];
        assert_eq!(told(twice)[1..], expected.map(str::to_owned));
        let from = |least: i64| PriceStep { at_least: eur(least).into(), price: eur(1).into() };
        assert_eq!(
            told(Pricing::ByPrice(vec![from(5), from(5)]))[1..],
            ["Duplicate pricing.byPrice.1.atLeast".to_owned()]
        );
    }
}
