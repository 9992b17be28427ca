//! The equations that hold on every order (rule T4).

use super::Totals;
use super::lines::AppliedDiscount;
use crate::money::{Money, MoneyError, TaxMode};

/// An equation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Imbalance {
    /// Two sides differ.
    #[error("{what} {place}: {left} is not {right}")]
    Differs {
        /// Which equation.
        what: &'static str,
        /// On which line; the lines come first, then shipping, then the whole.
        place: usize,
        /// One side.
        left: Money,
        /// The other.
        right: Money,
    },
    /// An amount is below nothing.
    #[error("{what} {place}: {amount} is below nothing")]
    Negative {
        /// Which amount.
        what: &'static str,
        /// On which line, as above.
        place: usize,
        /// The amount.
        amount: Money,
    },
    /// A sum is beyond counting.
    #[error(transparent)]
    Uncountable(#[from] MoneyError),
}

/// What is the same for lines and shipping.
struct Entry<'a> {
    place: usize,
    price: Money,
    discounts: &'a [AppliedDiscount],
    discount: Money,
    amount: Money,
    net: Money,
    tax: Money,
    gross: Money,
    exempted: Money,
    taxes: Vec<Money>,
}

impl Totals {
    /// Whether everything adds up: on each line and on shipping price − discounts = amount,
    /// net + tax = gross and the taxes sum to the tax; over the whole, lines − discounts + shipping +
    /// added tax = total, and the summary of taxes sums to the tax. Nothing is below nothing.
    ///
    /// # Errors
    /// The first equation that does not hold.
    pub fn check(&self) -> Result<(), Imbalance> {
        let whole = self.lines.len() + 1;
        let entries: Vec<Entry<'_>> = self.entries();
        let sum =
            |of: fn(&Entry<'_>) -> Money, entries: &[Entry<'_>]| Money::sum(self.currency, entries.iter().map(of));
        for entry in &entries {
            self.check_entry(entry)?;
        }
        let lines = &entries[..self.lines.len()];
        equal("the prices of the lines", whole, sum(|line| line.price, lines)?, self.subtotal)?;
        equal("the discounts of the lines", whole, sum(|line| line.discount, lines)?, self.discount)?;
        equal("the net amounts", whole, sum(|entry| entry.net, &entries)?, self.net)?;
        equal("the taxes", whole, sum(|entry| entry.tax, &entries)?, self.tax)?;
        equal("the exempted taxes", whole, sum(|entry| entry.exempted, &entries)?, self.tax_exempted)?;
        equal("what the buyer pays", whole, sum(|entry| entry.gross, &entries)?, self.total)?;
        let by_rate = Money::sum(self.currency, self.taxes.iter().map(|tax| tax.tax))?;
        equal("the summary of taxes", whole, by_rate, self.tax)?;

        let shipping = self.shipping_price.checked_sub(self.shipping_discount)?;
        let goods = self.subtotal.checked_sub(self.discount)?;
        let tax = self.tax_added.checked_sub(self.tax_exempted)?;
        let total = goods.checked_add(shipping)?.checked_add(tax)?;
        equal("lines − discounts + shipping + tax", whole, total, self.total)?;
        equal("net and tax", whole, self.net.checked_add(self.tax)?, self.total)
    }

    fn check_entry(&self, entry: &Entry<'_>) -> Result<(), Imbalance> {
        let place = entry.place;
        let off = Money::sum(self.currency, entry.discounts.iter().map(|discount| discount.amount))?;
        equal("discounts", place, off, entry.discount)?;
        equal("price − discounts", place, entry.price.checked_sub(entry.discount)?, entry.amount)?;
        equal("net and tax", place, entry.net.checked_add(entry.tax)?, entry.gross)?;
        equal("taxes", place, Money::sum(self.currency, entry.taxes.iter().copied())?, entry.tax)?;
        let to_pay = match self.tax_mode {
            TaxMode::Net => entry.net,
            TaxMode::Gross => entry.gross.checked_add(entry.exempted)?,
        };
        equal("amount and price to pay", place, to_pay, entry.amount)?;
        for (what, amount) in [("amount", entry.amount), ("net", entry.net), ("tax", entry.tax)] {
            if amount.is_negative() {
                return Err(Imbalance::Negative { what, place, amount });
            }
        }
        Ok(())
    }

    fn entries(&self) -> Vec<Entry<'_>> {
        let lines = self.lines.iter().enumerate().map(|(place, line)| Entry {
            place,
            price: line.price,
            discounts: &line.discounts,
            discount: line.discount,
            amount: line.amount,
            net: line.net,
            tax: line.tax,
            gross: line.gross,
            exempted: line.tax_exempted,
            taxes: line.taxes.iter().map(|tax| tax.tax).collect(),
        });
        let shipping = self.shipping.iter().map(|shipping| Entry {
            place: self.lines.len(),
            price: shipping.price,
            discounts: &shipping.discounts,
            discount: shipping.discount,
            amount: shipping.amount,
            net: shipping.net,
            tax: shipping.tax,
            gross: shipping.gross,
            exempted: shipping.tax_exempted,
            taxes: shipping.taxes.iter().map(|tax| tax.tax).collect(),
        });
        lines.chain(shipping).collect()
    }
}

fn equal(what: &'static str, place: usize, left: Money, right: Money) -> Result<(), Imbalance> {
    if left == right { Ok(()) } else { Err(Imbalance::Differs { what, place, left, right }) }
}
