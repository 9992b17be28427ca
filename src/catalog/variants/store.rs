//! Every query of variants that does not go through their product.

use entity::catalog::product_variants::{Column, Entity, Model};
use entity::catalog::{product_option_values, product_options, variant_option_values};
use rules::ids::{ProductId, ProductVariantId};
use sea_orm::{ColumnTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait};

use crate::kernel::db::{List, Tuples};
use crate::kernel::{Result, Scope, StoreScope, db, text};

/// Variants by id, deleted ones too.
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, ids: &[ProductVariantId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// The living variant with a stock number; case does not count.
///
/// # Errors
/// What the database says.
pub async fn find_by_sku(scope: &StoreScope, sku: &str) -> Result<Option<Model>> {
    let select = scope.find::<Entity>().filter(Column::SkuNormalized.eq(text::fold(sku)));
    Ok(select.filter(Column::DeletedAt.is_null()).first(scope.conn()).await?)
}

/// The product of a living variant.
pub async fn find_product(scope: &StoreScope, id: ProductVariantId) -> Result<Option<ProductId>> {
    let select = scope.find::<Entity>().filter(Column::Id.eq(id)).filter(Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?.map(|row| row.product_id))
}

/// What a variant answers to an option.
#[derive(Debug, Clone, entity::row::Row)]
pub struct Selected {
    /// The product.
    pub product_id: ProductId,
    /// The variant.
    pub variant_id: ProductVariantId,
    /// What is chosen, such as the size.
    pub name: String,
    /// What is chosen of it, such as M.
    pub value: String,
}

/// What all variants of products answer, in the order of the options.
///
/// # Errors
/// What the database says.
pub async fn list_selected(scope: &StoreScope, products: &[ProductId]) -> Result<Vec<Selected>> {
    let of_these = db::any_of(scope.conn(), product_option_values::Column::ProductId, products.iter().map(|id| id.0));
    let select = scope
        .find::<variant_option_values::Entity>()
        .select_only()
        .column(product_option_values::Column::ProductId)
        .column(variant_option_values::Column::VariantId)
        .column_as(product_options::Column::Name, "name")
        .column_as(product_option_values::Column::Name, "value")
        .join(JoinType::InnerJoin, variant_option_values::Relation::ProductOptionValues.def())
        .join(JoinType::InnerJoin, product_option_values::Relation::ProductOptions.def())
        .filter(of_these)
        .order_by_asc(product_options::Column::Position);
    Ok(select.tuples(scope.conn()).await?)
}
