//! What conditions and benefits say, as sentences for a merchant.
//!
//! Owns the wording. Names nothing by its id: whoever shows a sentence shows what was chosen beside it.

use std::fmt::{self, Display, Formatter};

use super::{Action, Change, Condition, Selector, Spread};
use crate::money::PerCurrency;

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(of) if of.is_empty() => f.write_str("always"),
            Self::All(of) => joined(f, of, "; and "),
            Self::Any(of) => joined(f, of, "; or "),
            Self::Not(of) => write!(f, "not: {of}"),
            Self::Subtotal { at_least, of } => write!(f, "{of} cost {} or more", Amounts(at_least)),
            Self::Quantity { at_least, of } => write!(f, "there are {at_least} units or more of {of}"),
            Self::Contains(of) => write!(f, "there is one at least of {of}"),
            Self::Segments(of) => write!(f, "the buyer belongs to {}", one_of(of.len(), "segment")),
            Self::FirstOrder => f.write_str("the buyer has bought nothing before"),
            Self::Currencies(of) => {
                let codes: Vec<&str> = of.iter().map(|currency| currency.code()).collect();
                write!(f, "the currency is {}", codes.join(" or "))
            }
            Self::Countries(of) => write!(f, "it goes to {}", of.join(" or ")),
            Self::Channels(of) => write!(f, "it is bought in {}", of.join(" or ")),
            Self::During { from, until } => {
                let moment = |moment: &chrono::DateTime<chrono::Utc>| moment.format("%Y-%m-%d %H:%M UTC").to_string();
                match (from, until) {
                    (Some(from), Some(until)) => write!(f, "from {} until {}", moment(from), moment(until)),
                    (Some(from), None) => write!(f, "from {} on", moment(from)),
                    (None, Some(until)) => write!(f, "until {}", moment(until)),
                    (None, None) => f.write_str("at any time"),
                }
            }
            Self::CodeGiven => f.write_str("one of its codes is given"),
        }
    }
}

impl Display for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(change) => write!(f, "{change} the order"),
            Self::OrderTiers(tiers) => {
                for (index, tier) in tiers.iter().enumerate() {
                    let between = if index > 0 { "; " } else { "" };
                    write!(f, "{between}from {} on {} the order", Amounts(&tier.at_least), tier.change)?;
                }
                Ok(())
            }
            Self::Units { of, change, spread } => match spread {
                Spread::Each => write!(f, "{change} each of {of}"),
                Spread::Across => write!(f, "{change} {of} together"),
                Spread::Groups(size) => write!(f, "{change} every {size} of {of}"),
            },
            Self::UnitTiers { of, tiers } => {
                for (index, tier) in tiers.iter().enumerate() {
                    let between = if index > 0 { "; " } else { "" };
                    write!(f, "{between}from {} units on {} each of {of}", tier.at_least, tier.change)?;
                }
                Ok(())
            }
            Self::BuyGet { buy, buy_quantity, get, get_quantity, percent } => {
                write!(f, "for {buy_quantity} of {buy}, {percent} off {get_quantity} of {get}")
            }
            Self::CheapestFree { of, out_of } => write!(f, "the cheapest of every {out_of} of {of} is free"),
            Self::Shipping { change, rates } => {
                let of = if rates.is_empty() { "shipping" } else { "the chosen ways to ship" };
                write!(f, "{change} {of}")
            }
            Self::Gift { quantity, .. } => {
                write!(f, "a gift of {quantity} {}", if *quantity == 1 { "unit" } else { "units" })
            }
        }
    }
}

impl Display for Change {
    /// As the beginning of a sentence that goes on with what is changed.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent} off"),
            Self::Amount(amounts) => write!(f, "{} off", Amounts(amounts)),
            Self::Price(prices) => write!(f, "{} for", Amounts(prices)),
        }
    }
}

impl Display for Selector {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.any_of.is_empty() { "all lines" } else { "the chosen lines" })?;
        if self.except.is_empty() { Ok(()) } else { f.write_str(", without those left out") }
    }
}

struct Amounts<'a>(&'a PerCurrency);

impl Display for Amounts<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, amount) in self.0.all().iter().enumerate() {
            let between = if index > 0 { " or " } else { "" };
            write!(f, "{between}{amount}")?;
        }
        Ok(())
    }
}

fn joined(f: &mut Formatter<'_>, conditions: &[Condition], between: &str) -> fmt::Result {
    for (index, condition) in conditions.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        match condition {
            Condition::All(of) | Condition::Any(of) if of.len() > 1 => write!(f, "({condition})")?,
            _ => condition.fmt(f)?,
        }
    }
    Ok(())
}

fn one_of(count: usize, noun: &str) -> String {
    if count == 1 { format!("the chosen {noun}") } else { format!("one of {count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::money::Money;
    use crate::percent::Percent;

    #[test]
    fn conditions_read_as_sentences() {
        let eur = |minor| PerCurrency::from(Money::from_minor(minor, Currency::EUR));
        let subtotal = Condition::Subtotal { at_least: eur(5_000), of: Selector::everything() };
        let countries = Condition::Countries(vec!["DE".into(), "AT".into()]);
        let either = Condition::Any(vec![Condition::FirstOrder, Condition::CodeGiven]);
        for (condition, sentence) in [
            (Condition::always(), "always"),
            (Condition::Not(Box::new(countries.clone())), "not: it goes to DE or AT"),
            (
                Condition::All(vec![subtotal, either]),
                "all lines cost 50.00 EUR or more; and (the buyer has bought nothing before; or one of its codes is given)",
            ),
        ] {
            assert_eq!(condition.to_string(), sentence);
        }
    }

    #[test]
    fn benefits_read_as_sentences() {
        let percent = |number: i64| Percent::try_new(number.into()).expect("a percentage");
        let ten = Change::Amount(PerCurrency::from(Money::from_minor(1_000, Currency::EUR)));
        let (of, change) = (Selector::everything(), Change::Percent(percent(20)));
        for (action, sentence) in [
            (Action::Order(change.clone()), "20 % off the order"),
            (Action::Shipping { change: Change::Percent(percent(100)), rates: Vec::new() }, "100 % off shipping"),
            (Action::Units { of: of.clone(), change, spread: Spread::Each }, "20 % off each of all lines"),
            (Action::Units { of: of.clone(), change: ten, spread: Spread::Across }, "10.00 EUR off all lines together"),
            (
                Action::BuyGet { buy: of.clone(), buy_quantity: 2, get: of, get_quantity: 1, percent: percent(50) },
                "for 2 of all lines, 50 % off 1 of all lines",
            ),
        ] {
            assert_eq!(action.to_string(), sentence);
        }
    }
}
