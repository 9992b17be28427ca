//! The one query of what there is of the variants of many products.

use chrono::{DateTime, Utc};
use entity::catalog::product_variants;
use entity::inventory::{inventory_items, inventory_levels, inventory_settings, stock_reservations};
use rules::ids::{LocationId, ProductId, ProductVariantId};
use rules::states::InventoryPolicy;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait};

use crate::kernel::db::Tuples;
use crate::kernel::{Result, Scope, StoreScope, db};

/// One level of a variant, with what is known of its item and its store beside it. A variant without any level
/// has one row, in which those are null.
#[derive(Debug, entity::row::Row)]
pub struct Row {
    pub product_id: ProductId,
    pub variant_id: ProductVariantId,
    pub tracked: Option<bool>,
    pub policy: Option<InventoryPolicy>,
    pub backorder_limit: Option<i64>,
    pub expected_at: Option<DateTime<Utc>>,
    pub safety_stock: Option<i64>,
    pub location_id: Option<LocationId>,
    pub on_hand: Option<i64>,
    pub reserved: Option<i64>,
    pub held: Option<i64>,
    pub low_stock: Option<i64>,
    pub shows_counts: Option<bool>,
}

/// What there is of every living variant of some products at a moment, the levels of one variant together. Levels
/// at locations that were deleted hold nothing, and so count for nothing.
pub async fn list_by_products(scope: &StoreScope, products: &[ProductId], now: DateTime<Utc>) -> Result<Vec<Row>> {
    use product_variants::Column as Variant;
    use stock_reservations::Column as Kept;
    // Of each level: carts that hold something of it are few.
    let held = scope
        .find::<stock_reservations::Entity>()
        .select_only()
        .expr(Expr::from(Func::coalesce([Kept::Quantity.sum().cast_as("bigint"), Expr::val(0_i64)])))
        .filter(Kept::LevelId.into_expr().equals(inventory_levels::Column::Id.as_column_ref()))
        .filter(Kept::ExpiresAt.gt(now))
        .into_query();
    let settings = |column: inventory_settings::Column| {
        let select = scope.find::<inventory_settings::Entity>().select_only().column(column).into_query();
        Expr::SubQuery(None, Box::new(select.into()))
    };
    let select = scope
        .find::<product_variants::Entity>()
        .select_only()
        .column(Variant::ProductId)
        .column_as(Variant::Id, "variant_id")
        .columns([
            inventory_items::Column::Tracked,
            inventory_items::Column::Policy,
            inventory_items::Column::BackorderLimit,
            inventory_items::Column::ExpectedAt,
            inventory_items::Column::SafetyStock,
        ])
        .columns([
            inventory_levels::Column::LocationId,
            inventory_levels::Column::OnHand,
            inventory_levels::Column::Reserved,
        ])
        .column_as(Expr::SubQuery(None, Box::new(held.into())), "held")
        .column_as(settings(inventory_settings::Column::LowStock), "low_stock")
        .column_as(settings(inventory_settings::Column::ShowsCounts), "shows_counts")
        .join(JoinType::LeftJoin, inventory_items::Relation::ProductVariants.def().rev())
        .join(JoinType::LeftJoin, inventory_levels::Relation::InventoryItems.def().rev())
        .filter(db::any_of(scope.conn(), Variant::ProductId, products.iter().map(|id| id.0)))
        .filter(Variant::DeletedAt.is_null())
        .order_by_asc(Variant::Id);
    Ok(select.tuples(scope.conn()).await?)
}
