//! What can be done to discount codes, one file each.

pub mod create;
pub mod delete;
pub mod generate;
pub mod update;

pub use create::DiscountCodeCreateInput;
pub use generate::DiscountCodesGenerateInput;
pub use update::DiscountCodeUpdateInput;

use chrono::{DateTime, Utc};
use rules::ids::PromotionId;
use rules::{ErrorCode, Problem, Problems};

use crate::kernel::{Error, Result, StoreScope, Tx, input};
use crate::promotions::{store, terms};

/// The longest code, in characters.
const MAX_CODE: usize = 60;

/// Reads a code.
fn code(raw: &str) -> Result<String, Problem> {
    input::line("code", raw, 1, MAX_CODE)
}

/// Reads a limit: 1 or more.
fn limit(field: &str, given: i32) -> Result<i64, Problem> {
    if given >= 1 { Ok(given.into()) } else { Err(Problem::new(ErrorCode::OutOfRange, field, "Give 1 or more.")) }
}

/// How often and when codes may be used.
#[derive(Debug, Clone, Copy)]
struct Limits {
    usage_limit: Option<i64>,
    limit_per_buyer: Option<i64>,
    valid_from: Option<DateTime<Utc>>,
    valid_to: Option<DateTime<Utc>>,
}

impl Limits {
    /// Reads limits that were given.
    fn read(
        (usage_limit, limit_per_buyer): (Option<i32>, Option<i32>),
        (valid_from, valid_to): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        problems: &mut Problems,
    ) -> Self {
        let mut count = |field, given: Option<i32>| given.and_then(|given| problems.keep(limit(field, given)));
        let (usage_limit, limit_per_buyer) =
            (count("usageLimit", usage_limit), count("limitPerBuyer", limit_per_buyer));
        let mut moment =
            |field, given: Option<DateTime<Utc>>| given.and_then(|given| problems.keep(input::moment(field, given)));
        let (valid_from, valid_to) = (moment("validFrom", valid_from), moment("validTo", valid_to));
        problems.keep(window(valid_from, valid_to));
        Self { usage_limit, limit_per_buyer, valid_from, valid_to }
    }
}

/// Refuses a window that ends before it begins.
fn window(from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> Result<(), Problem> {
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        let message = "It ends before it begins: choose a later end.";
        return Err(Problem::new(ErrorCode::OutOfRange, "validTo", message));
    }
    Ok(())
}

/// Holds the promotion that codes are for, so that it is not deleted meanwhile. One that asks for no code is
/// refused: it is for everybody already.
async fn hold_promotion(tx: &Tx<StoreScope>, id: PromotionId) -> Result<()> {
    let row = store::lock_living(tx, id).await?.ok_or_else(|| input::not_found("promotionId", "promotion"))?;
    if terms::condition(&row)?.asks_for_code() {
        return Ok(());
    }
    let message =
        "This promotion asks for no code, and is for everybody: add `codeGiven: true` to its condition first.";
    Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "promotionId", message)))
}
