//! What people of the store can do to payments, one file each. What is done is done by the doors that checkout comes
//! through, too: here it is read what was sent.

pub mod capture;
pub mod mark_as_paid;
pub mod refund;
pub mod review_close;
pub mod sync;
pub mod void;

use rules::money::MoneyInput;
use rules::{Money, Problem};

pub use refund::PaymentRefundInput;

/// Reads an amount that may be left out.
fn amount(given: Option<MoneyInput>) -> Result<Option<Money>, Problem> {
    given.map(MoneyInput::to_money).transpose().map_err(|problem| problem.under("amount"))
}
