//! Throws away holds that are over.

use super::super::store;
use crate::kernel::{Action, Ctx, Result};

/// Throws away holds of the store that are over, `most` of them, and answers how many there were: fewer than
/// `most` means that none are left. They count nowhere already, so nothing looks otherwise afterwards, and
/// many may do it at once.
///
/// # Errors
/// What the database says.
pub async fn tidy(ctx: &Ctx, most: u64) -> Result<u64> {
    let tx = ctx.begin_store(Action::StockReservationsTidy).await?;
    let gone = store::delete_expired(&tx, ctx.now(), most).await?;
    tx.commit_unaudited("holds that are over are nobody's any more").await?;
    Ok(gone)
}
