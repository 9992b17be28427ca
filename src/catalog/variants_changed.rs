//! Who must know, in the same commit, that a product's variants are others now.
//!
//! Owns the one seam through which catalog's writes reach a domain above it without naming it: an action
//! that adds, removes or brings back variants takes a type that implements [`VariantsChanged`], and calls
//! it before it commits. `schema.rs`, the import and the demo stand above both and say which type that
//! is: `VariantMutation<pricing::PriceRanges>`, `variants::delete::run::<PriceRanges>`. An action can't be
//! called without one, so nothing is forgotten. Never decides what is to be done.

use rules::ids::ProductId;

use crate::kernel::{Result, StoreScope, Tx};

/// What follows, in the same transaction, from a change of the variants that live.
pub trait VariantsChanged: Send + Sync + 'static {
    /// The variants of these products are others now: some were added, deleted or brought back. Called
    /// after the rows are written, and after the product's row was changed or locked in `tx`, so that
    /// whoever changes the same product at the same time waits.
    ///
    /// # Errors
    /// What the database says; then the whole action fails.
    fn variants_changed(tx: &Tx<StoreScope>, products: &[ProductId]) -> impl Future<Output = Result<()>> + Send;
}
