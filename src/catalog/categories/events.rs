//! What is told of categories.

use entity::catalog::categories;
use rules::ids::CategoryId;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A category as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CategorySnapshot {
    /// The id.
    pub id: CategoryId,
    /// The name.
    pub name: String,
    /// The name in addresses.
    pub slug: String,
    /// The category above.
    pub parent_id: Option<CategoryId>,
    /// The place among the categories under the same parent.
    pub position: i32,
    /// The cleaned description.
    pub description_html: Option<String>,
    /// The version.
    pub version: i64,
}

impl From<&categories::Model> for CategorySnapshot {
    fn from(row: &categories::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            slug: row.slug.clone(),
            parent_id: row.parent_id,
            position: row.position,
            description_html: row.description_html.clone(),
            version: row.version,
        }
    }
}

macro_rules! category_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The category after the change, or before it was deleted.
                pub category: CategorySnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "category";

                fn aggregate_id(&self) -> String {
                    self.category.id.to_string()
                }
            }
        )+
    };
}

category_events! {
    /// A category was created.
    CategoryCreated = "category.created",
    /// A category was changed or moved.
    CategoryUpdated = "category.updated",
    /// A category was deleted.
    CategoryDeleted = "category.deleted",
    /// A deleted category was brought back.
    CategoryRestored = "category.restored",
}
