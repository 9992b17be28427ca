//! An order with all that hangs on it, as it is told to the world and kept in the audit log.

use entity::orders::orders::Model;

use super::events::OrderSnapshot;
use super::store;
use crate::kernel::{Result, StoreScope};

/// An order as it is now.
///
/// # Errors
/// What the database says.
pub async fn snapshot(scope: &StoreScope, order: &Model) -> Result<OrderSnapshot> {
    let of = [order.id];
    let lines = store::list_lines(scope, &of).await?;
    let shipping = store::list_shipping_lines(scope, &of).await?;
    let addresses = store::list_addresses(scope, &of).await?;
    let discounts = store::list_discounts(scope, &of).await?;
    let tags = store::list_tags(scope, &of).await?;
    Ok(OrderSnapshot::of(order, &lines, &shipping, &addresses, &discounts, &tags))
}
