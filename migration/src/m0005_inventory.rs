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
            .version()
            .times()
            .soft_delete()
            .refers_to("stores", &["store_id"])
            .unique_where(&["store_id", "is_default"], alive().and(Expr::col("is_default"))),
        tenant_table("inventory_items")
            .id("variant_id")
            .flag("tracked")
            .one_of("policy", &["DENY", "CONTINUE"])
            .version()
            .times()
            .owned_by("product_variants", &["store_id", "variant_id"])
            .unique(&["store_id", "variant_id"]),
        tenant_table("inventory_levels")
            .id("item_id")
            .id("location_id")
            .whole("on_hand")
            .count("reserved")
            .times()
            .owned_by("inventory_items", &["store_id", "item_id"])
            .refers_to("locations", &["store_id", "location_id"])
            .unique(&["store_id", "item_id", "location_id"]),
        tenant_table("inventory_movements")
            .id("level_id")
            .id("item_id")
            .id("location_id")
            .whole("delta")
            .whole("on_hand_after")
            .one_of(
                "reason",
                &["INITIAL", "RECEIVED", "COUNTED", "CORRECTED", "TRANSFERRED", "DAMAGED", "LOST"],
            )
            .text("reference").optional()
            .text("actor")
            .time("created_at")
            .owned_by("inventory_levels", &["store_id", "level_id"])
            .owned_by("inventory_items", &["store_id", "item_id"])
            .refers_to("locations", &["store_id", "location_id"]),
    ]
}
