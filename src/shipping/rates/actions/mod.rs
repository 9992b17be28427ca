//! What can be done to shipping rates, one file each.

pub mod create;
pub mod delete;
mod pricing_input;
pub mod update;

pub use create::ShippingRateCreateInput;
pub use delete::delete_of_zones;
pub use pricing_input::ShippingPricingInput;
pub use update::ShippingRateUpdateInput;

use rules::ids::LocationId;
use rules::{ErrorCode, Problem, Problems};

use crate::inventory::locations;
use crate::kernel::{Result, StoreScope, Tx, input};

/// Shipping rates that a zone has at the most.
const MAX_RATES: usize = 50;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}

/// Reads a weight.
fn grams(path: &str, grams: Option<i32>) -> Result<Option<i64>, Problem> {
    match grams {
        Some(grams) if grams < 0 => Err(Problem::new(ErrorCode::OutOfRange, path, "Give 0 grams or more.")),
        grams => Ok(grams.map(i64::from)),
    }
}

/// Holds that the least weight is not above the most.
fn expect_weights(problems: &mut Problems, (min, max): (Option<i64>, Option<i64>)) {
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        problems.add(ErrorCode::Invalid, "maxGrams", "Give no less than `minGrams`.");
    }
}

/// Holds that a location is there, and keeps it there.
async fn hold_location(tx: &Tx<StoreScope>, location: Option<LocationId>) -> Result<()> {
    match location {
        Some(id) if locations::hold_living(tx, id).await?.is_none() => {
            Err(input::not_found("pickupLocationId", "location"))
        }
        _ => Ok(()),
    }
}
