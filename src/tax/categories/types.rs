//! How tax categories look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tax::tax_categories;
use rules::ids::TaxCategoryId;

use super::loaders::TaxCategoryById;
use crate::kernel::graph::{Load, object};
use crate::{connection, payload};

/// What goods are to the tax office.
#[derive(Clone)]
pub struct TaxCategory(pub Arc<tax_categories::Model>);

impl From<tax_categories::Model> for TaxCategory {
    fn from(row: tax_categories::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl TaxCategory {
    /// The living category of this id, where there is an id.
    pub fn of(id: Option<TaxCategoryId>) -> Load<TaxCategoryById, Option<Self>> {
        Load::<TaxCategoryById, _>::maybe(id, |row| row.filter(|row| row.deleted_at.is_none()).map(Self))
    }
}

/// What goods are to the tax office, such as books or food.
#[object]
impl TaxCategory {
    /// The tax category's id.
    fn id(&self) -> TaxCategoryId {
        self.0.id
    }

    /// The name to show; unique in the store, whatever its case.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether goods that name none belong to it.
    fn is_default(&self) -> bool {
        self.0.is_default
    }

    /// Goes up with each change; send it back as `expectedVersion`.
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

connection!(TaxCategoryConnection, TaxCategoryEdge, TaxCategory, "tax categories");

payload! {
    /// The answer of `taxCategoryCreate`.
    TaxCategoryCreatePayload {
        /// The new tax category.
        tax_category: TaxCategory,
    }
}

payload! {
    /// The answer of `taxCategoryUpdate`.
    TaxCategoryUpdatePayload {
        /// The tax category as it is now.
        tax_category: TaxCategory,
    }
}

payload! {
    /// The answer of `taxCategoryDelete`.
    TaxCategoryDeletePayload {
        /// The id of the deleted tax category.
        deleted_tax_category_id: TaxCategoryId,
    }
}
