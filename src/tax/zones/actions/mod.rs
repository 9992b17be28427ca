//! What can be done to tax zones, one file each.

pub mod create;
pub mod delete;
pub mod update;

pub use create::TaxZoneCreateInput;
pub use update::TaxZoneUpdateInput;

use rules::ids::TaxZoneId;
use rules::place::Territory;
use rules::{ErrorCode, Problem, Problems};

use super::store;
use crate::kernel::{Result, StoreScope, Tx, input};
use crate::places;

/// Tax zones that a store has at the most.
const MAX_ZONES: u64 = 500;

/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}

/// Holds that no other zone has one of these territories. Whoever calls it holds the store.
///
/// # Errors
/// `PLACE_TAKEN` for each that another zone has.
async fn expect_free(tx: &Tx<StoreScope>, zone: Option<TaxZoneId>, territories: &[Territory]) -> Result<()> {
    let claims: Vec<String> = places::rows(territories).map(|row| row.claim).collect();
    let taken = store::list_taken(tx, zone, &claims).await?;
    let mut problems = Problems::new();
    for (index, territory) in territories.iter().enumerate() {
        for row in places::rows(std::slice::from_ref(territory)).filter(|row| taken.contains(&row.claim)) {
            let path = format!("territories.{index}");
            problems.add(ErrorCode::PlaceTaken, &path, format!("Another tax zone has `{}` already.", row.claim));
        }
    }
    Ok(problems.finish()?)
}
