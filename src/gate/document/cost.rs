//! What an operation costs, in objects, before it runs.
//!
//! Every object that a field may return counts its weight (1, or `@cost(weight:)`; 10 for a write), every
//! list multiplies what stands below it. A list is as long as `first` or `last` asks, or as `@cost(listSize:)` assumes, or
//! as the list given as its input, or else 1; the lists of a connection are as long as its page. A leaf
//! costs nothing unless it has a weight of its own. A field that is selected twice is counted twice.

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Value, Variables};

use super::operation::{Given, given};
use crate::gate::schema_index::{FieldEntry, SchemaIndex, TypeId};
use crate::http::guard::{Limits, Refusal};

/// The page size of a connection that is told none, where the schema has no default either.
const DEFAULT_PAGE: u64 = 20;

/// What an operation costs, with holes for its variables.
#[derive(Debug, Clone)]
pub(super) enum Cost {
    /// It is known.
    Known(u64),
    /// The sum of its parts.
    Sum(Vec<Cost>),
    /// A part, that many times.
    Times(Length, Box<Cost>),
}

/// How long a list is.
#[derive(Debug, Clone)]
pub(super) enum Length {
    Known(u64),
    /// What `first` or `last` asks for, or else the default.
    Page(Vec<Given>, u64),
    /// The length of the longest of these lists.
    Longest(Vec<Given>),
}

impl Cost {
    /// The cost of an operation.
    pub(super) fn of(document: &ExecutableDocument, operation: &OperationDefinition, index: &SchemaIndex) -> Self {
        let shape = Shape { document, index };
        match index.root(operation.ty) {
            Some(root) => shape.set(&operation.selection_set.node, root, None),
            None => Self::Known(0),
        }
    }

    /// The cost with the holes filled in. Never wraps: what is too large to count is `u64::MAX`.
    ///
    /// # Errors
    /// Where a page is asked to hold more than a page may.
    pub(super) fn with(&self, variables: &Variables, limits: &Limits) -> Result<u64, Refusal> {
        Ok(match self {
            Self::Known(cost) => *cost,
            Self::Sum(parts) => {
                let mut sum: u64 = 0;
                for part in parts {
                    sum = sum.saturating_add(part.with(variables, limits)?);
                }
                sum
            }
            Self::Times(length, part) => length.with(variables, limits)?.saturating_mul(part.with(variables, limits)?),
        })
    }

    fn sum(parts: Vec<Self>) -> Self {
        let mut known: u64 = 0;
        let mut open = Vec::new();
        for part in parts {
            match part {
                Self::Known(cost) => known = known.saturating_add(cost),
                part => open.push(part),
            }
        }
        if open.is_empty() {
            return Self::Known(known);
        }
        open.push(Self::Known(known));
        Self::Sum(open)
    }

    fn times(length: Option<Length>, part: Self) -> Self {
        match (length, part) {
            (None, part) => part,
            (Some(Length::Known(length)), Self::Known(cost)) => Self::Known(length.saturating_mul(cost)),
            (Some(length), part) => Self::Times(length, Box::new(part)),
        }
    }
}

impl Length {
    fn with(&self, variables: &Variables, limits: &Limits) -> Result<u64, Refusal> {
        match self {
            Self::Known(length) => Ok(*length),
            Self::Page(asked, default) => {
                let asked: Vec<u64> = asked.iter().filter_map(|given| integer(given.with(variables)?)).collect();
                match asked.iter().max() {
                    Some(most) if *most > limits.page => Err(Refusal::PageTooLarge { limit: limits.page }),
                    Some(most) => Ok(*most),
                    None => Ok(*default),
                }
            }
            Self::Longest(lists) => Ok(lists
                .iter()
                .map(|given| match given.with(variables) {
                    Some(Value::List(items)) => items.len() as u64,
                    _ => 1,
                })
                .max()
                .unwrap_or(1)
                .max(1)),
        }
    }
}

/// At least 1: what asks for less is refused where pages are read.
fn integer(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Some(u64::try_from(number).unwrap_or(1).max(1)),
            (None, number) => number,
        },
        _ => None,
    }
}

struct Shape<'a> {
    document: &'a ExecutableDocument,
    index: &'a SchemaIndex,
}

impl Shape<'_> {
    /// `page` is how long the lists directly in this set are, where it is a connection's.
    fn set(&self, set: &SelectionSet, on: TypeId, page: Option<&Length>) -> Cost {
        let parts = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => match self.index.field(on, &field.node.name.node) {
                Some(entry) => self.field(&field.node, entry, page),
                None => Cost::Known(0),
            },
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                self.fragment(&fragment.node.selection_set.node, condition, on, page)
            }
            Selection::FragmentSpread(spread) => match self.document.fragments.get(&spread.node.fragment_name.node) {
                Some(fragment) => {
                    let condition = fragment.node.type_condition.node.on.node.as_str();
                    self.fragment(&fragment.node.selection_set.node, Some(condition), on, page)
                }
                None => Cost::Known(0),
            },
        });
        Cost::sum(parts.collect())
    }

    fn fragment(&self, set: &SelectionSet, condition: Option<&str>, on: TypeId, page: Option<&Length>) -> Cost {
        match condition {
            None => self.set(set, on, page),
            Some(name) => match self.index.type_named(name) {
                Some(entry) => self.set(set, entry.id, page),
                None => Cost::Known(0),
            },
        }
    }

    fn field(&self, field: &Field, entry: &FieldEntry, page: Option<&Length>) -> Cost {
        let ty = self.index.get(entry.ty.named);
        if ty.is_introspection() {
            return Cost::Known(entry.weight); // Its circles are refused, and its lists are as long as the schema is.
        }
        let stated = entry.directive("cost").and_then(|cost| integer_of(cost.argument("listSize")));
        let own_page = asks_for_page(field, entry);
        let is_list = entry.ty.lists() > 0;
        let length = is_list.then(|| {
            own_page
                .clone()
                .or_else(|| stated.map(Length::Known))
                .or_else(|| page.cloned())
                .unwrap_or_else(|| Length::Longest(lists_given(field, entry)))
        });
        let below = if is_list { None } else { own_page.as_ref() };
        let inner = self.set(&field.selection_set.node, ty.id, below);
        Cost::times(length, Cost::sum(vec![Cost::Known(entry.weight), inner]))
    }
}

fn integer_of(value: Option<&Value>) -> Option<u64> {
    match value {
        Some(Value::Number(number)) => number.as_u64(),
        _ => None,
    }
}

fn asks_for_page(field: &Field, entry: &FieldEntry) -> Option<Length> {
    let mut paged = entry.arguments.iter().filter(|argument| matches!(&*argument.name, "first" | "last")).peekable();
    paged.peek()?;
    let default = entry
        .arguments
        .iter()
        .filter(|argument| matches!(&*argument.name, "first" | "last"))
        .find_map(|argument| integer(argument.default.as_ref()?))
        .unwrap_or(DEFAULT_PAGE);
    Some(Length::Page(paged.filter_map(|argument| given(field, &argument.name)).collect(), default))
}

fn lists_given(field: &Field, entry: &FieldEntry) -> Vec<Given> {
    let lists = entry.arguments.iter().filter(|argument| argument.ty.lists() > 0);
    lists.filter_map(|argument| given(field, &argument.name)).collect()
}
