//! What can be done to tax rates, one file each.

pub mod create;
pub mod delete;
pub mod update;

pub use create::TaxRateCreateInput;
pub use delete::delete_of_zone;
pub use update::TaxRateUpdateInput;

use rules::ids::TaxCategoryId;
use rules::tax::{MAX_DECIMALS, millionths};
use rules::{Decimal, ErrorCode, Problem};

use crate::kernel::{Result, StoreScope, Tx, input};
use crate::tax::categories;

/// Tax rates that a zone has at the most.
const MAX_RATES: usize = 100;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}

/// Reads a rate into millionths.
fn rate(rate: Decimal) -> Result<i64, Problem> {
    millionths(rate).and_then(|millionths| i64::try_from(millionths).ok()).ok_or_else(|| {
        let message = format!("Give a number such as 0.19 for 19 per cent, with {MAX_DECIMALS} decimals at the most.");
        Problem::new(ErrorCode::OutOfRange, "rate", message)
    })
}

/// Holds that a category is there, and keeps it there.
async fn hold_category(tx: &Tx<StoreScope>, category: Option<TaxCategoryId>) -> Result<()> {
    match category {
        Some(id) if !categories::hold_living(tx, &[id]).await?.contains(&id) => {
            Err(input::not_found("categoryId", "tax category"))
        }
        _ => Ok(()),
    }
}
