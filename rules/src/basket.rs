//! A basket: what somebody is about to buy, as facts.
//!
//! Owns the one form in which cart, preview and order hand their lines to promotions, taxes and
//! totals, so that all three get the same answer (rule P6). Never decides anything, and never names
//! a row of a cart or order: a line is known by its place.
//!
//! A new fact about a line or a buyer is a field here, with a default, so that orders that were
//! frozen before it still read.

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::ids::{
    BrandId, CategoryId, CollectionId, CustomerId, ProductId, ProductVariantId, SegmentId, ShippingRateId, TagId,
    TaxCategoryId,
};
use crate::money::{Money, MoneyError, Rounding, TaxMode};
use crate::problem::{ErrorCode, Problem};

/// What somebody is about to buy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Basket {
    /// The one currency of all its amounts (rule M3).
    pub currency: Currency,
    /// Whether its prices include tax (rule T1).
    pub tax_mode: TaxMode,
    /// How the store rounds (rule M4).
    pub rounding: Rounding,
    /// The lines, in the order in which the buyer sees them. Gifts of promotions are not among them.
    pub lines: Vec<Line>,
    /// What shipping costs before promotions; `None` until a way to ship is chosen.
    #[serde(default)]
    pub shipping: Option<ShippingCharge>,
    /// The discount codes, as the buyer typed them.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Who buys.
    #[serde(default)]
    pub buyer: Buyer,
    /// The country that it goes to, two letters.
    #[serde(default)]
    pub country: Option<String>,
    /// Where it is sold, such as `web`.
    #[serde(default)]
    pub channel: Option<String>,
}

/// Some units of one variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What is bought.
    pub variant: ProductVariantId,
    /// The product that it is a version of.
    pub product: ProductId,
    /// Its maker.
    #[serde(default)]
    pub brand: Option<BrandId>,
    /// Its categories, with all that these lie in.
    #[serde(default)]
    pub categories: Vec<CategoryId>,
    /// The collections that it is in.
    #[serde(default)]
    pub collections: Vec<CollectionId>,
    /// What it is marked with.
    #[serde(default)]
    pub tags: Vec<TagId>,
    /// What it is to the tax office; `None` is the ordinary kind.
    #[serde(default)]
    pub tax_category: Option<TaxCategoryId>,
    /// Whether no tax lies on it anywhere, whatever its category.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub untaxed: bool,
    /// How many, at least one.
    pub quantity: u32,
    /// What one costs, in the store's tax mode.
    pub unit_price: Money,
}

/// What shipping costs before promotions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingCharge {
    /// The rate that was chosen.
    #[serde(default)]
    pub rate: Option<ShippingRateId>,
    /// What it costs, in the store's tax mode.
    pub amount: Money,
}

/// Who buys, as far as prices and promotions ask.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Buyer {
    /// The customer, where one is known.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The segments that the customer belongs to.
    #[serde(default)]
    pub segments: Vec<SegmentId>,
    /// Whether nothing was bought before under this customer or e-mail address.
    #[serde(default)]
    pub first_order: bool,
}

impl Basket {
    /// Whether the basket can be counted with at all.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` for a line without units, an amount below nothing, and sums beyond counting;
    /// `INVALID` for an amount in another currency (rule M1: never a silent conversion).
    pub fn check(&self) -> Result<(), Problem> {
        for (index, line) in self.lines.iter().enumerate() {
            let path = format!("lines.{index}");
            if line.quantity == 0 {
                return Err(Problem::new(ErrorCode::OutOfRange, &path, "a line has one unit at least: remove it"));
            }
            self.check_amount(line.unit_price).map_err(|problem| problem.under(&path))?;
        }
        if let Some(shipping) = &self.shipping {
            self.check_amount(shipping.amount).map_err(|problem| problem.under("shipping"))?;
        }
        let shipping = self.shipping.as_ref().map_or(Money::zero(self.currency), |shipping| shipping.amount);
        self.subtotal().and_then(|subtotal| subtotal.checked_add(shipping))?;
        Ok(())
    }

    fn check_amount(&self, amount: Money) -> Result<(), Problem> {
        if amount.currency() != self.currency {
            let message = format!("{amount} is not in the currency of the basket, {}", self.currency);
            return Err(Problem::new(ErrorCode::Invalid, "", message));
        }
        if amount.is_negative() {
            return Err(Problem::new(ErrorCode::OutOfRange, "", format!("{amount} is below nothing")));
        }
        Ok(())
    }

    /// What all lines cost before promotions, without shipping.
    ///
    /// # Errors
    /// `Overflow`, `CurrencyMismatch`.
    pub fn subtotal(&self) -> Result<Money, MoneyError> {
        self.lines.iter().try_fold(Money::zero(self.currency), |sum, line| sum.checked_add(line.amount()?))
    }

    /// How many units of a variant there are, all lines together (rule M2).
    pub fn units_of(&self, variant: ProductVariantId) -> i64 {
        self.lines.iter().filter(|line| line.variant == variant).map(|line| i64::from(line.quantity)).sum()
    }
}

impl Line {
    /// What the line costs before promotions.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn amount(&self) -> Result<Money, MoneyError> {
        self.unit_price.times(i64::from(self.quantity))
    }
}
