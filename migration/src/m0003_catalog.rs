//! What a store sells and how it is arranged.

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
        // What products are to the tax office; how that is taxed stands with the zones.
        tenant_table("tax_categories")
            .text("name")
            .key("name_normalized")
            .flag("is_default")
            .version()
            .times()
            .soft_delete()
            .refers_to("stores", &["store_id"])
            .unique_where(&["store_id", "name_normalized"], alive())
            .unique_where(&["store_id", "is_default"], alive().and(Expr::col("is_default"))),
        tenant_table("brands")
            .text("name")
            .key("sort_name")
            .key("slug")
            .text("description_html").optional()
            .version()
            .times()
            .soft_delete()
            .refers_to("stores", &["store_id"])
            .unique_where(&["store_id", "slug"], alive())
            .index_where(&["store_id", "sort_name", "id"], alive()),
        tenant_table("categories")
            .id("parent_id").optional()
            .text("name")
            .key("sort_name")
            .key("slug")
            .text("description_html").optional()
            .small_count("position")
            .small_count("depth")
            .version()
            .times()
            .soft_delete()
            .check("parent", Expr::col("parent_id").ne(Expr::col("id")))
            .refers_to("stores", &["store_id"])
            .stands_beside("categories", &["store_id", "parent_id"])
            .unique_where(&["store_id", "slug"], alive())
            .index_where(&["store_id", "sort_name", "id"], alive())
            .index(&["store_id", "parent_id", "position", "id"]),
        tenant_table("products")
            .text("title")
            .key("sort_title")
            .key("slug")
            .text("product_type").optional()
            .one_of("status", &["DRAFT", "ACTIVE", "ARCHIVED"])
            .time("published_at").optional()
            .id("brand_id").optional()
            .id("category_id").optional()
            .id("tax_category_id").optional()
            .text("seo_title").optional()
            .text("seo_description").optional()
            .key("external_id").optional()
            .version()
            .times()
            .soft_delete()
            .refers_to("stores", &["store_id"])
            .refers_to("brands", &["store_id", "brand_id"])
            .refers_to("categories", &["store_id", "category_id"])
            .refers_to("tax_categories", &["store_id", "tax_category_id"])
            .unique_where(&["store_id", "slug"], alive())
            .index_where(&["store_id", "sort_title", "id"], alive())
            .index(&["store_id", "brand_id", "id"])
            .index(&["store_id", "category_id", "id"])
            .index_where(&["store_id", "category_id", "sort_title", "id"], alive())
            .index_where(&["store_id", "published_at"], given("published_at"))
            .index_where(&["store_id", "external_id"], given("external_id")),
        bare_table("product_descriptions")
            .id("store_id")
            .id("product_id")
            .text("html")
            .time("updated_at")
            .primary_key(&["store_id", "product_id"])
            .owned_by("products", &["store_id", "product_id"]),
        tenant_table("product_options")
            .id("product_id")
            .key("name")
            .small_count("position")
            .times()
            .owned_by("products", &["store_id", "product_id"])
            .unique(&["store_id", "product_id", "id"])
            .unique(&["store_id", "product_id", "name"]),
        tenant_table("product_option_values")
            .id("product_id")
            .id("option_id")
            .key("name")
            .small_count("position")
            .times()
            .owned_by("product_options", &["store_id", "product_id", "option_id"])
            .unique(&["store_id", "option_id", "id"])
            .unique(&["store_id", "option_id", "name"]),
        tenant_table("product_media")
            .id("product_id")
            .one_of("kind", &["IMAGE", "VIDEO"])
            .text("url")
            .text("alt").optional()
            .small_count("position")
            .small_ordinal("width").optional()
            .small_ordinal("height").optional()
            .times()
            .owned_by("products", &["store_id", "product_id"])
            .index(&["store_id", "product_id", "position", "id"]),
        tenant_table("product_variants")
            .id("product_id")
            .text("title")
            .key("option_key")
            .text("sku").optional()
            .key("sku_normalized").optional()
            .text("barcode").optional()
            .count("weight_grams").optional()
            .flag("requires_shipping")
            .flag("taxable")
            .id("tax_category_id").optional()
            .text("tax_code").optional()
            .amount("cost_amount").optional()
            .currency("cost_currency").optional()
            .id("media_id").optional()
            .small_count("position")
            .key("external_id").optional()
            .version()
            .times()
            .soft_delete()
            .check("sku", given("sku").and(given("sku_normalized")).or(absent("sku").and(absent("sku_normalized"))))
            .check(
                "cost",
                given("cost_amount").and(given("cost_currency")).or(absent("cost_amount").and(absent("cost_currency"))),
            )
            .owned_by("products", &["store_id", "product_id"])
            .refers_to("tax_categories", &["store_id", "tax_category_id"])
            .stands_beside("product_media", &["store_id", "media_id"])
            .unique(&["store_id", "product_id", "id"])
            .unique_where(&["store_id", "product_id", "option_key"], alive())
            .unique_where(&["store_id", "sku_normalized"], alive().and(given("sku_normalized")))
            .index(&["store_id", "product_id", "position", "id"])
            .index_where(&["store_id", "external_id"], given("external_id")),
        bare_table("variant_option_values")
            .id("store_id")
            .id("variant_id")
            .id("option_id")
            .id("option_value_id")
            .primary_key(&["store_id", "variant_id", "option_id"])
            .owned_by("product_variants", &["store_id", "variant_id"])
            .stands_beside("product_option_values", &["store_id", "option_id", "option_value_id"]),
        tenant_table("collections")
            .text("title")
            .key("sort_title")
            .key("slug")
            .text("description_html").optional()
            .time("published_at").optional()
            .version()
            .times()
            .soft_delete()
            .refers_to("stores", &["store_id"])
            .unique_where(&["store_id", "slug"], alive())
            .index_where(&["store_id", "sort_title", "id"], alive())
            .index_where(&["store_id", "published_at"], given("published_at")),
        bare_table("collection_products")
            .id("store_id")
            .id("collection_id")
            .id("product_id")
            .count("position")
            .time("created_at")
            .primary_key(&["store_id", "collection_id", "product_id"])
            .owned_by("collections", &["store_id", "collection_id"])
            .owned_by("products", &["store_id", "product_id"])
            .index(&["store_id", "collection_id", "position", "product_id"]),
        tenant_table("tags")
            .text("name")
            .key("name_normalized")
            .times()
            .refers_to("stores", &["store_id"])
            .unique(&["store_id", "name_normalized"]),
        bare_table("product_tags")
            .id("store_id")
            .id("product_id")
            .id("tag_id")
            .primary_key(&["store_id", "product_id", "tag_id"])
            .owned_by("products", &["store_id", "product_id"])
            .owned_by("tags", &["store_id", "tag_id"])
            .index(&["store_id", "tag_id", "product_id"]),
    ]
}
