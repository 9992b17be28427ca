//! What things cost.

use sea_orm_migration::prelude::*;

use crate::table::*;

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, tables()).await
    }
}

fn tables() -> Vec<NewTable> {
    vec![
        // Four unique indexes, because a null is unlike every other null: for the prices of a variant and those of
        // the whole product, each for everybody and for a segment.
        tenant_table("prices")
            .id("product_id")
            .id("variant_id").optional()
            .id("segment_id").optional()
            .currency("currency")
            .small_ordinal("minimum_quantity")
            .amount("amount")
            .amount("compare_at_amount").optional()
            .time("valid_from")
            .time("valid_to").optional()
            .times()
            .check("window", Expr::col("valid_to").gt(Expr::col("valid_from")))
            .owned_by("products", &["store_id", "product_id"])
            .owned_by("product_variants", &["store_id", "product_id", "variant_id"])
            .refers_to("segments", &["store_id", "segment_id"])
            .unique_where(
                &["store_id", "product_id", "currency", "minimum_quantity", "valid_from"],
                absent("variant_id").and(absent("segment_id")),
            )
            .unique_where(
                &["store_id", "variant_id", "currency", "minimum_quantity", "valid_from"],
                given("variant_id").and(absent("segment_id")),
            )
            .unique_where(
                &["store_id", "product_id", "segment_id", "currency", "minimum_quantity", "valid_from"],
                absent("variant_id").and(given("segment_id")),
            )
            .called("uq_prices_product_segment")
            .unique_where(
                &["store_id", "variant_id", "segment_id", "currency", "minimum_quantity", "valid_from"],
                given("variant_id").and(given("segment_id")),
            )
            .called("uq_prices_variant_segment")
            .index(&["store_id", "valid_from"])
            .index_where(&["store_id", "valid_to"], given("valid_to")),
        bare_table("product_price_ranges")
            .id("store_id")
            .id("product_id")
            .currency("currency")
            .time("valid_from")
            .time("valid_to").optional()
            .amount("min_amount")
            .amount("max_amount")
            // The product's, beside what its category is sorted by.
            .id("category_id").optional()
            .time("updated_at")
            .primary_key(&["store_id", "product_id", "currency", "valid_from"])
            .check("window", Expr::col("valid_to").gt(Expr::col("valid_from")))
            .check("range", Expr::col("min_amount").lte(Expr::col("max_amount")))
            .owned_by("products", &["store_id", "product_id"])
            .refers_to("categories", &["store_id", "category_id"])
            .index(&["store_id", "currency", "min_amount", "product_id"])
            .index(&["store_id", "category_id", "currency", "min_amount", "product_id"])
            .called("ix_product_price_ranges_category_min_amount"),
    ]
}
