//! Prices of a rate on their way in.

use async_graphql::{InputObject, OneofObject};
use rules::money::MoneyInput;
use rules::shipping::{PriceStep, Pricing, WeightStep};
use rules::{ErrorCode, PerCurrency, Problems};

/// What a rate costs: exactly one of the ways.
#[derive(OneofObject, Clone)]
pub enum ShippingPricingInput {
    /// Always the same: one amount in each currency.
    Flat(Vec<MoneyInput>),
    /// By what the goods weigh: the first step that holds it. What is heavier than all is not shipped so. At
    /// most 100 steps.
    ByWeight(Vec<ShippingWeightStepInput>),
    /// By what the goods cost: the highest step that they reach, in each currency. What costs less than all is
    /// not shipped so. At most 100 steps.
    ByPrice(Vec<ShippingPriceStepInput>),
}

/// What goods up to a weight cost to ship.
#[derive(InputObject, Clone)]
pub struct ShippingWeightStepInput {
    /// The most that they weigh, in grams.
    pub up_to_grams: i32,
    /// What it costs: one amount in each currency.
    pub prices: Vec<MoneyInput>,
}

/// What goods from a price on cost to ship.
#[derive(InputObject, Clone)]
pub struct ShippingPriceStepInput {
    /// The least that they cost.
    pub at_least: MoneyInput,
    /// What it costs, in the same currency.
    pub price: MoneyInput,
}

/// Reads amounts, one in each currency at the most.
pub fn read_amounts(problems: &mut Problems, path: &str, input: &[MoneyInput]) -> PerCurrency {
    let mut amounts = Vec::with_capacity(input.len());
    for (index, money) in input.iter().enumerate() {
        let money = money.to_money().map_err(|problem| problem.under(&format!("{path}.{index}")));
        amounts.extend(problems.keep(money));
    }
    problems.keep(PerCurrency::try_new(amounts).map_err(|problem| problem.under(path))).unwrap_or_default()
}

impl ShippingPricingInput {
    /// Reads the prices.
    pub fn read(&self, problems: &mut Problems) -> Pricing {
        match self {
            Self::Flat(amounts) => Pricing::Flat(read_amounts(problems, "pricing.flat", amounts)),
            Self::ByWeight(steps) => {
                let steps = steps.iter().enumerate().map(|(index, step)| {
                    let path = format!("pricing.byWeight.{index}");
                    let up_to_grams = u64::try_from(step.up_to_grams).unwrap_or_else(|_| {
                        problems.add(ErrorCode::OutOfRange, &format!("{path}.upToGrams"), "Give 0 grams or more.");
                        0
                    });
                    let price = read_amounts(problems, &format!("{path}.prices"), &step.prices);
                    WeightStep { up_to_grams, price }
                });
                Pricing::ByWeight(steps.collect())
            }
            Self::ByPrice(steps) => {
                let mut read = Vec::with_capacity(steps.len());
                for (index, step) in steps.iter().enumerate() {
                    let path = format!("pricing.byPrice.{index}");
                    if step.at_least.currency_code != step.price.currency_code {
                        let message = format!("Give it in {}, as `atLeast` is.", step.at_least.currency_code);
                        problems.add(ErrorCode::Invalid, &format!("{path}.price"), message);
                    }
                    let at_least = read_amounts(problems, &format!("{path}.atLeast"), &[step.at_least]);
                    let price = read_amounts(problems, &format!("{path}.price"), &[step.price]);
                    read.push(PriceStep { at_least, price });
                }
                Pricing::ByPrice(read)
            }
        }
    }
}
