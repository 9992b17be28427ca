//! What orders use of promotions and codes: the doors for checkout.
//!
//! Owns every change of the counters: how often a code and a promotion were used, and what a promotion took off.
//! Each counter is what its rows of uses add up to, and never above its limit (invariant I9): whoever changes one
//! holds it first, writes the row of the use beside it, and a `CHECK` stands behind both. Two buyers and one use left:
//! one of them gets it, the other is told why not (rule P5). Never works out what an order gets: an evaluation of the
//! rules comes in.
//!
//! All counters of an order are held in one order, codes before promotions and each by its id, so that no two orders
//! wait for each other. A transaction that holds them talks to nobody else and ends soon.

mod buyer;
mod give_back;
mod redeem;
mod store;

pub use buyer::BuyerKey;
pub use give_back::give_back;
pub use redeem::{Redemption, redeem};

pub(super) use store::count_of_buyer;
