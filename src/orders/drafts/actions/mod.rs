//! The verbs of drafts, one file each.

pub mod complete;
pub mod create;
pub mod delete;
pub mod update;

pub use create::DraftOrderCreateInput;
pub use update::DraftOrderUpdateInput;

use entity::orders::draft_orders::Model;
use rules::states::DraftOrderStatus;
use rules::{ErrorCode, Problem};

use crate::kernel::{Error, Result};

/// Holds that a draft is none that became an order.
fn expect_open(draft: &Model) -> Result<()> {
    match draft.status {
        DraftOrderStatus::Open => Ok(()),
        DraftOrderStatus::Completed => {
            let message = "The draft became an order: change that instead.";
            Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "id", message)))
        }
    }
}
