//! What is in stock, and where.

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
        tenant_table("locations")
            .text("name")
            .country("country").optional()
            .flag("is_default")
            .flag("active")
            .small_count("priority")
            .whole("latitude").optional()
            .whole("longitude").optional()
            .version()
            .times()
            .soft_delete()
            .check("point", nowhere().or(on_earth()))
            .check("default", Expr::col("is_default").not().or(Expr::col("active")))
            .refers_to("stores", &["store_id"])
            .unique_where(&["store_id", "is_default"], alive().and(Expr::col("is_default"))),
        bare_table("inventory_settings")
            .id("store_id")
            .one_of("strategy", &["PRIORITY", "MOST_STOCK", "NEAREST"])
            .count("low_stock")
            .flag("shows_counts")
            .version()
            .times()
            .primary_key(&["store_id"])
            .owned_by("stores", &["store_id"]),
        tenant_table("inventory_items")
            .id("variant_id")
            .flag("tracked")
            .one_of("policy", &["DENY", "CONTINUE"])
            .count("backorder_limit").optional()
            .time("expected_at").optional()
            .count("safety_stock")
            .count("reorder_level").optional()
            .flag("is_low")
            .version()
            .times()
            .owned_by("product_variants", &["store_id", "variant_id"])
            .unique(&["store_id", "variant_id"])
            .index_where(&["store_id", "expected_at"], given("expected_at")),
        // Nobody promises more than there is, but where the row says that it may be owed.
        tenant_table("inventory_levels")
            .id("item_id")
            .id("location_id")
            .whole("on_hand")
            .count("reserved")
            .flag("owes")
            .count("sequence")
            .times()
            .check("covered", Expr::col("owes").or(there(0).and(Expr::col("on_hand").gte(Expr::col("reserved")))))
            .owned_by("inventory_items", &["store_id", "item_id"])
            .refers_to("locations", &["store_id", "location_id"])
            .unique(&["store_id", "item_id", "location_id"]),
        tenant_table("inventory_movements")
            .id("level_id")
            .id("item_id")
            .id("location_id")
            .ordinal("sequence")
            .whole("delta")
            .whole("on_hand_after")
            .whole("reserved_delta")
            .count("reserved_after")
            .one_of("reason", REASONS)
            .key("reference").optional()
            .text("actor")
            .time("created_at")
            .owned_by("inventory_levels", &["store_id", "level_id"])
            .owned_by("inventory_items", &["store_id", "item_id"])
            .refers_to("locations", &["store_id", "location_id"])
            .unique(&["store_id", "level_id", "sequence"])
            .index_where(&["store_id", "reference"], given("reference")),
        tenant_table("stock_reservations")
            .one_of("kind", &["HOLD", "PROMISE"])
            .key("owner")
            .id("level_id")
            .id("item_id")
            .id("location_id")
            .ordinal("quantity")
            .time("expires_at").optional()
            .times()
            .check("expiry", kind("HOLD").and(given("expires_at")).or(kind("PROMISE").and(absent("expires_at"))))
            .owned_by("inventory_levels", &["store_id", "level_id"])
            .owned_by("inventory_items", &["store_id", "item_id"])
            .refers_to("locations", &["store_id", "location_id"])
            .unique(&["store_id", "owner", "level_id"])
            .index_where(&["store_id", "expires_at"], given("expires_at")),
    ]
}

/// Why a level changes.
const REASONS: &[&str] = &[
    "INITIAL",
    "RECEIVED",
    "COUNTED",
    "CORRECTED",
    "TRANSFERRED",
    "DAMAGED",
    "LOST",
    "RESERVED",
    "RELEASED",
    "FULFILLED",
    "RETURNED",
];

fn kind(word: &'static str) -> Expr {
    Expr::col("kind").eq(word)
}

fn there(units: i32) -> Expr {
    Expr::col("on_hand").gte(units)
}

fn nowhere() -> Expr {
    absent("latitude").and(absent("longitude"))
}

/// In millionths of a degree. Half a point is none: what is compared with null is not met.
fn on_earth() -> Expr {
    let between = |column: &'static str, most: i32| Expr::col(column).between(-most, most);
    given("latitude").and(given("longitude")).and(between("latitude", 90_000_000)).and(between("longitude", 180_000_000))
}
