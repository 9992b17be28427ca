//! Who must know, in the same commit, that a product is listed in another way now.
//!
//! Owns the one seam through which catalog's writes reach a domain above it without naming it: an action
//! that adds, removes or brings back variants, or moves a product to another category, takes a type that
//! implements [`ListingChanged`], and calls it before it commits. `schema.rs`, the import and the demo stand
//! above both and say which type that is: `VariantMutation<pricing::PriceRanges>`,
//! `variants::delete::run::<PriceRanges>`. An action can't be called without one, so nothing is forgotten.
//! Never decides what is to be done.

use rules::ids::ProductId;

use crate::kernel::{Result, StoreScope, Tx};

/// What follows, in the same transaction, from a change of the variants that live or of the category.
pub trait ListingChanged: Send + Sync + 'static {
    /// These products have other variants now, of which some were added, deleted or brought back, or stand in
    /// another category. Called after the rows are written, and after the product's row was changed or locked
    /// in `tx`, so that whoever changes the same product at the same time waits.
    ///
    /// # Errors
    /// What the database says; then the whole action fails.
    fn listing_changed(tx: &Tx<StoreScope>, products: &[ProductId]) -> impl Future<Output = Result<()>> + Send;
}
