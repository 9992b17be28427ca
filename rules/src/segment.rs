//! Which customers belong to a segment that goes by a rule.
//!
//! Owns the words that such a rule is made of. The rule itself is asked of the database, of one customer or of all,
//! since nobody reads every customer to find some.

use serde::{Deserialize, Serialize};

use crate::money::Money;

/// One condition on a customer, or several put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SegmentRule {
    /// All of these hold; an empty list always does.
    All(Vec<SegmentRule>),
    /// One of these holds at least; an empty list never does.
    Any(Vec<SegmentRule>),
    /// This does not hold.
    Not(Box<SegmentRule>),
    /// Whether the customer has an account.
    Registered(bool),
    /// Whether the customer takes news.
    AcceptsMarketing(bool),
    /// The customer is marked with this word, as it is compared.
    Tag(String),
    /// The default shipping address is in one of these countries.
    Countries(Vec<String>),
    /// So many orders at least that are not canceled.
    OrdersAtLeast(i64),
    /// So much spent at least, in this currency; nothing is ever converted (rule M1).
    SpentAtLeast(Money),
}

impl SegmentRule {
    /// How deep it is nested; a single condition is 1.
    pub fn depth(&self) -> usize {
        match self {
            Self::All(rules) | Self::Any(rules) => 1 + rules.iter().map(Self::depth).max().unwrap_or(0),
            Self::Not(rule) => 1 + rule.depth(),
            _ => 1,
        }
    }

    /// How many conditions it has, those that put others together too.
    pub fn size(&self) -> usize {
        match self {
            Self::All(rules) | Self::Any(rules) => 1 + rules.iter().map(Self::size).sum::<usize>(),
            Self::Not(rule) => 1 + rule.size(),
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    #[test]
    fn a_rule_reads_back_from_its_json() {
        let spent = Money::from_minor(10_000, Currency::from_code("EUR").expect("a currency"));
        let rule = SegmentRule::All(vec![
            SegmentRule::Any(vec![SegmentRule::Tag("vip".into()), SegmentRule::SpentAtLeast(spent)]),
            SegmentRule::Not(Box::new(SegmentRule::Countries(vec!["US".into()]))),
            SegmentRule::Registered(true),
            SegmentRule::AcceptsMarketing(false),
            SegmentRule::OrdersAtLeast(3),
        ]);
        let text = serde_json::to_string(&rule).expect("JSON");
        assert_eq!(serde_json::from_str::<SegmentRule>(&text).expect("a rule"), rule);
        assert_eq!((rule.depth(), rule.size()), (3, 9));
    }
}
