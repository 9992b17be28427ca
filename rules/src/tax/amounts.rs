//! Net, tax and gross of an amount (rule T2).

use serde::{Deserialize, Serialize};

use super::zones::TaxRate;
use crate::currency::Currency;
use crate::decimal::Decimal;
use crate::money::{Money, MoneyError, Rounding, TaxMode};

/// The most decimals that a rate has.
pub const MAX_DECIMALS: u32 = 6;

/// An amount with its taxes. Gross is always net and tax, and tax the sum of its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Taxed {
    /// Without tax.
    pub net: Money,
    /// All taxes.
    pub tax: Money,
    /// With tax: what the buyer pays.
    pub gross: Money,
    /// The tax that was inside the price and is taken off for who pays none.
    pub exempted: Money,
    /// Each tax by its name and rate, and last what none lies on.
    pub parts: Vec<TaxPart>,
}

/// One tax on something, or over a whole order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxPart {
    /// What it is called; `None` for what no tax lies on.
    pub name: Option<String>,
    /// The number that the net was multiplied by.
    pub rate: Decimal,
    /// What it lies on, without tax. Where two taxes lie on the same, it stands at both.
    pub net: Money,
    /// How much it is.
    pub tax: Money,
}

/// A rate in millionths, as it is stored; `None` below nothing, with more decimals, or beyond all reason.
pub fn millionths(rate: Decimal) -> Option<u64> {
    let rate = rate.normalized();
    let factor = 10_i128.pow(MAX_DECIMALS.checked_sub(rate.scale())?);
    // A thousand times the net is no tax.
    rate.mantissa().checked_mul(factor).filter(|all| *all <= 1_000_000_000).and_then(|all| u64::try_from(all).ok())
}

/// The rate of so many millionths, without zeros at its end.
pub fn from_millionths(millionths: u64) -> Decimal {
    // Twenty digits and six decimals always fit.
    Decimal::from_parts(millionths.into(), MAX_DECIMALS).unwrap_or(Decimal::ZERO).normalized()
}

impl Taxed {
    /// An amount that no tax lies on.
    pub(super) fn untaxed(amount: Money) -> Self {
        let zero = Money::zero(amount.currency());
        let part = TaxPart { name: None, rate: Decimal::ZERO, net: amount, tax: zero };
        Self { net: amount, tax: zero, gross: amount, exempted: zero, parts: vec![part] }
    }

    /// The taxes on what units cost together, rounded as the store has it (rule M4).
    ///
    /// Where prices are net each tax is rounded for itself; where they are gross the taxes inside are
    /// rounded together and split by their rates, so that the gross stays what the buyer saw.
    ///
    /// # Errors
    /// `Overflow`, also for rates that `TaxRules::check` refuses.
    pub(super) fn by_rates(
        amount: Money,
        units: i64,
        rates: &[&TaxRate],
        mode: TaxMode,
        rounding: Rounding,
        exempt: bool,
    ) -> Result<Self, MoneyError> {
        let zero = Money::zero(amount.currency());
        let weights: Option<Vec<u64>> = rates.iter().map(|rate| millionths(rate.rate)).collect();
        let weights = weights.ok_or(MoneyError::Overflow)?;
        if rates.is_empty() || (exempt && mode == TaxMode::Net) {
            return Ok(Self::untaxed(amount));
        }
        let amounts = match mode {
            TaxMode::Net => {
                let tax = |rate: &&TaxRate| rounding.of_units(amount, units, rate.rate);
                rates.iter().map(tax).collect::<Result<Vec<Money>, _>>()?
            }
            TaxMode::Gross => {
                let all = Decimal::from_parts(i128::from(weights.iter().sum::<u64>()), MAX_DECIMALS);
                rounding.within_units(amount, units, all.ok_or(MoneyError::Overflow)?)?.allocate(&weights)?
            }
        };
        let tax = Money::sum(amount.currency(), amounts.iter().copied())?;
        let (net, gross) = match mode {
            TaxMode::Net => (amount, amount.checked_add(tax)?),
            TaxMode::Gross => (amount.checked_sub(tax)?, amount),
        };
        if exempt {
            return Ok(Self { exempted: tax, ..Self::untaxed(net) });
        }
        let part =
            |(rate, tax): (&&TaxRate, Money)| TaxPart { name: Some(rate.name.clone()), rate: rate.rate, net, tax };
        let parts = rates.iter().zip(amounts).map(part).collect();
        Ok(Self { net, tax, gross, exempted: zero, parts })
    }

    /// What was taxed apart and belongs together.
    pub(super) fn together(currency: Currency, apart: Vec<Self>) -> Result<Self, MoneyError> {
        let sum = |of: fn(&Self) -> Money| Money::sum(currency, apart.iter().map(of));
        Ok(Self {
            net: sum(|taxed| taxed.net)?,
            tax: sum(|taxed| taxed.tax)?,
            gross: sum(|taxed| taxed.gross)?,
            exempted: sum(|taxed| taxed.exempted)?,
            parts: TaxPart::sum_up(apart.iter().flat_map(|taxed| &taxed.parts))?,
        })
    }
}

impl TaxPart {
    /// Parts of the same name and rate as one, in the order in which they first appear; what no tax
    /// lies on is last.
    ///
    /// # Errors
    /// `Overflow`, `CurrencyMismatch`.
    pub(crate) fn sum_up<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Result<Vec<Self>, MoneyError> {
        let mut sums: Vec<Self> = Vec::new();
        for part in parts {
            match sums.iter_mut().find(|sum| sum.name == part.name && sum.rate == part.rate) {
                Some(sum) => {
                    sum.net = sum.net.checked_add(part.net)?;
                    sum.tax = sum.tax.checked_add(part.tax)?;
                }
                None => sums.push(part.clone()),
            }
        }
        sums.sort_by_key(|sum| sum.name.is_none());
        Ok(sums)
    }
}
