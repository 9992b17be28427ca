//! What can be done to products, one file each.

pub mod create;
pub mod delete;
pub mod options_set;
pub mod publish;
pub mod restore;
pub mod unpublish;
pub mod update;

pub use create::{ProductCreateInput, ProductOptionInput};
pub use update::ProductUpdateInput;

use async_graphql::{InputObject, MaybeUndefined};

use super::draft::Change;

/// What search engines are told. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct SeoInput {
    /// The title; the page's own where it is null.
    pub title: MaybeUndefined<String>,
    /// The description.
    pub description: MaybeUndefined<String>,
}

/// The two changes that an input says: of the title and of the description. Null clears both.
fn seo(input: MaybeUndefined<SeoInput>) -> (Change<Option<String>>, Change<Option<String>>) {
    match input {
        MaybeUndefined::Undefined => (Change::Keep, Change::Keep),
        MaybeUndefined::Null => (Change::Set(None), Change::Set(None)),
        MaybeUndefined::Value(seo) => (seo.title.into(), seo.description.into()),
    }
}
