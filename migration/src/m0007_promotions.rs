//! What buyers get off, the codes that open it, and what was used of both.

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

/// The condition that no more was used than may be. Where there is no limit it comes out null, and is met.
fn within(used: &'static str, limit: &'static str) -> Expr {
    Expr::col(used).lte(Expr::col(limit))
}

fn tables() -> Vec<NewTable> {
    vec![
        // The terms are the rules' own words, in the version of the rules that wrote them.
        tenant_table("promotions")
            .text("name")
            .key("sort_name")
            .flag("enabled")
            .whole("priority")
            .time("valid_from").optional()
            .time("valid_to").optional()
            .ordinal("rules_version")
            .text("condition")
            .text("action")
            .text("caps")
            .text("stacking")
            .version()
            .times()
            .soft_delete()
            .check("window", Expr::col("valid_to").gt(Expr::col("valid_from")))
            .refers_to("stores", &["store_id"])
            .index_where(&["store_id", "priority", "id"], alive())
            .index_where(&["store_id", "sort_name", "id"], alive()),
        // Counters stand apart from what they count: a promotion is read often and changed seldom, and
        // orders that meet at a counter do not meet whoever edits it.
        bare_table("promotion_usage")
            .id("store_id")
            .id("promotion_id")
            .count("uses")
            .count("maximum_uses").optional()
            .primary_key(&["store_id", "promotion_id"])
            .check("limit", within("uses", "maximum_uses"))
            .owned_by("promotions", &["store_id", "promotion_id"]),
        bare_table("promotion_spending")
            .id("store_id")
            .id("promotion_id")
            .currency("currency")
            .amount("spent")
            .amount("budget").optional()
            .primary_key(&["store_id", "promotion_id", "currency"])
            .check("limit", within("spent", "budget"))
            .owned_by("promotions", &["store_id", "promotion_id"]),
        bare_table("applied_promotions")
            .id("store_id")
            .id("promotion_id")
            .id("order_id")
            .currency("currency")
            .amount("amount")
            .time("created_at")
            .time("canceled_at").optional()
            .primary_key(&["store_id", "promotion_id", "order_id"])
            .refers_to("promotions", &["store_id", "promotion_id"])
            .index(&["store_id", "order_id"]),
        tenant_table("discount_codes")
            .id("promotion_id")
            .text("code")
            .key("code_normalized")
            .flag("enabled")
            .count("used")
            .ordinal("usage_limit").optional()
            .ordinal("limit_per_buyer").optional()
            .time("valid_from").optional()
            .time("valid_to").optional()
            .version()
            .times()
            .soft_delete()
            .check("limit", within("used", "usage_limit"))
            .check("window", Expr::col("valid_to").gt(Expr::col("valid_from")))
            .owned_by("promotions", &["store_id", "promotion_id"])
            .unique_where(&["store_id", "code_normalized"], alive())
            .index(&["store_id", "promotion_id", "id"]),
        bare_table("code_redemptions")
            .id("store_id")
            .id("code_id")
            .id("order_id")
            .key("buyer").optional()
            .time("created_at")
            .time("canceled_at").optional()
            .primary_key(&["store_id", "code_id", "order_id"])
            .refers_to("discount_codes", &["store_id", "code_id"])
            .index(&["store_id", "order_id"])
            .index(&["store_id", "code_id", "buyer"]),
    ]
}
