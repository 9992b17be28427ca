//! What buyers have put together and not yet ordered.

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

/// The condition that a cart can still be edited.
fn open() -> Expr {
    Expr::col("state").eq("OPEN")
}

/// The condition that a column has a value in one state, and in no other.
fn only_in(word: &'static str, column: &'static str) -> Expr {
    let state = Expr::col("state");
    state.clone().eq(word).and(given(column)).or(state.ne(word).and(absent(column)))
}

/// The condition that two columns have a value, or neither.
fn together(one: &'static str, other: &'static str) -> Expr {
    given(one).and(given(other)).or(absent(one).and(absent(other)))
}

fn tables() -> Vec<NewTable> {
    vec![
        bare_table("cart_settings")
            .id("store_id")
            .small_ordinal("abandoned_after_minutes")
            .version()
            .times()
            .primary_key(&["store_id"])
            .owned_by("stores", &["store_id"]),
        // An order names its cart; that a cart names its order too makes two orders of one cart impossible.
        tenant_table("carts")
            .one_of("state", &["OPEN", "LOCKED", "COMPLETED"])
            .id("customer_id").optional()
            .currency("currency")
            .text("email").optional()
            .key("email_normalized").optional()
            .text("note").optional()
            .json("attributes")
            .flag("store_credit")
            .text("utm_source").optional()
            .text("utm_medium").optional()
            .text("utm_campaign").optional()
            .text("utm_term").optional()
            .text("utm_content").optional()
            .text("referrer").optional()
            .id("order_id").optional()
            .time("locked_at").optional()
            .time("payment_started_at").optional()
            .time("active_at")
            .time("abandoned_at").optional()
            .time("expires_at")
            .version()
            .times()
            .check("locked", only_in("LOCKED", "locked_at"))
            .check("completed", only_in("COMPLETED", "order_id"))
            .check("address", together("email", "email_normalized"))
            .check("expiry", Expr::col("expires_at").gt(Expr::col("active_at")))
            .refers_to("stores", &["store_id"])
            .refers_to("customers", &["store_id", "customer_id"])
            .unique_where(&["store_id", "order_id"], given("order_id"))
            .index(&["store_id", "active_at", "id"])
            .index(&["store_id", "customer_id", "id"])
            .index_where(&["store_id", "abandoned_at", "id"], given("abandoned_at"))
            .index_where(&["store_id", "expires_at"], open().and(absent("payment_started_at"))),
        // A cart has one secret for each device that proved itself: whoever comes back by a link takes nothing from
        // where the cart was begun.
        bare_table("cart_tokens")
            .id("store_id")
            .hash("token_hash")
            .id("cart_id")
            .time("created_at")
            .primary_key(&["store_id", "token_hash"])
            .owned_by("carts", &["store_id", "cart_id"]),
        // The price is that of one unit when the line was added, in the currency of the cart. The key is what the
        // attributes come down to: lines that differ in nothing are one (rule C1).
        tenant_table("cart_lines")
            .id("cart_id")
            .small_count("position")
            .id("variant_id")
            .small_ordinal("quantity")
            .json("attributes")
            .key("attributes_key")
            .amount("added_price")
            .times()
            .owned_by("carts", &["store_id", "cart_id"])
            .owned_by("product_variants", &["store_id", "variant_id"])
            .unique(&["store_id", "cart_id", "variant_id", "attributes_key"])
            .check("cap", Expr::col("quantity").lte(1_000_000)),
        bare_table("cart_codes")
            .id("store_id")
            .id("cart_id")
            .key("code_normalized")
            .text("code")
            .small_count("position")
            .time("created_at")
            .primary_key(&["store_id", "cart_id", "code_normalized"])
            .owned_by("carts", &["store_id", "cart_id"]),
        bare_table("cart_addresses")
            .id("store_id")
            .id("cart_id")
            .one_of("kind", &["SHIPPING", "BILLING"])
            .text("first_name").optional()
            .text("last_name").optional()
            .text("company").optional()
            .text("address1")
            .text("address2").optional()
            .text("city")
            .key("region").optional()
            .text("postal_code").optional()
            .country("country")
            .text("phone").optional()
            .time("updated_at")
            .primary_key(&["store_id", "cart_id", "kind"])
            .owned_by("carts", &["store_id", "cart_id"]),
        // No foreign keys to profile and rate: a choice whose rate is gone stays until the next edit, which drops it and
        // says so. What is read through it is held against a quote of the store's own rates.
        bare_table("cart_shipping_choices")
            .id("store_id")
            .id("cart_id")
            .id("profile_id")
            .id("rate_id")
            .time("created_at")
            .primary_key(&["store_id", "cart_id", "profile_id"])
            .owned_by("carts", &["store_id", "cart_id"]),
        tenant_table("cart_abandonments")
            .id("cart_id")
            .hash("token_hash")
            .time("abandoned_at")
            .time("told_at")
            .time("recovered_at").optional()
            .owned_by("carts", &["store_id", "cart_id"])
            .unique(&["store_id", "token_hash"]),
    ]
}
