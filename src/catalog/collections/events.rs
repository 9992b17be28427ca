//! What is told of collections.

use chrono::{DateTime, Utc};
use entity::catalog::collections;
use rules::ids::{CollectionId, ProductId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A collection as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CollectionSnapshot {
    /// The id.
    pub id: CollectionId,
    /// The title.
    pub title: String,
    /// The name in addresses.
    pub slug: String,
    /// From when storefronts show it.
    pub published_at: Option<DateTime<Utc>>,
    /// The cleaned description.
    pub description_html: Option<String>,
    /// The version.
    pub version: i64,
}

impl From<&collections::Model> for CollectionSnapshot {
    fn from(row: &collections::Model) -> Self {
        Self {
            id: row.id,
            title: row.title.clone(),
            slug: row.slug.clone(),
            published_at: row.published_at,
            description_html: row.description_html.clone(),
            version: row.version,
        }
    }
}

macro_rules! collection_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The collection after the change, or before it was deleted.
                pub collection: CollectionSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "collection";

                fn aggregate_id(&self) -> String {
                    self.collection.id.to_string()
                }
            }
        )+
    };
}

collection_events! {
    /// A collection was created.
    CollectionCreated = "collection.created",
    /// A collection was changed.
    CollectionUpdated = "collection.updated",
    /// A collection was deleted.
    CollectionDeleted = "collection.deleted",
    /// A deleted collection was brought back.
    CollectionRestored = "collection.restored",
}

macro_rules! collection_product_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The collection after the change.
                pub collection: CollectionSnapshot,
                /// The products that the change names, in their order.
                pub product_ids: Vec<ProductId>,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "collection";

                fn aggregate_id(&self) -> String {
                    self.collection.id.to_string()
                }
            }
        )+
    };
}

collection_product_events! {
    /// A collection was given these products and no others.
    CollectionProductsSet = "collection_products.set",
    /// Products were put behind those of a collection.
    CollectionProductsAdded = "collection_products.added",
    /// Products were taken out of a collection.
    CollectionProductsRemoved = "collection_products.removed",
}

/// Which products stand in a collection, for the audit log.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// The products in their order.
    pub product_ids: Vec<ProductId>,
}
