//! How a type of the graph is found by nothing but its id.

use rules::ids::TypedId;

use super::ctx::Ctx;
use super::error::Result;

/// A type of the graph that can be found by its id.
///
/// The type's own root field (`brand(id)`) and `node(id)` both ask here, so that they show the same to
/// the same caller. To add one, implement it in the domain's `query.rs`, and add its line in `node.rs`.
pub trait ById: Sized {
    /// The type of its id.
    type Id: TypedId;

    /// The thing, where it is there and the caller may see it; `None` alike where it never was, is
    /// another store's, is hidden from this caller, or needs a permission that the caller lacks. Read
    /// through a loader, so that many ids cost one statement.
    ///
    /// # Errors
    /// `StoreRequired` where it belongs to a store and the request names none; what the loader fails with.
    fn by_id(ctx: &Ctx, id: Self::Id) -> impl Future<Output = Result<Option<Self>>> + Send;
}
