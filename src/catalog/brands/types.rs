//! How brands look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::catalog::brands;
use rules::ids::BrandId;
use rules::permission::Permission;

use super::store::BrandFilter;
use crate::gate::directives::requires;
use crate::kernel::graph::object;
use crate::{connection, payload};

/// The maker of products.
#[derive(Clone)]
pub struct Brand(pub Arc<brands::Model>);

impl From<brands::Model> for Brand {
    fn from(row: brands::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// The maker of products.
#[object]
impl Brand {
    /// The brand's id.
    fn id(&self) -> BrandId {
        self.0.id
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The name in addresses; unique in the store.
    fn slug(&self) -> &str {
        &self.0.slug
    }

    /// What the brand is about, as HTML that is safe to show.
    fn description_html(&self) -> Option<&str> {
        self.0.description_html.as_deref()
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    #[graphql(directive = requires::apply(Permission::CollectionsRead))]
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// Which brands to list.
#[derive(InputObject, Default, Clone)]
pub struct BrandFilterInput {
    /// Those whose name starts with this; case and accents do not count.
    name_prefix: Option<String>,
    /// The deleted ones instead of the living; needs COLLECTIONS_READ.
    #[graphql(default)]
    deleted: bool,
}

impl From<BrandFilterInput> for BrandFilter {
    fn from(input: BrandFilterInput) -> Self {
        Self { name_prefix: input.name_prefix, deleted: input.deleted }
    }
}

/// In which order brands are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum BrandSort {
    /// By name, from A to Z.
    #[default]
    Name,
    /// By name, from Z to A.
    NameDescending,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(BrandConnection, BrandEdge, Brand, "brands");

payload! {
    /// The answer of `brandCreate`.
    BrandCreatePayload {
        /// The new brand.
        brand: Brand,
    }
}

payload! {
    /// The answer of `brandUpdate`.
    BrandUpdatePayload {
        /// The brand as it is now.
        brand: Brand,
    }
}

payload! {
    /// The answer of `brandDelete`.
    BrandDeletePayload {
        /// The id of the deleted brand.
        deleted_brand_id: BrandId,
    }
}

payload! {
    /// The answer of `brandRestore`.
    BrandRestorePayload {
        /// The brand as it is now.
        brand: Brand,
    }
}
