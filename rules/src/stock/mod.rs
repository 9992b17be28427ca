//! Stock: what can be sold, and from where.
//!
//! Owns the arithmetic of availability (rule I1) and what of it is told, the strategies over several
//! locations and the distances between them (rule I4), and what becomes of a level when stock is reserved, consumed, released or put back (rule I3). Never
//! reads or writes a level: the caller does, in one conditional update each, in the order in which the
//! picks come (rule I2). Never reads a clock: a hold is live at a moment that comes in.

mod availability;
mod choice;
mod distance;
mod level;

pub use availability::{Availability, Candor, availability, outlook};
pub use choice::{Demand, Pick, Short, Site, StockOf, holds_good, pick};
pub use distance::{Destination, GeoPoint, PER_DEGREE};
pub use level::{Hold, Level, Rule, Sellable, held, in_stock, sellable};

#[cfg(test)]
mod tests;
