//! The attribute `#[object]`: a GraphQL object out of a plain Rust type. And the derive `Row`: an entity's model
//! out of the columns of a row.
//!
//! It owns the translation of a type's fields into what the engine's registry must know of them, and
//! into the columns that the product's own executor writes. It never decides how values are loaded or
//! written; that is `kernel::graph`.

mod attributes;
mod field;
mod object;
mod row;

use proc_macro::TokenStream;

/// Makes a GraphQL object of a type.
///
/// On a struct, each field of it is a field of the object. On an `impl` block, each function is one:
///
/// - `fn title(&self) -> &str` is worked out on the spot. It may return a `Result`.
/// - `fn brand(&self) -> Load<BrandById, Option<Brand>>` is read for all objects of a list at once. It may
///   return a `Result` of one.
/// - `async fn sessions(&self, ctx: &Ctx) -> Result<Vec<Session>>` does what the other two can't.
///
/// A parameter `ctx: &Ctx` is the request's context; every other one is an argument of the field, with
/// `#[graphql(desc = "…", default = …)]` as the engine's own attribute has them. Doc comments become
/// descriptions; `#[graphql(name = "…", directive = …)]` goes to the schema.
#[proc_macro_attribute]
pub fn object(attribute: TokenStream, item: TokenStream) -> TokenStream {
    object::expand(attribute.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Reads an entity's model from a row by the places of its columns, which are those of its fields.
#[proc_macro_derive(Row)]
pub fn row(item: TokenStream) -> TokenStream {
    row::expand(item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
