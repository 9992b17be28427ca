//! What can be done to store credit, one file each.

pub mod debit;
pub mod issue;

use rules::money::MoneyInput;
use rules::{ErrorCode, Money, Problem, Problems};

use crate::kernel::{Error, Result, input};

/// The longest note, in characters.
const MAX_NOTE: usize = 500;

/// What a customer has at the most, in major units.
const MAX_BALANCE: i64 = 1_000_000_000;

/// Reads how much is given or taken, and why.
fn read(amount: MoneyInput, note: Option<&str>) -> Result<(Money, Option<String>)> {
    let mut problems = Problems::new();
    let amount = problems.keep(amount.to_money().map_err(|problem| problem.under("amount")));
    let note = problems.keep(input::optional_line("note", note, MAX_NOTE));
    if amount.is_some_and(|amount| amount.minor() < 1) {
        problems.add(ErrorCode::OutOfRange, "amount", "Give an amount above nothing.");
    }
    problems.finish()?;
    amount.zip(note).ok_or_else(input::unread)
}

/// Refuses an amount.
fn refuse<T>(code: ErrorCode, message: impl Into<String>) -> Result<T> {
    Err(Error::Conflict(Problem::new(code, "amount", message)))
}
