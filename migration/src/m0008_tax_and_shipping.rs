//! What taxes lie on what, and what it costs to ship.

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

/// A thousand times the net, in millionths: beyond it is no tax.
const MAX_RATE: i32 = 1_000_000_000;

fn tables() -> Vec<NewTable> {
    [taxes(), shipping()].into_iter().flatten().collect()
}

fn taxes() -> Vec<NewTable> {
    vec![
        tenant_table("tax_zones")
            .text("name")
            .version()
            .times()
            .refers_to("stores", &["store_id"]),
        territory(bare_table("tax_zone_territories").id("store_id").id("zone_id"))
            .owned_by("tax_zones", &["store_id", "zone_id"])
            .unique(&["store_id", "claim"])
            .index(&["store_id", "country"]),
        // Two unique indexes, because a null is unlike every other null.
        tenant_table("tax_rates")
            .id("zone_id")
            .id("category_id").optional()
            .key("name")
            .count("rate_millionths")
            .version()
            .times()
            .check("rate", Expr::col("rate_millionths").lte(MAX_RATE))
            .owned_by("tax_zones", &["store_id", "zone_id"])
            .refers_to("tax_categories", &["store_id", "category_id"])
            .unique_where(&["store_id", "zone_id", "name"], absent("category_id"))
            .unique_where(&["store_id", "zone_id", "category_id", "name"], given("category_id")),
        bare_table("tax_settings")
            .id("store_id")
            .country("origin_country").optional()
            .key("origin_region").optional()
            .key("origin_postal_code").optional()
            .one_of("shipping_tax", &["CATEGORY", "LINES"])
            .id("shipping_category_id").optional()
            .key("provider").optional()
            .one_of("on_provider_failure", &["OWN_RATES", "REFUSE"])
            .version()
            .times()
            .primary_key(&["store_id"])
            .check(
                "origin",
                given("origin_country").or(absent("origin_region").and(absent("origin_postal_code"))),
            )
            .check("shipping_category", absent("shipping_category_id").or(Expr::col("shipping_tax").eq("CATEGORY")))
            .owned_by("stores", &["store_id"])
            .refers_to("tax_categories", &["store_id", "shipping_category_id"]),
    ]
}

fn shipping() -> Vec<NewTable> {
    vec![
        tenant_table("shipping_profiles")
            .text("name")
            .key("name_normalized")
            .flag("is_default")
            .version()
            .times()
            .refers_to("stores", &["store_id"])
            .unique(&["store_id", "name_normalized"])
            .unique_where(&["store_id", "is_default"], Expr::col("is_default")),
        bare_table("shipping_profile_products")
            .id("store_id")
            .id("product_id")
            .id("profile_id")
            .time("created_at")
            .primary_key(&["store_id", "product_id"])
            .owned_by("products", &["store_id", "product_id"])
            .refers_to("shipping_profiles", &["store_id", "profile_id"])
            .index(&["store_id", "profile_id", "product_id"]),
        tenant_table("shipping_zones")
            .id("profile_id")
            .text("name")
            .version()
            .times()
            .owned_by("shipping_profiles", &["store_id", "profile_id"])
            .unique(&["store_id", "profile_id", "id"]),
        territory(bare_table("shipping_zone_territories").id("store_id").id("zone_id").id("profile_id"))
            .owned_by("shipping_zones", &["store_id", "profile_id", "zone_id"])
            .unique(&["store_id", "profile_id", "claim"]),
        tenant_table("shipping_rates")
            .id("zone_id")
            .key("name")
            .one_of("pricing", &["FLAT", "BY_WEIGHT", "BY_PRICE"])
            .count("min_grams").optional()
            .count("max_grams").optional()
            .id("pickup_location_id").optional()
            .version()
            .times()
            .check("grams", Expr::col("min_grams").lte(Expr::col("max_grams")))
            .owned_by("shipping_zones", &["store_id", "zone_id"])
            .refers_to("locations", &["store_id", "pickup_location_id"])
            .unique(&["store_id", "zone_id", "name"]),
        bare_table("shipping_rate_prices")
            .id("store_id")
            .id("rate_id")
            .currency("currency")
            .count("threshold")
            .amount("amount")
            .primary_key(&["store_id", "rate_id", "currency", "threshold"])
            .owned_by("shipping_rates", &["store_id", "rate_id"]),
        bare_table("shipping_rate_free_from")
            .id("store_id")
            .id("rate_id")
            .currency("currency")
            .amount("amount")
            .primary_key(&["store_id", "rate_id", "currency"])
            .owned_by("shipping_rates", &["store_id", "rate_id"]),
    ]
}

/// A piece of the world that a zone is made of: one country, region or range of postal codes. `claim` is all
/// of it in one text, so that one unique index, over no nulls, keeps two zones from having the same.
fn territory(table: NewTable) -> NewTable {
    let claim = "claim = coalesce(country, '*') || coalesce('-' || region, '') \
                 || coalesce(' ' || postal_from || '..' || postal_to, '')";
    let codes = given("postal_from").and(given("postal_to")).or(absent("postal_from").and(absent("postal_to")));
    table
        .small_count("position")
        .country("country").optional()
        .key("region").optional()
        .key("postal_from").optional()
        .key("postal_to").optional()
        .key("claim")
        .primary_key(&["store_id", "zone_id", "position"])
        .check("claim", Expr::cust(claim))
        .check("postal_codes", codes)
        .check("country_of", given("country").or(absent("region").and(absent("postal_from"))))
}
