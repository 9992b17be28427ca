//! What prices do when the catalog changes.

use rules::ids::ProductId;

use super::actions;
use crate::catalog::ListingChanged;
use crate::kernel::{Result, StoreScope, Tx};

/// Keeps the price ranges true: the price of a variant that is gone leaves them in the commit that
/// takes the variant away, a new variant enters them at once where its product has a price, and they
/// stand in the category in which the product does.
pub struct PriceRanges;

impl ListingChanged for PriceRanges {
    async fn listing_changed(tx: &Tx<StoreScope>, products: &[ProductId]) -> Result<()> {
        actions::refresh_ranges(tx, products).await
    }
}
