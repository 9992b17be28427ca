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

use crate::ids::TaxCategoryId;
use crate::money::{Money, Rounding, TaxMode};
use crate::problem::{ErrorCode, Problem};

pub use amounts::{TaxPart, Taxed};
pub use external::{ExternalTax, TaxedPart};
pub use zones::{Places, ShippingTax, TaxRate, TaxRules, TaxZone};

/// Where the taxes of a basket come from. An order keeps a copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Taxation {
    /// The store's own zones and rates.
    #[serde(rename_all = "camelCase")]
    Rules {
        /// The zones and rates.
        rules: TaxRules,
        /// Who lives where.
        places: Places,
        /// Whether the customer, or the organization that it buys for, pays no tax. From prices that
        /// include tax it is taken off.
        #[serde(default)]
        exempt: bool,
    },
    /// A tax provider's answer.
    External(Vec<ExternalTax>),
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
}

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
    ) -> Result<(Vec<Taxed>, Option<Taxed>), Problem> {
        match self {
            Self::Rules { rules, places, exempt } => {
                let zone = rules.zone(places.taxed());
                let rates = |category| zone.map(|zone| zone.rates_of(category)).unwrap_or_default();
                let tax =
                    |amount, units, category| Taxed::by_rates(amount, units, &rates(category), mode, rounding, *exempt);
                let taxed = lines.iter().map(|line| tax(line.amount, line.units, line.category));
                let taxed = taxed.collect::<Result<Vec<Taxed>, _>>()?;
                let shipping = match (shipping, rules.shipping) {
                    (None, _) => None,
                    (Some(amount), ShippingTax::ByLines) if !lines.is_empty() => {
                        let weights: Vec<u64> = lines.iter().map(|line| line.amount.minor().unsigned_abs()).collect();
                        let shares = amount.allocate(&weights)?;
                        // What is taxed alike is taxed together, so that it is rounded once.
                        let mut groups: Vec<(Vec<&TaxRate>, Option<TaxCategoryId>, Money)> = Vec::new();
                        for (line, share) in lines.iter().zip(shares) {
                            let rates = rates(line.category);
                            match groups.iter_mut().find(|(known, ..)| *known == rates) {
                                Some((_, _, sum)) => *sum = sum.checked_add(share)?,
                                None => groups.push((rates, line.category, share)),
                            }
                        }
                        let mut groups = groups.into_iter().map(|(_, category, share)| tax(share, 1, category));
                        let first = groups.next().unwrap_or_else(|| tax(amount, 1, None))?;
                        Some(groups.try_fold(first, |sum, group| sum.and(group?))?)
                    }
                    (Some(amount), ShippingTax::Category(category)) => Some(tax(amount, 1, category)?),
                    (Some(amount), ShippingTax::ByLines) => Some(tax(amount, 1, None)?),
                };
                Ok((taxed, shipping))
            }
            Self::External(taxes) => {
                for (index, tax) in taxes.iter().enumerate() {
                    let is_there = match tax.on {
                        TaxedPart::Line(line) => line < lines.len(),
                        TaxedPart::Shipping => shipping.is_some(),
                    };
                    if !is_there {
                        let path = format!("taxes.{index}.on");
                        return Err(Problem::new(ErrorCode::Invalid, &path, "there is no such line or shipping"));
                    }
                }
                let on = |amount, part| external::taxed(amount, taxes, part, mode);
                let lines = lines.iter().enumerate().map(|(index, line)| on(line.amount, TaxedPart::Line(index)));
                let shipping = shipping.map(|amount| on(amount, TaxedPart::Shipping)).transpose()?;
                Ok((lines.collect::<Result<_, _>>()?, shipping))
            }
        }
    }
}

#[cfg(test)]
mod tests;
