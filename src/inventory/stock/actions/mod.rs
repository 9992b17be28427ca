//! What can be done to stock, one file each.

pub mod adjust;
pub mod first_levels;
pub mod item_update;
pub mod receive;
pub mod set;
pub mod transfer;

pub use adjust::InventoryAdjustInput;
pub use first_levels::{FirstLevel, FirstLevels, set_first_level, set_first_levels};
pub use item_update::InventoryItemUpdateInput;
pub use receive::InventoryReceiveInput;
pub use set::InventorySetInput;
pub use transfer::InventoryTransferInput;

use std::collections::BTreeSet;

use rules::ids::{LocationId, ProductVariantId};
use rules::{ErrorCode, Problem};

use super::MAX_ON_HAND;
use super::shelves::Shelves;
use super::store;
use crate::inventory::locations;
use crate::kernel::{Error, Result, StoreScope, Tx, input};

/// The longest reference, in characters.
const MAX_REFERENCE: usize = 200;

/// Reads the paper behind a change.
fn reference(raw: Option<&str>) -> Result<Option<String>, Problem> {
    input::optional_line("reference", raw, MAX_REFERENCE)
}

/// Reads a number of units, one at least.
fn quantity(path: &str, units: i32) -> Result<i64, Problem> {
    let units = i64::from(units);
    if (1..=MAX_ON_HAND).contains(&units) {
        return Ok(units);
    }
    Err(Problem::new(ErrorCode::OutOfRange, path, format!("Give 1 to {MAX_ON_HAND} units.")))
}

/// Where a change happens: at a location that is active and stays so, or at the default one.
async fn place(tx: &mut Tx<StoreScope>, path: &str, location: Option<LocationId>) -> Result<LocationId> {
    match location {
        Some(id) => {
            let location = locations::hold_living(tx, id).await?.ok_or_else(|| input::not_found(path, "location"))?;
            if !location.active {
                let message = "Nothing is kept at this location: activate it first.";
                return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, path, message)));
            }
            Ok(location.id)
        }
        None => Ok(locations::default_location(tx).await?.id),
    }
}

/// Holds that the store has a variant.
async fn expect_variant(tx: &Tx<StoreScope>, variant: ProductVariantId) -> Result<()> {
    match store::living_variants(tx, [variant]).await?.is_empty() {
        true => Err(input::not_found("variantId", "variant")),
        false => Ok(()),
    }
}

/// The stock of one variant, which has an item from now on.
async fn open(tx: &Tx<StoreScope>, variant: ProductVariantId) -> Result<Shelves> {
    Shelves::open_all(tx, &BTreeSet::from([variant]), |item| item).await
}
