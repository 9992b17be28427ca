//! One amount per currency, as a merchant sets it: nothing is ever converted (rule M1).

use serde::{Deserialize, Serialize};

use super::Money;
use crate::currency::Currency;
use crate::problem::{ErrorCode, Problem};

/// Amounts in different currencies that stand for each other, such as 5.00 EUR and 6.00 USD.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PerCurrency(Vec<Money>);

impl PerCurrency {
    /// Amounts, at the most one in each currency.
    ///
    /// # Errors
    /// `DUPLICATE` for a second amount in a currency, `OUT_OF_RANGE` for one below nothing; the path
    /// is the place in the list.
    pub fn try_new(mut amounts: Vec<Money>) -> Result<Self, Problem> {
        for (index, amount) in amounts.iter().enumerate() {
            let path = index.to_string();
            if amount.is_negative() {
                return Err(Problem::new(ErrorCode::OutOfRange, &path, format!("{amount} is below nothing")));
            }
            if amounts[..index].iter().any(|earlier| earlier.currency() == amount.currency()) {
                let message = format!("there are two amounts in {}: leave one", amount.currency());
                return Err(Problem::new(ErrorCode::Duplicate, &path, message));
            }
        }
        // The order means nothing, so that equal sets are written alike.
        amounts.sort_by_key(|amount| amount.currency());
        Ok(Self(amounts))
    }

    /// The amount in a currency; `None` where the merchant gave none.
    pub fn in_currency(&self, currency: Currency) -> Option<Money> {
        self.0.iter().copied().find(|amount| amount.currency() == currency)
    }

    /// All of them, in the order of their currencies.
    pub fn all(&self) -> &[Money] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Money> for PerCurrency {
    fn from(amount: Money) -> Self {
        Self(vec![amount])
    }
}
