//! The terms of a promotion as they are sent, and how they become the rules' own.
//!
//! Owns the inputs of conditions and benefits: one field of a `@oneOf` input for each value of the rules' own enums,
//! under the same names, so that the paths of the rules' problems are those of the input. What a type can't hold
//! back, such as a number below nothing, is noted as a problem at its place; the terms as a whole are checked by the
//! rules afterwards.

mod action;
mod condition;
mod selection;

use async_graphql::InputObject;
use rules::money::MoneyInput;
use rules::promotion::{Caps, Phase, Stacking};
use rules::{Currency, ErrorCode, Money, PerCurrency, Problem, Problems};

pub use action::{PriceChangeInput, PromotionActionInput};
pub use condition::PromotionConditionInput;

use super::references::Reference;
use crate::kernel::{Ctx, Error, Result, input};

/// The longest name of an exclusive group, in characters.
const MAX_GROUP: usize = 60;

/// Reads terms: collects what is wrong with them, and what they name by its id.
pub struct Reader<'a> {
    problems: Problems,
    references: Vec<(String, Reference)>,
    currencies: &'a [Currency],
    longest_list: usize,
}

impl<'a> Reader<'a> {
    /// A reader for the store of the request.
    ///
    /// # Errors
    /// `StoreRequired` where it names none.
    pub fn of(ctx: &'a Ctx) -> Result<Self> {
        Ok(Self {
            problems: Problems::new(),
            references: Vec::new(),
            currencies: &ctx.store_context()?.currencies,
            longest_list: ctx.settings().input_list_max,
        })
    }

    /// Ends the reading: what the terms name, each with its place in the input.
    ///
    /// # Errors
    /// All problems, with those that were found before.
    pub fn finish(self, before: Problems) -> Result<Vec<(String, Reference)>> {
        let mut all = before.finish().err().unwrap_or_default();
        all.extend(self.problems.finish().err().unwrap_or_default());
        if all.is_empty() { Ok(self.references) } else { Err(Error::Invalid(all)) }
    }

    fn keep<T>(&mut self, path: &str, step: Result<T, Problem>) -> Option<T> {
        self.problems.keep(step.map_err(|problem| problem.under(path)))
    }

    fn name(&mut self, path: String, reference: Reference) {
        self.references.push((path, reference));
    }

    /// A list that is no longer than lists may be; empty where it is.
    fn list<'i, T>(&mut self, path: &str, list: &'i [T]) -> &'i [T] {
        let longest = self.longest_list;
        if list.len() <= longest {
            return list;
        }
        self.problems.add(ErrorCode::TooLong, path, format!("Give at most {longest}."));
        &[]
    }

    /// A number that is not below nothing. What it has to be beside that, the rules say.
    fn count(&mut self, path: &str, number: i32) -> u32 {
        u32::try_from(number).unwrap_or_else(|_| {
            self.problems.add(ErrorCode::OutOfRange, path, "Give 0 or more.");
            1
        })
    }

    /// Amounts in currencies that the store sells in.
    fn amounts(&mut self, path: &str, list: &[MoneyInput]) -> PerCurrency {
        let mut amounts: Vec<Money> = Vec::with_capacity(list.len());
        for (place, amount) in self.list(path, list).iter().enumerate() {
            let path = format!("{path}.{place}");
            self.currency(&format!("{path}.currencyCode"), amount.currency_code);
            amounts.extend(self.keep(&path, amount.to_money()));
        }
        self.keep(path, PerCurrency::try_new(amounts)).unwrap_or_default()
    }

    fn currency(&mut self, path: &str, currency: Currency) {
        if !self.currencies.contains(&currency) {
            let known = self.currencies.iter().map(|currency| currency.code()).collect::<Vec<_>>().join(", ");
            let message = format!("This store does not sell in {currency}: use one of {known}.");
            self.problems.add(ErrorCode::CurrencyNotEnabled, path, message);
        }
    }
}

/// How much of a promotion there is.
#[derive(InputObject, Clone, Default)]
pub struct PromotionCapsInput {
    /// The most that it takes off one order, one amount in each currency; in no other currency it is applied then.
    pub maximum_discount: Option<Vec<MoneyInput>>,
    /// How many units, or groups of units, of one order it is applied to at the most.
    pub maximum_applications: Option<i32>,
    /// The most that it takes off all orders together, one amount in each currency; in no other currency it is
    /// applied then. The last order gets what is left.
    pub budget: Option<Vec<MoneyInput>>,
    /// How many orders it is for.
    pub maximum_uses: Option<i32>,
}

impl PromotionCapsInput {
    /// As the rules have it.
    pub fn read(&self, reader: &mut Reader<'_>) -> Caps {
        let mut amounts =
            |path: &str, list: &Option<Vec<MoneyInput>>| list.as_ref().map(|list| reader.amounts(path, list));
        let maximum_discount = amounts("caps.maximumDiscount", &self.maximum_discount);
        let budget = amounts("caps.budget", &self.budget);
        let mut count = |path: &str, number: Option<i32>| number.map(|number| reader.count(path, number));
        Caps {
            maximum_discount,
            maximum_applications: count("caps.maximumApplications", self.maximum_applications),
            budget,
            maximum_uses: count("caps.maximumUses", self.maximum_uses).map(u64::from),
        }
    }
}

/// What a promotion may stand beside.
#[derive(InputObject, Clone, Default)]
pub struct PromotionStackingInput {
    /// The phases of the promotions that it combines with. Both have to combine with the other's; none means that it
    /// stands alone.
    #[graphql(default)]
    pub combines_with: Vec<Phase>,
    /// A name of at most 60 characters; of the promotions with the same name one is applied at the most.
    pub exclusive_group: Option<String>,
}

impl PromotionStackingInput {
    /// As the rules have it.
    pub fn read(&self, reader: &mut Reader<'_>) -> Stacking {
        let mut combines_with = reader.list("stacking.combinesWith", &self.combines_with).to_vec();
        combines_with.sort_unstable();
        combines_with.dedup();
        let group = input::optional_line("exclusiveGroup", self.exclusive_group.as_deref(), MAX_GROUP);
        Stacking { combines_with, exclusive_group: reader.keep("stacking", group).flatten() }
    }
}
