//! What a promotion would have done to the orders of the last days (rule P7).
//!
//! Owns the question and how its answer looks. Works out nothing of its own: the orders' frozen terms are replayed by
//! [`rules::simulation`]. Looks at so many orders at the most, and reads them in a fixed number of statements. Takes no
//! use and writes nothing.

mod query;
mod replay;
mod types;

pub use query::PromotionSimulationQuery;
