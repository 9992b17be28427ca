//! Carts on their way to an order, and the payments that were begun for them.

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

// A cart has one checkout, and a checkout one order; no payment is of two checkouts.
fn tables() -> Vec<NewTable> {
    let completed = || Expr::col("status").eq("COMPLETED");
    vec![
        tenant_table("checkouts")
            .id("cart_id")
            .one_of("status", &["OPEN", "PAYING", "COMPLETED"])
            .id("order_id").optional()
            .time("due_at").optional()
            .version()
            .times()
            .check("order", completed().and(given("order_id")).or(completed().not().and(absent("order_id"))))
            .refers_to("carts", &["store_id", "cart_id"])
            .refers_to("orders", &["store_id", "order_id"])
            .unique(&["store_id", "cart_id"])
            .unique_where(&["store_id", "order_id"], given("order_id"))
            .index_where(&["store_id", "due_at"], given("due_at")),
        bare_table("checkout_attempts")
            .id("store_id")
            .id("checkout_id")
            .small_ordinal("number")
            .id("payment_id")
            .id("order_id")
            .one_of("fate", &["WAITING", "KEPT", "UNDOING", "NOT_MADE", "UNDONE"])
            .flag("was_made")
            .time("ask_from")
            .whole("cart_version")
            .json("terms")
            .times()
            .primary_key(&["store_id", "checkout_id", "number"])
            .owned_by("checkouts", &["store_id", "checkout_id"])
            .refers_to("payments", &["store_id", "payment_id"])
            .unique(&["store_id", "payment_id"])
            .unique(&["store_id", "order_id"])
            // One payment is waited for at a time, and one is kept.
            .unique_where(&["store_id", "checkout_id", "fate"], Expr::col("fate").is_in(["WAITING", "KEPT"])),
    ]
}
