//! How collections look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::catalog::collections;
use rules::ids::CollectionId;
use rules::permission::Permission;

use crate::catalog::products::{Parent, ProductConnection, ProductSort, ProductsInside};
use crate::gate::directives::requires;
use crate::kernel::graph::{Load, object};
use crate::kernel::page::PageArgs;
use crate::kernel::{Ctx, Result};
use crate::{connection, payload};

/// A set of products that the merchant chose by hand, in an order of its own.
#[derive(Clone)]
pub struct Collection(pub Arc<collections::Model>);

impl From<collections::Model> for Collection {
    fn from(row: collections::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A set of products that the merchant chose by hand, in an order of its own.
#[object]
impl Collection {
    /// The collection's id.
    fn id(&self) -> CollectionId {
        self.0.id
    }

    /// The name to show.
    fn title(&self) -> &str {
        &self.0.title
    }

    /// The name in addresses; unique in the store.
    fn slug(&self) -> &str {
        &self.0.slug
    }

    /// What the collection is about, as HTML that is safe to show.
    fn description_html(&self) -> Option<&str> {
        self.0.description_html.as_deref()
    }

    /// From when storefronts show it; null hides it.
    fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }

    /// The products that stand in it, in the merchant's order where no other is asked for. Storefronts see
    /// those that are active and published.
    fn products(
        &self,
        ctx: &Ctx,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "In which order.", default = ProductSort::Collection)] sort: ProductSort,
    ) -> Result<Load<ProductsInside, Option<ProductConnection>>> {
        ProductConnection::inside(ctx, Parent::Collection(self.0.id), sort, PageArgs { first, after, last, before })
    }

    /// Goes up with each change, that of its products too; send it back as `expectedVersion`.
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

/// Which collections to list.
#[derive(InputObject, Default, Clone)]
pub struct CollectionFilterInput {
    /// Those whose title starts with this; case and accents do not count.
    pub title_prefix: Option<String>,
    /// Those that storefronts show now, or those that they do not; needs COLLECTIONS_READ.
    pub published: Option<bool>,
    /// The deleted ones instead of the living; needs COLLECTIONS_READ.
    #[graphql(default)]
    pub deleted: bool,
}

/// In which order collections are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum CollectionSort {
    /// By title, from A to Z.
    #[default]
    Title,
    /// By title, from Z to A.
    TitleDescending,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(CollectionConnection, CollectionEdge, Collection, "collections");

payload! {
    /// The answer of `collectionCreate`.
    CollectionCreatePayload {
        /// The new collection.
        collection: Collection,
    }
}

payload! {
    /// The answer of `collectionUpdate`.
    CollectionUpdatePayload {
        /// The collection as it is now.
        collection: Collection,
    }
}

payload! {
    /// The answer of `collectionProductsSet`.
    CollectionProductsSetPayload {
        /// The collection as it is now.
        collection: Collection,
    }
}

payload! {
    /// The answer of `collectionProductsAdd`.
    CollectionProductsAddPayload {
        /// The collection as it is now.
        collection: Collection,
    }
}

payload! {
    /// The answer of `collectionProductsRemove`.
    CollectionProductsRemovePayload {
        /// The collection as it is now.
        collection: Collection,
    }
}

payload! {
    /// The answer of `collectionDelete`.
    CollectionDeletePayload {
        /// The id of the deleted collection.
        deleted_collection_id: CollectionId,
    }
}

payload! {
    /// The answer of `collectionRestore`.
    CollectionRestorePayload {
        /// The collection as it is now.
        collection: Collection,
    }
}
