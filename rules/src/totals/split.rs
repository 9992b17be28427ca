//! Shipping over the groups of goods that it ships, each with a price of its own.

use super::ShippingTotal;
use crate::money::{Money, MoneyError, TaxMode};

/// What one group's shipping comes to. The parts of a [`ShippingTotal`] sum to it, field by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShippingPart {
    /// What it costs before discounts.
    pub price: Money,
    /// What is off.
    pub discount: Money,
    /// What is left, in the store's tax mode.
    pub amount: Money,
    /// The same without tax.
    pub net: Money,
    /// All taxes on it.
    pub tax: Money,
    /// Net and tax.
    pub gross: Money,
    /// The tax that was inside the price and is taken off for who pays none.
    pub tax_exempted: Money,
}

impl ShippingTotal {
    /// The same by groups with these prices: discounts by price, and taxes by what is left (rule M4). No part of
    /// any group is below nothing.
    ///
    /// # Errors
    /// `CurrencyMismatch`; `Overflow`, also for prices that do not sum to that of shipping.
    pub fn split(&self, prices: &[Money], mode: TaxMode) -> Result<Vec<ShippingPart>, MoneyError> {
        if Money::sum(self.price.currency(), prices.iter().copied())? != self.price {
            return Err(MoneyError::Overflow);
        }
        if prices.is_empty() {
            return Ok(Vec::new());
        }
        let discounts = self.discount.allocate(&weights(prices))?;
        let amounts = prices.iter().zip(&discounts).map(|(price, off)| price.checked_sub(*off));
        let amounts = amounts.collect::<Result<Vec<Money>, _>>()?;
        let taxes = self.tax.allocate(&weights(&amounts))?;
        let exempted = self.tax_exempted.allocate(&weights(&amounts))?;
        let part = |place: usize| {
            let (amount, tax, tax_exempted) = (amounts[place], taxes[place], exempted[place]);
            let net = match mode {
                TaxMode::Net => amount,
                TaxMode::Gross => amount.checked_sub(tax)?.checked_sub(tax_exempted)?,
            };
            let gross = net.checked_add(tax)?;
            Ok(ShippingPart { price: prices[place], discount: discounts[place], amount, net, tax, gross, tax_exempted })
        };
        (0..prices.len()).map(part).collect()
    }
}

fn weights(amounts: &[Money]) -> Vec<u64> {
    amounts.iter().map(|amount| amount.minor().unsigned_abs()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    proptest! {
        #[test]
        fn rule_m4_the_parts_of_shipping_sum_to_it_and_none_is_below_nothing(
            prices in prop::collection::vec(prop_oneof![Just(0), Just(1), 1..2_000_i64], 1..5),
            off in 0..=100_i64,
            rate in 0..=99_i64,
            gross: bool,
            exempt: bool,
        ) {
            let price: i64 = prices.iter().sum();
            let discount = price * off / 100;
            let amount = price - discount;
            let tax_inside = amount * rate / 100;
            let mode = if gross { TaxMode::Gross } else { TaxMode::Net };
            let (net, tax, exempted) = match (mode, exempt) {
                (TaxMode::Gross, true) => (amount - tax_inside, 0, tax_inside),
                (TaxMode::Gross, false) => (amount - tax_inside, tax_inside, 0),
                (TaxMode::Net, _) => (amount, tax_inside, 0),
            };
            let whole = ShippingTotal {
                rate: None,
                price: eur(price),
                discounts: Vec::new(),
                discount: eur(discount),
                amount: eur(amount),
                net: eur(net),
                tax: eur(tax),
                gross: eur(net + tax),
                tax_exempted: eur(exempted),
                taxes: Vec::new(),
            };
            let prices: Vec<Money> = prices.into_iter().map(eur).collect();
            let parts = whole.split(&prices, mode).expect("parts");
            let sum = |of: fn(&ShippingPart) -> Money| parts.iter().map(|part| of(part).minor()).sum::<i64>();
            prop_assert_eq!(sum(|part| part.price), price);
            prop_assert_eq!(sum(|part| part.discount), discount);
            prop_assert_eq!(sum(|part| part.amount), amount);
            prop_assert_eq!(sum(|part| part.net), net);
            prop_assert_eq!(sum(|part| part.tax), tax);
            prop_assert_eq!(sum(|part| part.gross), net + tax);
            prop_assert_eq!(sum(|part| part.tax_exempted), exempted);
            for part in &parts {
                for amount in [part.discount, part.amount, part.net, part.tax, part.tax_exempted] {
                    prop_assert!(!amount.is_negative(), "{part:?}");
                }
            }
        }
    }

    #[test]
    fn prices_that_are_not_those_of_shipping_are_refused() {
        let whole = ShippingTotal {
            rate: None,
            price: eur(10),
            discounts: Vec::new(),
            discount: eur(0),
            amount: eur(10),
            net: eur(10),
            tax: eur(0),
            gross: eur(10),
            tax_exempted: eur(0),
            taxes: Vec::new(),
        };
        assert!(whole.split(&[eur(4), eur(5)], TaxMode::Net).is_err());
    }
}
