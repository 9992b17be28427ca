//! What is told of tax categories.

use entity::tax::tax_categories;
use rules::ids::TaxCategoryId;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A tax category as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxCategorySnapshot {
    /// The id.
    pub id: TaxCategoryId,
    /// The name.
    pub name: String,
    /// Whether goods that name none belong to it.
    pub is_default: bool,
    /// The version.
    pub version: i64,
}

impl From<&tax_categories::Model> for TaxCategorySnapshot {
    fn from(row: &tax_categories::Model) -> Self {
        Self { id: row.id, name: row.name.clone(), is_default: row.is_default, version: row.version }
    }
}

macro_rules! tax_category_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The tax category after the change.
                pub tax_category: TaxCategorySnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "tax_category";

                fn aggregate_id(&self) -> String {
                    self.tax_category.id.to_string()
                }
            }
        )+
    };
}

tax_category_events! {
    /// A tax category was created.
    TaxCategoryCreated = "tax_category.created",
    /// A tax category was changed.
    TaxCategoryUpdated = "tax_category.updated",
    /// A tax category was deleted.
    TaxCategoryDeleted = "tax_category.deleted",
}
