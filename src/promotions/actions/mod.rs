//! What can be done to promotions, one file each.

pub mod create;
pub mod delete;
mod references;
mod terms;
pub mod update;

pub use create::PromotionCreateInput;
pub use terms::{PriceChangeInput, PromotionActionInput, PromotionConditionInput};
pub use update::PromotionUpdateInput;

use rules::ids::PromotionId;
use rules::{ErrorCode, Problem};

use super::store;
use crate::kernel::{Error, Result, StoreScope, Tx, input};

/// Promotions that are enabled and not over, at the most: every basket is tried on all of them.
const MAX_OFFERED: u64 = 500;

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    input::line("name", raw, 1, MAX_NAME)
}

/// Refuses one more promotion that counts, where the store has as many as it may. Whoever calls holds the store.
async fn expect_room(tx: &Tx<StoreScope>, except: Option<PromotionId>) -> Result<()> {
    if store::count_offered(tx, tx.ctx().now(), except).await? < MAX_OFFERED {
        return Ok(());
    }
    let message =
        format!("A store has {MAX_OFFERED} promotions at the most that are enabled and not over: disable one first.");
    Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "enabled", message)))
}
