//! Stock: what can be sold, and from where.
//!
//! Owns the arithmetic of availability (rule I1), the strategies over several locations (rule I4), and
//! what becomes of a level when stock is reserved, consumed, released or put back (rule I3). Never
//! reads or writes a level: the caller does, in one conditional update each, in the order in which the
//! picks come (rule I2). Never reads a clock: a hold is live at a moment that comes in.

mod choice;
mod level;

pub use choice::{Demand, Pick, Short, Site, StockOf, pick};
pub use level::{Hold, Level, Rule, Sellable, held, sellable};

#[cfg(test)]
mod tests;
