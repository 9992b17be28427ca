//! Conditions, as they are sent (rule P3).

use async_graphql::{InputObject, OneofObject};
use chrono::{DateTime, Utc};
use rules::ids::SegmentId;
use rules::money::MoneyInput;
use rules::promotion::{Condition, MAX_DEPTH};
use rules::{Currency, ErrorCode};

use super::super::references::Reference;
use super::Reader;
use super::selection::LineSelectionInput;
use crate::kernel::input;

/// The longest name of a channel, in characters.
const MAX_CHANNEL: usize = 60;

/// What must be so: one condition, or several put together. Nested 6 deep at the most, and 100 all together.
#[derive(OneofObject, Clone)]
pub enum PromotionConditionInput {
    /// All of these hold; an empty list always does.
    All(Vec<PromotionConditionInput>),
    /// One of these holds at least.
    Any(Vec<PromotionConditionInput>),
    /// This does not hold.
    Not(Box<PromotionConditionInput>),
    /// The chosen lines cost so much at least, as reduced by the promotions before; the amount itself is enough.
    Subtotal(SubtotalConditionInput),
    /// There are so many units at least on the chosen lines.
    Quantity(QuantityConditionInput),
    /// There is one of the chosen lines at least.
    Contains(LineSelectionInput),
    /// The buyer belongs to one of these segments.
    SegmentIds(Vec<SegmentId>),
    /// Whether the buyer has bought nothing before: true for those who have not, false for those who have.
    FirstOrder(bool),
    /// The basket is in one of these currencies.
    Currencies(Vec<Currency>),
    /// It goes to one of these countries, two letters each.
    Countries(Vec<String>),
    /// It is bought in one of these channels, such as `web`.
    Channels(Vec<String>),
    /// The moment lies in this window.
    During(DuringConditionInput),
    /// Whether one of the promotion's codes is given and may be used: true for those who give one, false for those
    /// who give none.
    CodeGiven(bool),
}

/// The chosen lines cost so much at least.
#[derive(InputObject, Clone)]
pub struct SubtotalConditionInput {
    /// The least that they cost, one amount in each currency; in no other currency it holds.
    pub at_least: Vec<MoneyInput>,
    /// Which lines count; all where it is left out.
    #[graphql(default)]
    pub of: LineSelectionInput,
}

/// There are so many units at least on the chosen lines.
#[derive(InputObject, Clone)]
pub struct QuantityConditionInput {
    /// The least number of units.
    pub at_least: i32,
    /// Which lines count; all where it is left out.
    #[graphql(default)]
    pub of: LineSelectionInput,
}

/// A window of time; it holds at `from` and no longer at `until`.
#[derive(InputObject, Clone, Copy)]
pub struct DuringConditionInput {
    /// The first moment; always where it is left out.
    pub from: Option<DateTime<Utc>>,
    /// The first moment after it; never where it is left out.
    pub until: Option<DateTime<Utc>>,
}

impl PromotionConditionInput {
    /// As the rules have it.
    pub fn read(&self, reader: &mut Reader<'_>) -> Condition {
        self.at("condition", 1, reader)
    }

    fn at(&self, path: &str, depth: usize, reader: &mut Reader<'_>) -> Condition {
        if depth > MAX_DEPTH {
            let message = format!("conditions are nested {MAX_DEPTH} deep at the most");
            reader.problems.add(ErrorCode::LimitReached, path, message);
            return Condition::always();
        }
        match self {
            Self::All(of) => Condition::All(each(of, &format!("{path}.all"), depth, reader)),
            Self::Any(of) => Condition::Any(each(of, &format!("{path}.any"), depth, reader)),
            Self::Not(of) => Condition::Not(Box::new(of.at(&format!("{path}.not"), depth + 1, reader))),
            Self::Subtotal(subtotal) => Condition::Subtotal {
                at_least: reader.amounts(&format!("{path}.subtotal.atLeast"), &subtotal.at_least),
                of: subtotal.of.read(&format!("{path}.subtotal.of"), reader),
            },
            Self::Quantity(quantity) => Condition::Quantity {
                at_least: reader.count(&format!("{path}.quantity.atLeast"), quantity.at_least),
                of: quantity.of.read(&format!("{path}.quantity.of"), reader),
            },
            Self::Contains(of) => Condition::Contains(of.read(&format!("{path}.contains"), reader)),
            Self::SegmentIds(ids) => {
                let path = format!("{path}.segmentIds");
                let ids = reader.list(&path, ids).to_vec();
                for (place, id) in ids.iter().enumerate() {
                    reader.name(format!("{path}.{place}"), Reference::Segment(*id));
                }
                Condition::Segments(ids)
            }
            Self::FirstOrder(first) => unless(*first, Condition::FirstOrder),
            Self::Currencies(currencies) => {
                let path = format!("{path}.currencies");
                let currencies = reader.list(&path, currencies).to_vec();
                for (place, currency) in currencies.iter().enumerate() {
                    reader.currency(&format!("{path}.{place}"), *currency);
                }
                Condition::Currencies(currencies)
            }
            Self::Countries(codes) => {
                Condition::Countries(words(codes, &format!("{path}.countries"), reader, |code| {
                    input::country("", code)
                }))
            }
            Self::Channels(names) => Condition::Channels(words(names, &format!("{path}.channels"), reader, |name| {
                input::line("", name, 1, MAX_CHANNEL)
            })),
            Self::During(window) => {
                let mut moment = |field: &str, given: Option<DateTime<Utc>>| {
                    let path = format!("{path}.during.{field}");
                    given.and_then(|given| reader.keep(&path, input::moment("", given)))
                };
                Condition::During { from: moment("from", window.from), until: moment("until", window.until) }
            }
            Self::CodeGiven(given) => unless(*given, Condition::CodeGiven),
        }
    }
}

/// The condition, or that it does not hold.
fn unless(holds: bool, condition: Condition) -> Condition {
    if holds { condition } else { Condition::Not(Box::new(condition)) }
}

fn each(of: &[PromotionConditionInput], path: &str, depth: usize, reader: &mut Reader<'_>) -> Vec<Condition> {
    let of = reader.list(path, of).iter().enumerate();
    of.map(|(place, condition)| condition.at(&format!("{path}.{place}"), depth + 1, reader)).collect()
}

fn words(
    list: &[String],
    path: &str,
    reader: &mut Reader<'_>,
    read: impl Fn(&str) -> Result<String, rules::Problem>,
) -> Vec<String> {
    let list = reader.list(path, list).iter().enumerate();
    list.filter_map(|(place, word)| reader.keep(&format!("{path}.{place}"), read(word))).collect()
}
