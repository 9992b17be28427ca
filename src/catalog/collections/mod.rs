//! Sets of products that a merchant chose by hand.
//!
//! Owns collections, their time of publication, and which products stand in them in which order. Visitors
//! see those that are published and not deleted. Never decides whether a product is shown: a hidden
//! product stays hidden in every collection.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{CollectionCreateInput, create, products_set};
pub use loaders::CollectionById;
pub use mutation::CollectionMutation;
pub use query::CollectionQuery;
pub use store::members::{hand_made_order, is_in, list_all_products, list_by_products, list_products};
pub use store::{find_by_slug, list_by_ids, moments};
pub use types::{Collection, CollectionConnection};

use entity::catalog::collections;
use rules::permission::Permission;

use crate::kernel::Ctx;

/// Whether the caller may see a collection: staff any that is not deleted, visitors those published.
pub fn is_shown(ctx: &Ctx, row: &collections::Model) -> bool {
    let published = || row.published_at.is_some_and(|time| time <= ctx.now());
    row.deleted_at.is_none() && (ctx.may(Permission::CollectionsRead) || published())
}
