//! How an order's total comes together, out of the terms that are frozen on it (rule P6).

use async_graphql::Enum;
use entity::orders::order_terms;
use rules::ids::PromotionId;
use rules::promotion::Evaluation;
use rules::totals::{Step, StepKind, Terms};
use rules::{Decimal, Money};
use serde::Serialize;

use super::number;
use crate::gate::directives::cost;
use crate::kernel::graph::object;
use crate::kernel::{Error, Result};
use crate::orders::attributes::from_json;
use crate::promotions::preview::{DiscountCodeVerdict, PromotionVerdict};

/// How an order's total comes together. It is worked out again from what was frozen when the order was placed, and
/// ends in the order's total to the last unit.
#[object]
pub struct OrderExplanation {
    /// The version of the rules that it was worked out by.
    rules_version: i32,
    /// Step by step, from nothing to the total.
    #[graphql(directive = cost::apply(1, Some(20)))]
    steps: Vec<OrderStep>,
    /// What came of each promotion that counted when the order was placed.
    #[graphql(directive = cost::apply(1, Some(20)))]
    promotions: Vec<PromotionVerdict>,
    /// What came of each code that was given.
    #[graphql(directive = cost::apply(1, Some(5)))]
    codes: Vec<DiscountCodeVerdict>,
}

impl OrderExplanation {
    /// What the terms of an order come to.
    ///
    /// # Errors
    /// `Internal` for terms that can't be read.
    pub fn read(row: &order_terms::Model) -> Result<Self> {
        let terms: Terms = from_json(&row.terms)?;
        let evaluation: Evaluation = from_json(&row.evaluation)?;
        let totals = terms.work_out().map_err(|problem| Error::internal(problem.to_string()))?.totals;
        let steps = totals.explain().map_err(Error::internal)?;
        Ok(Self {
            rules_version: number(row.rules_version),
            steps: steps.into_iter().map(OrderStep::from).collect(),
            promotions: evaluation.verdicts.into_iter().map(PromotionVerdict).collect(),
            codes: evaluation.codes.into_iter().map(DiscountCodeVerdict).collect(),
        })
    }
}

/// What a step on the way to the total is.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderStepKind {
    /// What a line costs before discounts.
    Line,
    /// What is off a line.
    Discount,
    /// What shipping costs before discounts.
    Shipping,
    /// What is off shipping.
    ShippingDiscount,
    /// A tax that comes on top.
    Tax,
    /// The tax inside the prices that the buyer does not pay.
    TaxExempted,
}

/// One step on the way to the total.
#[object]
#[derive(Clone)]
pub struct OrderStep {
    /// What it is.
    kind: OrderStepKind,
    /// The place of the line among the order's lines, from 0; null for what is about no line.
    line: Option<i32>,
    /// What the discount or tax is called.
    name: Option<String>,
    /// The code that was given for the discount.
    code: Option<String>,
    /// The id of the promotion, or of the staff's own discount.
    promotion_id: Option<PromotionId>,
    /// The number that the net is multiplied by.
    rate: Option<Decimal>,
    /// What it adds, or takes off where it is below zero.
    amount: Money,
    /// What it comes to after it.
    so_far: Money,
}

impl From<Step> for OrderStep {
    fn from(step: Step) -> Self {
        let of = |kind| Self {
            kind,
            line: None,
            name: None,
            code: None,
            promotion_id: None,
            rate: None,
            amount: step.amount,
            so_far: step.so_far,
        };
        match step.kind {
            StepKind::Line { line } => Self { line: Some(number(line)), ..of(OrderStepKind::Line) },
            StepKind::Discount { line, promotion, name, code } => Self {
                line: Some(number(line)),
                name: Some(name),
                code,
                promotion_id: Some(promotion),
                ..of(OrderStepKind::Discount)
            },
            StepKind::Shipping => of(OrderStepKind::Shipping),
            StepKind::ShippingDiscount { promotion, name, code } => {
                Self { name: Some(name), code, promotion_id: Some(promotion), ..of(OrderStepKind::ShippingDiscount) }
            }
            StepKind::Tax { name, rate } => Self { name: Some(name), rate: Some(rate), ..of(OrderStepKind::Tax) },
            StepKind::TaxExempted => of(OrderStepKind::TaxExempted),
        }
    }
}
