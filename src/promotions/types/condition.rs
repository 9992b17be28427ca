//! How conditions look in the schema: one object for each kind, each with its sentence.

use chrono::{DateTime, Utc};
use rules::ids::SegmentId;
use rules::promotion::Condition;
use rules::{Currency, Money};

use super::number;
use super::selection::LineSelection;
use crate::gate::directives::cost;
use crate::interface;
use crate::kernel::graph::object;

interface! {
    /// What must be so for a promotion to be applied.
    pub enum PromotionCondition {
        /// All of several hold.
        All(AllCondition),
        /// One of several holds.
        Any(AnyCondition),
        /// One does not hold.
        Not(NotCondition),
        /// Lines cost so much.
        Subtotal(SubtotalCondition),
        /// There are so many units.
        Quantity(QuantityCondition),
        /// There is such a line.
        Contains(ContainsCondition),
        /// The buyer belongs to a segment.
        Segments(SegmentsCondition),
        /// The buyer has bought nothing before.
        FirstOrder(FirstOrderCondition),
        /// The currency is one of some.
        Currencies(CurrenciesCondition),
        /// It goes to one of some countries.
        Countries(CountriesCondition),
        /// It is bought in one of some channels.
        Channels(ChannelsCondition),
        /// The moment lies in a window.
        During(DuringCondition),
        /// A code is given.
        CodeGiven(CodeGivenCondition),
    }
    fields {
        "summary": "String!" = "The condition as a sentence.",
    }
}

impl From<Condition> for PromotionCondition {
    fn from(condition: Condition) -> Self {
        let summary = condition.to_string();
        let each = |conditions: Vec<Condition>| conditions.into_iter().map(Self::from).collect();
        match condition {
            Condition::All(of) => Self::All(AllCondition { summary, conditions: each(of) }),
            Condition::Any(of) => Self::Any(AnyCondition { summary, conditions: each(of) }),
            Condition::Not(of) => Self::Not(NotCondition { summary, condition: Box::new(Self::from(*of)) }),
            Condition::Subtotal { at_least, of } => {
                Self::Subtotal(SubtotalCondition { summary, at_least: at_least.all().to_vec(), of: of.into() })
            }
            Condition::Quantity { at_least, of } => {
                Self::Quantity(QuantityCondition { summary, at_least: number(at_least), of: of.into() })
            }
            Condition::Contains(of) => Self::Contains(ContainsCondition { summary, of: of.into() }),
            Condition::Segments(segment_ids) => Self::Segments(SegmentsCondition { summary, segment_ids }),
            Condition::FirstOrder => Self::FirstOrder(FirstOrderCondition { summary }),
            Condition::Currencies(currencies) => Self::Currencies(CurrenciesCondition { summary, currencies }),
            Condition::Countries(countries) => Self::Countries(CountriesCondition { summary, countries }),
            Condition::Channels(channels) => Self::Channels(ChannelsCondition { summary, channels }),
            Condition::During { from, until } => Self::During(DuringCondition { summary, from, until }),
            Condition::CodeGiven => Self::CodeGiven(CodeGivenCondition { summary }),
        }
    }
}

/// All of these hold; without any it always does.
#[object]
#[derive(Clone)]
pub struct AllCondition {
    /// The condition as a sentence.
    summary: String,
    /// The conditions.
    #[graphql(directive = cost::apply(1, Some(3)))]
    conditions: Vec<PromotionCondition>,
}

/// One of these holds at least.
#[object]
#[derive(Clone)]
pub struct AnyCondition {
    /// The condition as a sentence.
    summary: String,
    /// The conditions.
    #[graphql(directive = cost::apply(1, Some(3)))]
    conditions: Vec<PromotionCondition>,
}

/// This does not hold.
#[derive(Clone)]
pub struct NotCondition {
    summary: String,
    condition: Box<PromotionCondition>,
}

/// This does not hold.
#[object]
impl NotCondition {
    /// The condition as a sentence.
    fn summary(&self) -> &str {
        &self.summary
    }

    /// What does not hold.
    fn condition(&self) -> PromotionCondition {
        (*self.condition).clone()
    }
}

/// The chosen lines cost so much at least, as reduced by the promotions before; the amount itself is enough.
#[object]
#[derive(Clone)]
pub struct SubtotalCondition {
    /// The condition as a sentence.
    summary: String,
    /// The least that they cost, in each currency that it is given in; it holds in no other.
    #[graphql(directive = cost::apply(1, Some(3)))]
    at_least: Vec<Money>,
    /// Which lines count.
    of: LineSelection,
}

/// There are so many units at least on the chosen lines.
#[object]
#[derive(Clone)]
pub struct QuantityCondition {
    /// The condition as a sentence.
    summary: String,
    /// The least number of units.
    at_least: i32,
    /// Which lines count.
    of: LineSelection,
}

/// There is one of the chosen lines at least.
#[object]
#[derive(Clone)]
pub struct ContainsCondition {
    /// The condition as a sentence.
    summary: String,
    /// Which lines.
    of: LineSelection,
}

/// The buyer belongs to one of the segments.
#[object]
#[derive(Clone)]
pub struct SegmentsCondition {
    /// The condition as a sentence.
    summary: String,
    /// The segments.
    segment_ids: Vec<SegmentId>,
}

/// The buyer has bought nothing before.
#[object]
#[derive(Clone)]
pub struct FirstOrderCondition {
    /// The condition as a sentence.
    summary: String,
}

/// The basket is in one of the currencies.
#[object]
#[derive(Clone)]
pub struct CurrenciesCondition {
    /// The condition as a sentence.
    summary: String,
    /// The currencies.
    currencies: Vec<Currency>,
}

/// It goes to one of the countries.
#[object]
#[derive(Clone)]
pub struct CountriesCondition {
    /// The condition as a sentence.
    summary: String,
    /// The countries, two letters each.
    countries: Vec<String>,
}

/// It is bought in one of the channels.
#[object]
#[derive(Clone)]
pub struct ChannelsCondition {
    /// The condition as a sentence.
    summary: String,
    /// The channels.
    channels: Vec<String>,
}

/// The moment lies in a window.
#[object]
#[derive(Clone)]
pub struct DuringCondition {
    /// The condition as a sentence.
    summary: String,
    /// The first moment; null for always.
    from: Option<DateTime<Utc>>,
    /// The first moment after it; null for never.
    until: Option<DateTime<Utc>>,
}

/// One of the promotion's codes is given, and may be used.
#[object]
#[derive(Clone)]
pub struct CodeGivenCondition {
    /// The condition as a sentence.
    summary: String,
}
