//! A segment's rule on its way in.

use async_graphql::OneofObject;
use rules::money::MoneyInput;
use rules::segment::SegmentRule;
use rules::{ErrorCode, Problems, text};

use crate::kernel::input;

/// How deep conditions are nested at the most.
const MAX_DEPTH: usize = 5;

/// How many conditions there are at the most, those that put others together too.
const MAX_SIZE: usize = 50;

/// The longest tag, in characters.
const MAX_TAG: usize = 50;

/// A condition on a customer, or several put together; nested 5 deep, 50 in all at the most.
#[derive(OneofObject, Clone)]
pub enum SegmentConditionInput {
    /// All of these hold.
    All(Vec<SegmentConditionInput>),
    /// One of these holds at least.
    Any(Vec<SegmentConditionInput>),
    /// This does not hold.
    Not(Box<SegmentConditionInput>),
    /// Whether the customer has an account.
    Registered(bool),
    /// Whether the customer takes news.
    AcceptsMarketing(bool),
    /// The customer is marked with this tag.
    Tag(String),
    /// The default shipping address is in one of these countries, two letters of ISO 3166 each.
    Countries(Vec<String>),
    /// So many orders at least that are not canceled; 1 or more.
    OrdersAtLeast(i32),
    /// So much spent at least in this currency.
    SpentAtLeast(MoneyInput),
}

impl SegmentConditionInput {
    /// Reads the rule, under `rule`.
    pub fn read(&self, problems: &mut Problems) -> Option<SegmentRule> {
        let rule = self.at("rule", 1, problems)?;
        if rule.size() > MAX_SIZE {
            problems.add(ErrorCode::LimitReached, "rule", format!("Give {MAX_SIZE} conditions at the most."));
            return None;
        }
        Some(rule)
    }

    fn at(&self, path: &str, depth: usize, problems: &mut Problems) -> Option<SegmentRule> {
        if depth > MAX_DEPTH {
            problems.add(ErrorCode::LimitReached, path, format!("Nest conditions {MAX_DEPTH} deep at the most."));
            return None;
        }
        let each = |of: &[Self], word: &str, problems: &mut Problems| -> Option<Vec<SegmentRule>> {
            if of.is_empty() {
                problems.add(ErrorCode::Required, &format!("{path}.{word}"), "Give one condition at least.");
                return None;
            }
            let read = of.iter().enumerate();
            let read = read.map(|(place, rule)| rule.at(&format!("{path}.{word}.{place}"), depth + 1, problems));
            // All of them, so that every problem is told.
            read.collect::<Vec<_>>().into_iter().collect()
        };
        match self {
            Self::All(of) => each(of, "all", problems).map(SegmentRule::All),
            Self::Any(of) => each(of, "any", problems).map(SegmentRule::Any),
            Self::Not(of) => {
                of.at(&format!("{path}.not"), depth + 1, problems).map(|rule| SegmentRule::Not(Box::new(rule)))
            }
            Self::Registered(is) => Some(SegmentRule::Registered(*is)),
            Self::AcceptsMarketing(does) => Some(SegmentRule::AcceptsMarketing(*does)),
            Self::Tag(tag) => {
                let tag = problems.keep(input::line(&format!("{path}.tag"), tag, 1, MAX_TAG))?;
                Some(SegmentRule::Tag(text::fold(&tag)))
            }
            Self::Countries(codes) => {
                let path = format!("{path}.countries");
                if codes.is_empty() {
                    problems.add(ErrorCode::Required, &path, "Name one country at least.");
                }
                let read = codes.iter().take(MAX_SIZE * 5).enumerate();
                let read: Vec<String> = read
                    .filter_map(|(place, code)| problems.keep(input::country(&format!("{path}.{place}"), code)))
                    .collect();
                (!read.is_empty()).then_some(SegmentRule::Countries(read))
            }
            Self::OrdersAtLeast(least) if *least >= 1 => Some(SegmentRule::OrdersAtLeast(i64::from(*least))),
            Self::OrdersAtLeast(_) => {
                problems.add(ErrorCode::OutOfRange, &format!("{path}.ordersAtLeast"), "Give 1 or more.");
                None
            }
            Self::SpentAtLeast(least) => {
                let path = format!("{path}.spentAtLeast");
                let least = problems.keep(least.to_money().map_err(|problem| problem.under(&path)))?;
                if least.is_negative() || least.minor() == 0 {
                    problems.add(ErrorCode::OutOfRange, &path, "Give more than nothing.");
                    return None;
                }
                Some(SegmentRule::SpentAtLeast(least))
            }
        }
    }
}
