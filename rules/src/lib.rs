//! The pure rules of commerce.
//!
//! Owns what can be decided without asking anybody: identifiers, money and rounding, prices,
//! permissions, and the problems that input can have. Never does I/O, never reads a clock, never
//! draws a random number; facts come in, decisions go out.
//!
//! The features `sea-orm` and `graphql` add derives for the columns and the schema, nothing else.

pub mod country;
pub mod currency;
pub mod decimal;
pub mod ids;
pub mod money;
pub mod permission;
pub mod pricing;
pub mod problem;
pub mod states;

pub use currency::Currency;
pub use decimal::Decimal;
pub use money::{Money, MoneyError, Rounding, RoundingLevel, RoundingMode, TaxMode};
pub use problem::{ErrorCode, Problem, Problems};
