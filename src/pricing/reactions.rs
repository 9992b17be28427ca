//! What prices do when the catalog changes.

use rules::ids::ProductId;

use super::actions;
use crate::catalog::VariantsChanged;
use crate::kernel::{Result, StoreScope, Tx};

/// Keeps the price ranges true: the price of a variant that is gone leaves them in the commit that
/// takes the variant away, and a new variant enters them at once where its product has a price.
pub struct PriceRanges;

impl VariantsChanged for PriceRanges {
    async fn variants_changed(tx: &Tx<StoreScope>, products: &[ProductId]) -> Result<()> {
        actions::refresh_ranges(tx, products).await
    }
}
