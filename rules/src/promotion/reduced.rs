//! The basket as reduced so far: what each unit, each line and shipping still cost (rule P1).

use std::cmp::Reverse;

use super::selector::Selector;
use crate::basket::Basket;
use crate::ids::ProductVariantId;
use crate::money::{Money, MoneyError};

/// Units of one line that cost the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// The line's place in the basket.
    pub line: usize,
    /// How many.
    pub units: i64,
    /// What each costs.
    pub price: Money,
}

/// Some units of a run, and what they get off together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// The run's place.
    pub run: usize,
    /// How many of its units.
    pub units: i64,
    /// What these get off together, at the most what they cost.
    pub amount: Money,
}

/// The basket as reduced so far.
#[derive(Debug, Clone)]
pub(super) struct Reduced<'a> {
    basket: &'a Basket,
    /// By line; inside a line the dearest first. Line promotions alone change them.
    runs: Vec<Run>,
    /// What each line costs.
    lines: Vec<Money>,
    subtotal: Money,
    shipping: Option<Money>,
    gifts: Vec<(ProductVariantId, i64)>,
}

impl<'a> Reduced<'a> {
    /// The basket, with nothing off.
    pub fn new(basket: &'a Basket) -> Result<Self, MoneyError> {
        let run = |(line, content): (usize, &crate::basket::Line)| Run {
            line,
            units: i64::from(content.quantity),
            price: content.unit_price,
        };
        Ok(Self {
            basket,
            runs: basket.lines.iter().enumerate().map(run).collect(),
            lines: basket.lines.iter().map(|line| line.amount()).collect::<Result<_, _>>()?,
            subtotal: basket.subtotal()?,
            shipping: basket.shipping.as_ref().map(|shipping| shipping.amount),
            gifts: Vec::new(),
        })
    }

    /// The basket as it was.
    pub fn basket(&self) -> &'a Basket {
        self.basket
    }

    /// All runs, by line.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// What each line costs.
    pub fn lines(&self) -> &[Money] {
        &self.lines
    }

    /// What all lines cost.
    pub fn subtotal(&self) -> Money {
        self.subtotal
    }

    /// What shipping costs; `None` until a way to ship is chosen.
    pub fn shipping(&self) -> Option<Money> {
        self.shipping
    }

    /// What the chosen lines cost.
    pub fn amount_of(&self, of: &Selector) -> Result<Money, MoneyError> {
        if of.any_of.is_empty() && of.except.is_empty() {
            return Ok(self.subtotal);
        }
        let chosen = self.basket.lines.iter().zip(&self.lines).filter(|(line, _)| of.matches(line));
        Money::sum(self.basket.currency, chosen.map(|(_, amount)| *amount))
    }

    /// How many units of a variant were given away so far.
    pub fn given(&self, variant: ProductVariantId) -> i64 {
        self.gifts.iter().filter(|(given, _)| *given == variant).map(|(_, units)| units).sum()
    }

    /// Notes a gift.
    pub fn give(&mut self, variant: ProductVariantId, units: i64) {
        self.gifts.push((variant, units));
    }

    /// Takes an amount off shipping.
    pub fn cut_shipping(&mut self, amount: Money) -> Result<(), MoneyError> {
        self.shipping = self.shipping.map(|shipping| shipping.checked_sub(amount)).transpose()?;
        Ok(())
    }

    /// Takes each line's share of an order discount off it. The runs stay: no line promotion follows.
    pub fn cut_lines(&mut self, shares: &[Money]) -> Result<(), MoneyError> {
        for (line, share) in self.lines.iter_mut().zip(shares) {
            *line = line.checked_sub(*share)?;
            self.subtotal = self.subtotal.checked_sub(*share)?;
        }
        Ok(())
    }

    /// Takes cuts off units. The cuts are in the order of their runs, one a run at the most.
    ///
    /// What the units of a cut still cost is spread over them as evenly as it goes, so that every run
    /// stays exact.
    pub fn cut_units(&mut self, cuts: &[Cut]) -> Result<(), MoneyError> {
        let mut runs = Vec::with_capacity(self.runs.len() + 2 * cuts.len());
        let mut cuts = cuts.iter().peekable();
        for (index, run) in self.runs.iter().enumerate() {
            let Some(cut) = cuts.next_if(|cut| cut.run == index) else {
                runs.push(*run);
                continue;
            };
            let (price, dearer) = run.price.times(cut.units)?.checked_sub(cut.amount)?.evenly(cut.units)?;
            let one_more = Money::from_minor(1, price.currency());
            runs.push(Run { units: run.units - cut.units, ..*run });
            runs.push(Run { units: dearer, price: price.checked_add(one_more)?, ..*run });
            runs.push(Run { units: cut.units - dearer, price, ..*run });
            self.lines[run.line] = self.lines[run.line].checked_sub(cut.amount)?;
            self.subtotal = self.subtotal.checked_sub(cut.amount)?;
        }
        runs.retain(|run| run.units > 0);
        runs.sort_by_key(|run| (run.line, Reverse(run.price.minor())));
        runs.dedup_by(|next, run| {
            let same = next.line == run.line && next.price == run.price;
            if same {
                run.units += next.units;
            }
            same
        });
        self.runs = runs;
        Ok(())
    }
}
