//! The things that are sold.
//!
//! Owns products as a whole: their own fields, their options, and the door through which they and their
//! variants, media and tags are written together. Visitors see those that are active and published. Never
//! knows what anything costs or how much of it there is.
//!
//! An import or a loader fills a [`ProductDraft`], checks it, and hands it to [`save()`] in a transaction
//! of its own; what went wrong is told by [`explain`].

mod actions;
mod aggregate;
mod draft;
mod events;
mod loaders;
mod mutation;
mod query;
mod save;
mod store;
mod subscription;
mod types;

pub use actions::{ProductCreateInput, ProductOptionInput, ProductUpdateInput, SeoInput, create as product_create};
pub use aggregate::{Mint, OptionState, ProductAggregate, VariantState};
pub use draft::{
    Change, Checked, MAX_MEDIA, MAX_OPTIONS, MAX_TAGS, MAX_VALUES, MAX_VARIANTS, MediaChoice, MediaDraft, OptionDraft,
    Others, ProductDetails, ProductDraft, SelectedOption, VariantDraft, VariantTarget, alone, check_media,
    check_medium, check_variants, listed,
};
pub use events::{MediaSnapshot, ProductSnapshot, VariantSnapshot};
pub use loaders::{OptionsByProduct, ProductById, ProductsInside};
pub use mutation::ProductMutation;
pub use query::ProductQuery;
pub use save::{Edit, Outcome, Saved, create, explain, explain_variants, open, save, variant_references};
pub use store::{
    Parent, ProductFilter, Viewer, find_by_slug, list, list_by_ids, list_media, list_variants, moments, sort,
};
pub use subscription::ProductSubscription;
pub use types::{
    Product, ProductConnection, ProductEdge, ProductFilterInput, ProductOption, ProductOptionValue, ProductSort,
};
