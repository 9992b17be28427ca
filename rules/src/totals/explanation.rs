//! How the total comes together, step by step, for people.

use serde::{Deserialize, Serialize};

use super::Totals;
use super::lines::AppliedDiscount;
use crate::decimal::Decimal;
use crate::ids::PromotionId;
use crate::money::{Money, MoneyError, TaxMode};

/// One step on the way to the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// What it adds, or takes off.
    pub amount: Money,
    /// What it comes to after it. After the last step it is the total.
    pub so_far: Money,
}

/// What a step is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum StepKind {
    /// What a line costs before discounts.
    Line {
        /// The line's place in the totals.
        line: usize,
    },
    /// What a promotion takes off a line.
    Discount {
        /// The line's place in the totals.
        line: usize,
        /// The promotion.
        promotion: PromotionId,
        /// What buyers see it called.
        name: String,
        /// The code that was given for it.
        code: Option<String>,
    },
    /// What shipping costs before discounts.
    Shipping,
    /// What a promotion takes off shipping.
    ShippingDiscount {
        /// The promotion.
        promotion: PromotionId,
        /// What buyers see it called.
        name: String,
        /// The code that was given for it.
        code: Option<String>,
    },
    /// A tax that comes on top.
    Tax {
        /// What it is called.
        name: String,
        /// The number that the net was multiplied by.
        rate: Decimal,
    },
    /// The tax inside the prices that the buyer does not pay.
    TaxExempted,
}

impl Totals {
    /// How the total comes together. Steps that change nothing are left out, but for the lines.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn explain(&self) -> Result<Vec<Step>, MoneyError> {
        let mut steps = Steps { steps: Vec::new(), so_far: Money::zero(self.currency) };
        for (line, total) in self.lines.iter().enumerate() {
            steps.add(StepKind::Line { line }, total.price)?;
            for discount in &total.discounts {
                let AppliedDiscount { promotion, name, code, amount, .. } = discount.clone();
                steps.add(StepKind::Discount { line, promotion, name, code }, amount.checked_neg()?)?;
            }
        }
        if let Some(shipping) = &self.shipping {
            steps.add(StepKind::Shipping, shipping.price)?;
            for discount in &shipping.discounts {
                let AppliedDiscount { promotion, name, code, amount, .. } = discount.clone();
                steps.add(StepKind::ShippingDiscount { promotion, name, code }, amount.checked_neg()?)?;
            }
        }
        if self.tax_mode == TaxMode::Net {
            for tax in &self.taxes {
                if let Some(name) = &tax.name {
                    steps.add(StepKind::Tax { name: name.clone(), rate: tax.rate }, tax.tax)?;
                }
            }
        }
        if !self.tax_exempted.is_zero() {
            steps.add(StepKind::TaxExempted, self.tax_exempted.checked_neg()?)?;
        }
        Ok(steps.steps)
    }
}

struct Steps {
    steps: Vec<Step>,
    so_far: Money,
}

impl Steps {
    fn add(&mut self, kind: StepKind, amount: Money) -> Result<(), MoneyError> {
        self.so_far = self.so_far.checked_add(amount)?;
        self.steps.push(Step { kind, amount, so_far: self.so_far });
        Ok(())
    }
}
