//! An order gives back what it used.

use rules::Money;
use rules::ids::OrderId;

use super::store;
use crate::kernel::{Result, StoreScope, Tx};

/// Gives back what an order used, in the caller's transaction: when it is canceled, or does not come about. Once: what
/// was given back already, and what was never taken, changes nothing.
///
/// # Errors
/// What the database says.
pub async fn give_back(tx: &Tx<StoreScope>, order: OrderId) -> Result<()> {
    let codes = store::codes_of(tx, order).await?;
    if !codes.is_empty() {
        store::lock_codes_by_ids(tx, &codes).await?;
        for code in store::cancel_redemptions(tx, order, &codes).await? {
            store::uncount_code(tx, code).await?;
        }
    }
    let promotions = store::promotions_of(tx, order).await?;
    if !promotions.is_empty() {
        store::lock_promotions(tx, &promotions).await?;
        for applied in store::cancel_applied(tx, order, &promotions).await? {
            let amount = Money::from_minor(applied.amount, applied.currency);
            store::uncount_promotion(tx, applied.promotion_id, amount).await?;
        }
    }
    Ok(())
}
