//! What mutations answer.

use rules::{ErrorCode, Problem};

use super::graph::object;
use crate::interface;

interface! {
    /// Something that the caller can mend. Nothing was changed.
    pub enum UserError {
        /// A problem with the input.
        Input(InputError),
        /// There is not enough in stock.
        Stock(StockError),
    }
    fields {
        "code": "ErrorCode!" = "What kind of problem it is; branch on this.",
        "field": "[String!]" = "The way to the input field at fault, from the outside in. Null where it is the whole input.",
        "message": "String!" = "A sentence for a person, which says what to do.",
    }
}

/// A problem with the input.
#[derive(Clone)]
pub struct InputError {
    problem: Problem,
}

/// A problem with the input.
#[object]
impl InputError {
    /// What kind of problem it is; branch on this.
    fn code(&self) -> ErrorCode {
        self.problem.code
    }

    /// The way to the input field at fault, from the outside in. Null where it is the whole input.
    fn field(&self) -> Option<Vec<String>> {
        (!self.problem.field.is_empty()).then(|| self.problem.field.clone())
    }

    /// A sentence for a person, which says what to do.
    fn message(&self) -> &str {
        &self.problem.message
    }
}

/// There is not enough in stock.
#[derive(Clone)]
pub struct StockError {
    problem: Problem,
    available: u32,
}

/// There is not enough in stock.
#[object]
impl StockError {
    /// What kind of problem it is; branch on this.
    fn code(&self) -> ErrorCode {
        self.problem.code
    }

    /// The way to the input field at fault, from the outside in. Null where it is the whole input.
    fn field(&self) -> Option<Vec<String>> {
        (!self.problem.field.is_empty()).then(|| self.problem.field.clone())
    }

    /// A sentence for a person, which says what to do.
    fn message(&self) -> &str {
        &self.problem.message
    }

    /// How many units can be had.
    fn available_quantity(&self) -> i32 {
        i32::try_from(self.available).unwrap_or(i32::MAX)
    }
}

impl From<Problem> for UserError {
    fn from(problem: Problem) -> Self {
        match problem.available {
            Some(available) => Self::Stock(StockError { problem, available }),
            None => Self::Input(InputError { problem }),
        }
    }
}

/// The answer of a mutation: the thing, or what to mend.
pub trait Payload {
    /// What the action gives.
    type Value;

    /// The answer when it worked.
    fn done(value: Self::Value) -> Self;

    /// The answer when nothing was changed.
    fn refused(problems: Vec<Problem>) -> Self;
}

/// Declares a payload: its name, the field that holds the thing, the GraphQL type of the thing.
///
/// ```ignore
/// payload! {
///     /// The answer of `brandCreate`.
///     BrandCreatePayload {
///         /// The new brand.
///         brand: Brand,
///     }
/// }
/// ```
///
/// The action's value must convert into the type (`From`).
#[macro_export]
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $type:ty, }) => {
        $(#[$doc])*
        #[$crate::kernel::graph::object]
        pub struct $name {
            $(#[$field_doc])*
            $field: Option<$type>,
            /// What to mend, where nothing was changed; empty otherwise.
            user_errors: Vec<$crate::kernel::payload::UserError>,
        }

        impl $crate::kernel::payload::Payload for $name {
            type Value = $type;

            fn done(value: $type) -> Self {
                Self { $field: Some(value), user_errors: Vec::new() }
            }

            fn refused(problems: Vec<rules::Problem>) -> Self {
                Self { $field: None, user_errors: problems.into_iter().map(Into::into).collect() }
            }
        }
    };
}
