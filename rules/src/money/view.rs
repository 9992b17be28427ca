//! Money in the schema.

use async_graphql::{InputObject, Object};

use super::Money;
use crate::currency::Currency;
use crate::decimal::Decimal;
use crate::problem::Problem;

/// An amount in one currency.
#[Object(name = "Money")]
impl Money {
    /// The amount, with the currency's own number of decimals: "12.90" EUR, "1290" JPY, "1.290" KWD.
    #[graphql(name = "amount")]
    async fn amount_field(&self) -> Decimal {
        self.amount()
    }

    /// The currency that the amount is in.
    async fn currency_code(&self) -> Currency {
        self.currency()
    }
}

/// An amount in one currency, as it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, InputObject)]
pub struct MoneyInput {
    /// The amount, with at most as many decimals as the currency has: "12.90" for EUR.
    pub amount: Decimal,
    /// The currency that the amount is in.
    pub currency_code: Currency,
}

impl MoneyInput {
    /// The amount, exactly as it was sent.
    ///
    /// # Errors
    /// As [`Money::try_from_decimal`], with the path `amount`.
    pub fn to_money(self) -> Result<Money, Problem> {
        Money::try_from_decimal(self.amount, self.currency_code).map_err(|problem| problem.under("amount"))
    }
}
