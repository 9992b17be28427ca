//! Taxes: which lie on what, and how much they are.
//!
//! Owns the choice of zone and rates, and the arithmetic of net, tax and gross (rules T1 to T3).
//! Never knows a country's taxes: zones and rates are the store's, or the amounts come from a tax
//! provider. Never looks at discounts: what is left after them comes in.
//!
//! A new kind of tax is a new way to fill [`Taxed`]; whatever it does, gross is net and tax.

mod amounts;
mod external;
mod zones;

use serde::{Deserialize, Serialize};

pub use amounts::{MAX_DECIMALS, TaxPart, Taxed, from_millionths, millionths};
pub use external::{ExternalTax, TaxedPart};
pub use zones::{Places, ShippingTax, TaxRate, TaxRules, TaxZone};

use crate::ids::TaxCategoryId;
use crate::money::{Money, MoneyError, Rounding, TaxMode};
use crate::problem::Problem;

/// Where the taxes of a basket come from. An order keeps a copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Taxation {
    /// The store's own zones and rates.
    Rules(Box<StoreTaxes>),
    /// A tax provider's answer.
    External(Vec<ExternalTax>),
}

/// The store's own taxes, and who is taxed by them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreTaxes {
    /// The zones and rates.
    pub rules: TaxRules,
    /// Who lives where.
    pub places: Places,
    /// Whether the customer, or the organization that it buys for, pays no tax. From prices that
    /// include tax it is taken off.
    #[serde(default)]
    pub exempt: bool,
}

/// Something that costs something, after all discounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// What it costs, in the store's tax mode.
    pub amount: Money,
    /// How many units cost that together.
    pub units: i64,
    /// What it is to the tax office.
    pub category: Option<TaxCategoryId>,
    /// Whether no tax lies on it anywhere, whatever its category.
    pub untaxed: bool,
}

/// The taxes on the lines, in their order, and on shipping.
pub type AllTaxed = (Vec<Taxed>, Option<Taxed>);

impl Taxation {
    /// The taxes on all lines and on shipping.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` beyond counting, and `INVALID` for a provider's answer that does not fit.
    pub fn on(
        &self,
        lines: &[Charge],
        shipping: Option<Money>,
        mode: TaxMode,
        rounding: Rounding,
    ) -> Result<AllTaxed, Problem> {
        match self {
            Self::Rules(taxes) => Ok(taxes.on(lines, shipping, mode, rounding)?),
            Self::External(taxes) => external::on(taxes, lines, shipping, mode),
        }
    }
}

impl StoreTaxes {
    fn on(
        &self,
        lines: &[Charge],
        shipping: Option<Money>,
        mode: TaxMode,
        rounding: Rounding,
    ) -> Result<AllTaxed, MoneyError> {
        let zone = self.rules.zone(self.places.taxed());
        let rates = |category| zone.map(|zone| zone.rates_of(category)).unwrap_or_default();
        let rates_of = |line: &Charge| if line.untaxed { Vec::new() } else { rates(line.category) };
        let tax =
            |amount, units, rates: &[&TaxRate]| Taxed::by_rates(amount, units, rates, mode, rounding, self.exempt);
        let taxed = lines.iter().map(|line| tax(line.amount, line.units, &rates_of(line)));
        let taxed = taxed.collect::<Result<Vec<Taxed>, _>>()?;
        let shipping = match (shipping, self.rules.shipping) {
            (None, _) => None,
            (Some(amount), ShippingTax::Category(category)) => Some(tax(amount, 1, &rates(category))?),
            (Some(amount), ShippingTax::ByLines) if lines.is_empty() => Some(tax(amount, 1, &rates(None))?),
            (Some(amount), ShippingTax::ByLines) => {
                let weights: Vec<u64> = lines.iter().map(|line| line.amount.minor().unsigned_abs()).collect();
                let shares = amount.allocate(&weights)?;
                // What is taxed alike is taxed together, so that it is rounded once.
                let mut groups: Vec<(Vec<&TaxRate>, Money)> = Vec::new();
                for (line, share) in lines.iter().zip(shares) {
                    let rates = rates_of(line);
                    match groups.iter_mut().find(|(known, _)| *known == rates) {
                        Some((_, sum)) => *sum = sum.checked_add(share)?,
                        None => groups.push((rates, share)),
                    }
                }
                let taxed = groups.iter().map(|(rates, share)| tax(*share, 1, rates));
                Some(Taxed::together(amount.currency(), taxed.collect::<Result<Vec<Taxed>, _>>()?)?)
            }
        };
        Ok((taxed, shipping))
    }
}

#[cfg(test)]
mod tests;
