//! What must be so for a promotion to be applied (rule P3).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::explanation::Unmet;
use super::reduced::Reduced;
use super::selector::Selector;
use crate::currency::Currency;
use crate::ids::SegmentId;
use crate::money::{MoneyError, PerCurrency};

/// One condition, or several put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Condition {
    /// All of these hold; an empty list always does.
    All(Vec<Condition>),
    /// One of these holds at least.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
    /// The chosen lines cost so much at least, as reduced so far; the amount itself is enough.
    #[serde(rename_all = "camelCase")]
    Subtotal {
        /// The least that they cost.
        at_least: PerCurrency,
        /// Which lines count.
        #[serde(default)]
        of: Selector,
    },
    /// There are so many units at least on the chosen lines.
    #[serde(rename_all = "camelCase")]
    Quantity {
        /// The least number of units.
        at_least: u32,
        /// Which lines count.
        #[serde(default)]
        of: Selector,
    },
    /// There is one of the chosen lines at least.
    Contains(Selector),
    /// The buyer belongs to one of the segments.
    Segments(Vec<SegmentId>),
    /// The buyer has bought nothing before.
    FirstOrder,
    /// The basket is in one of the currencies.
    Currencies(Vec<Currency>),
    /// It goes to one of the countries.
    Countries(Vec<String>),
    /// It is bought in one of the channels.
    Channels(Vec<String>),
    /// The moment lies in a window; it holds at `from` and no longer at `until`.
    During {
        /// The first moment; `None` for always.
        #[serde(default)]
        from: Option<DateTime<Utc>>,
        /// The first moment after it; `None` for never.
        #[serde(default)]
        until: Option<DateTime<Utc>>,
    },
    /// One of the promotion's codes is given, and may be used.
    CodeGiven,
}

/// What a condition is tested on.
pub(super) struct Facts<'a> {
    /// The basket as reduced so far (rule P1).
    pub reduced: &'a Reduced<'a>,
    /// The moment.
    pub at: DateTime<Utc>,
    /// Whether one of the promotion's codes is given, and may be used.
    pub code_given: bool,
}

impl Condition {
    /// The condition that always holds.
    pub fn always() -> Self {
        Self::All(Vec::new())
    }

    /// Whether a code has anything to do with it.
    pub fn asks_for_code(&self) -> bool {
        match self {
            Self::All(conditions) | Self::Any(conditions) => conditions.iter().any(Self::asks_for_code),
            Self::Not(condition) => condition.asks_for_code(),
            Self::CodeGiven => true,
            _ => false,
        }
    }

    /// What is missing; `None` where the condition holds.
    pub(super) fn unmet(&self, facts: &Facts<'_>) -> Result<Option<Unmet>, MoneyError> {
        let basket = facts.reduced.basket();
        let unless = |holds: bool, unmet: Unmet| (!holds).then_some(unmet);
        Ok(match self {
            Self::All(conditions) => {
                for condition in conditions {
                    if let Some(unmet) = condition.unmet(facts)? {
                        return Ok(Some(unmet));
                    }
                }
                None
            }
            Self::Any(conditions) => {
                let mut all = Vec::with_capacity(conditions.len());
                for condition in conditions {
                    match condition.unmet(facts)? {
                        Some(unmet) => all.push(unmet),
                        None => return Ok(None),
                    }
                }
                Some(Unmet::Any { all })
            }
            Self::Not(condition) => {
                unless(condition.unmet(facts)?.is_some(), Unmet::Not { about_buyer: condition.is_about_buyer() })
            }
            Self::Subtotal { at_least, of } => match at_least.in_currency(basket.currency) {
                None => Some(Unmet::Currency),
                Some(needed) => {
                    let have = facts.reduced.amount_of(of)?;
                    unless(have.checked_cmp(needed)?.is_ge(), Unmet::Subtotal { needed, have })
                }
            },
            Self::Quantity { at_least, of } => {
                let lines = basket.lines.iter().filter(|line| of.matches(line));
                let have: u64 = lines.map(|line| u64::from(line.quantity)).sum();
                unless(have >= u64::from(*at_least), Unmet::Quantity { needed: *at_least, have })
            }
            Self::Contains(of) => unless(basket.lines.iter().any(|line| of.matches(line)), Unmet::Contains),
            Self::Segments(segments) => {
                let belongs = segments.iter().any(|segment| basket.buyer.segments.contains(segment));
                unless(belongs, Unmet::Segment)
            }
            Self::FirstOrder => unless(basket.buyer.first_order, Unmet::FirstOrder),
            Self::Currencies(currencies) => unless(currencies.contains(&basket.currency), Unmet::Currency),
            Self::Countries(countries) => unless(is_one_of(basket.country.as_ref(), countries), Unmet::Country),
            Self::Channels(channels) => unless(is_one_of(basket.channel.as_ref(), channels), Unmet::Channel),
            Self::During { from, until } => {
                let began = from.is_none_or(|from| from <= facts.at);
                let goes_on = until.is_none_or(|until| facts.at < until);
                unless(began && goes_on, Unmet::Time)
            }
            Self::CodeGiven => unless(facts.code_given, Unmet::Code),
        })
    }

    /// Whether it is the buyer who decides over it, and not what is in the basket (rule P5).
    pub(super) fn is_about_buyer(&self) -> bool {
        match self {
            Self::Segments(_) | Self::FirstOrder => true,
            Self::All(conditions) | Self::Any(conditions) => {
                !conditions.is_empty() && conditions.iter().all(Self::is_about_buyer)
            }
            Self::Not(condition) => condition.is_about_buyer(),
            _ => false,
        }
    }

    /// Whether it may begin to hold when amounts fall, such as "not from 50.00 on". Whatever else
    /// fails on the untouched basket fails on every reduced one.
    pub(super) fn may_hold_later(&self) -> bool {
        self.depends_on_amounts(true)
    }

    fn depends_on_amounts(&self, upright: bool) -> bool {
        match self {
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.iter().any(|condition| condition.depends_on_amounts(upright))
            }
            Self::Not(condition) => condition.depends_on_amounts(!upright),
            Self::Subtotal { .. } => !upright,
            _ => false,
        }
    }

    /// Shows every condition in the tree to `visitor`, with the way to it and how deep it lies.
    pub(super) fn visit<'a>(&'a self, path: &str, depth: usize, visitor: &mut impl FnMut(&'a Self, &str, usize)) {
        visitor(self, path, depth);
        match self {
            Self::All(conditions) => {
                for (index, condition) in conditions.iter().enumerate() {
                    condition.visit(&format!("{path}.all.{index}"), depth + 1, visitor);
                }
            }
            Self::Any(conditions) => {
                for (index, condition) in conditions.iter().enumerate() {
                    condition.visit(&format!("{path}.any.{index}"), depth + 1, visitor);
                }
            }
            Self::Not(condition) => condition.visit(&format!("{path}.not"), depth + 1, visitor),
            _ => {}
        }
    }
}

fn is_one_of(word: Option<&String>, words: &[String]) -> bool {
    word.is_some_and(|word| words.contains(word))
}
