//! The graph below its roots: how objects become the text of an answer.
//!
//! The engine keeps the schema, introspection, validation and the root fields. From a root field's value on,
//! this module walks the selection: level by level, for all objects of a list at once, so that a relation is
//! one batch however many objects want it, and a plain field is a plain function. What comes out is the JSON
//! text itself; fields stand in the query's order, and a null where none may stand takes its nearest parent
//! that may be null.
//!
//! A domain writes [`object`] on a type and on the `impl` block of its fields, and gets all of this. It says
//! [`Load`] where a field is read in a batch, and implements nothing here by hand.

mod answer;
mod at;
mod column;
mod interface;
mod load;
mod money;
mod output;
mod register;
mod selection;
#[cfg(test)]
mod tests;
mod wait;

pub use super::error::Result;
pub use answer::answer;
pub use at::{At, Step};
pub use column::Column;
pub use load::Load;
pub use macros::object;
pub use output::{Later, LeafValues, Members, ObjectValues, Output, Stored, Values, objects};
pub use register::{argument, directive, field, interface as register_interface, object as register_object};

/// The response key of the private `__typename` that the gate adds, the response writer reads, and nobody is
/// shown.
pub const PRIVATE_TYPENAME: &str = "__stoa_typename";

/// A GraphQL object. The attribute [`object`] implements it.
pub trait Object: Send + Sync + Sized + 'static {
    /// The name in the schema.
    const NAME: &'static str;

    /// The place of a field, by its name in the schema.
    fn field(name: &str) -> Option<usize>;

    /// Starts one field of many objects: its text in each of them.
    fn column<'x>(objects: &'x [&'x Self], field: usize, at: At<'x>) -> Step<'x>;
}
