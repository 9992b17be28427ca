//! Batched reads of categories.

use std::collections::HashMap;
use std::sync::Arc;

use entity::catalog::categories;
use rules::ids::CategoryId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Categories by id, deleted ones too: whoever shows them decides.
pub struct CategoryById;

impl Batch for CategoryById {
    type Key = CategoryId;
    type Value = Option<Arc<categories::Model>>;

    async fn load(ctx: &Ctx, keys: &[CategoryId]) -> Result<HashMap<CategoryId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The living categories directly under each, in the merchant's order.
pub struct CategoriesByParent;

impl Batch for CategoriesByParent {
    type Key = CategoryId;
    type Value = Vec<Arc<categories::Model>>;

    async fn load(ctx: &Ctx, keys: &[CategoryId]) -> Result<HashMap<CategoryId, Self::Value>> {
        let rows = store::list_children(&ctx.store().await?, keys).await?;
        let mut children: HashMap<_, Self::Value> = HashMap::new();
        for row in rows {
            if let Some(parent) = row.parent_id {
                children.entry(parent).or_default().push(Arc::new(row));
            }
        }
        Ok(children)
    }
}

/// What stands above each category, from the top of the tree down: one statement for any depth.
pub struct AncestorsByCategory;

impl Batch for AncestorsByCategory {
    type Key = CategoryId;
    type Value = Vec<Arc<categories::Model>>;

    async fn load(ctx: &Ctx, keys: &[CategoryId]) -> Result<HashMap<CategoryId, Self::Value>> {
        let mut ancestors: HashMap<_, Self::Value> = HashMap::new();
        for (category, above) in store::list_above(&ctx.store().await?, keys).await? {
            ancestors.entry(category).or_default().push(Arc::new(above));
        }
        Ok(ancestors)
    }
}
