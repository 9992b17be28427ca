//! The pure rules of commerce.
//!
//! Owns what can be decided without asking anybody: identifiers, money and rounding, prices,
//! promotions, taxes, totals, shipping, stock, the states of what is sold, permissions, and the
//! problems that input can have. Never does I/O, never reads a clock, never
//! draws a random number; facts come in, decisions go out.
//!
//! The features `sea-orm` and `graphql` add derives for the columns and the schema, nothing else.

pub mod address;
pub mod basket;
pub mod cart;
pub mod country;
pub mod currency;
pub mod decimal;
pub mod ids;
pub mod money;
pub mod percent;
pub mod permission;
pub mod place;
pub mod pricing;
pub mod problem;
pub mod promotion;
pub mod segment;
pub mod shipping;
pub mod simulation;
pub mod state;
pub mod states;
pub mod stock;
pub mod tax;
pub mod tender;
pub mod text;
pub mod totals;

pub use currency::Currency;
pub use decimal::Decimal;
pub use money::{Money, MoneyError, PerCurrency, Rounding, RoundingLevel, RoundingMode, TaxMode};
pub use percent::Percent;
pub use problem::{ErrorCode, Problem, Problems};
