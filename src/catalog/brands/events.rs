//! What is told of brands.

use entity::catalog::brands;
use rules::ids::BrandId;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A brand as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BrandSnapshot {
    /// The id.
    pub id: BrandId,
    /// The name.
    pub name: String,
    /// The name in addresses.
    pub slug: String,
    /// The cleaned description.
    pub description_html: Option<String>,
    /// The version.
    pub version: i64,
}

impl From<&brands::Model> for BrandSnapshot {
    fn from(row: &brands::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            slug: row.slug.clone(),
            description_html: row.description_html.clone(),
            version: row.version,
        }
    }
}

macro_rules! brand_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The brand after the change, or before it was deleted.
                pub brand: BrandSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "brand";

                fn aggregate_id(&self) -> String {
                    self.brand.id.to_string()
                }
            }
        )+
    };
}

brand_events! {
    /// A brand was created.
    BrandCreated = "brand.created",
    /// A brand was changed.
    BrandUpdated = "brand.updated",
    /// A brand was deleted.
    BrandDeleted = "brand.deleted",
    /// A deleted brand was brought back.
    BrandRestored = "brand.restored",
}
