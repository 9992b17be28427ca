//! Who buys at a store, how they sign in, and what is written to them.

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

/// What is written to people.
const TEMPLATES: &[&str] = &[
    "CUSTOMER_EMAIL_VERIFICATION",
    "CUSTOMER_PASSWORD_RESET",
    "CUSTOMER_PASSWORD_RESET_UNKNOWN",
    "CUSTOMER_INVITATION",
    "CUSTOMER_SIGN_UP_REPEATED",
    "CUSTOMER_PASSWORD_CHANGED",
    "ORDER_LOOKUP",
    "ORDER_LOOKUP_UNKNOWN",
];

fn tables() -> Vec<NewTable> {
    [people(), sign_in(), vec![mail()]].into_iter().flatten().collect()
}

fn people() -> Vec<NewTable> {
    vec![
        tenant_table("segments")
            .text("name")
            .key("name_normalized")
            .text("description").optional()
            .one_of("kind", &["MANUAL", "RULE"])
            .text("rule").optional()
            .version()
            .times()
            .check("rule", given("rule").eq(Expr::col("kind").eq("RULE")))
            .refers_to("stores", &["store_id"])
            .unique(&["store_id", "name_normalized"]),
        // A guest and an account may share a mailbox until its owner proves it: the kind stands in the key.
        tenant_table("customers")
            .one_of("kind", &["GUEST", "REGISTERED"])
            .one_of("state", &["ENABLED", "DISABLED"])
            .text("email")
            .key("email_normalized")
            .time("email_verified_at").optional()
            .text("first_name").optional()
            .text("last_name").optional()
            .key("sort_name")
            .text("phone").optional()
            .text("locale").optional()
            .flag("accepts_marketing")
            .time("marketing_changed_at").optional()
            .one_of("marketing_source", &["SIGN_UP", "PROFILE", "CHECKOUT", "STAFF", "IMPORT"]).optional()
            .flag("tax_exempt")
            .text("tax_exempt_reason").optional()
            .text("company_name").optional()
            .text("vat_number").optional()
            .text("note").optional()
            .json("metadata")
            .id("merged_into_id").optional()
            .version()
            .times()
            .soft_delete()
            .check("consent", Expr::col("accepts_marketing").not().or(given("marketing_changed_at")))
            .check("consent_source", given("marketing_source").eq(given("marketing_changed_at")))
            .check("exemption", absent("tax_exempt_reason").or(Expr::col("tax_exempt")))
            .check("merged", absent("merged_into_id").or(given("deleted_at")))
            .refers_to("stores", &["store_id"])
            .refers_to("customers", &["store_id", "merged_into_id"])
            .unique_where(&["store_id", "email_normalized", "kind"], alive())
            .index_where(&["store_id", "sort_name", "id"], alive())
            .index_where(&["store_id", "created_at", "id"], alive()),
        bare_table("customer_tags")
            .id("store_id")
            .id("customer_id")
            .key("tag_normalized")
            .text("tag")
            .primary_key(&["store_id", "customer_id", "tag_normalized"])
            .owned_by("customers", &["store_id", "customer_id"])
            .index(&["store_id", "tag_normalized", "customer_id"]),
        tenant_table("customer_addresses")
            .id("customer_id")
            .text("first_name").optional()
            .text("last_name").optional()
            .text("company").optional()
            .text("address1")
            .text("address2").optional()
            .text("city")
            .key("region").optional()
            .key("postal_code").optional()
            .country("country")
            .text("phone").optional()
            .flag("is_default_shipping")
            .flag("is_default_billing")
            .version()
            .times()
            .owned_by("customers", &["store_id", "customer_id"])
            .unique_where(&["store_id", "customer_id", "is_default_shipping"], Expr::col("is_default_shipping"))
            .unique_where(&["store_id", "customer_id", "is_default_billing"], Expr::col("is_default_billing")),
        // Counted by orders, in the transaction that places, refunds or cancels one.
        bare_table("customer_order_totals")
            .id("store_id")
            .id("customer_id")
            .currency("currency")
            .count("orders")
            .amount("spent")
            .time("updated_at")
            .primary_key(&["store_id", "customer_id", "currency"])
            .owned_by("customers", &["store_id", "customer_id"])
            .index(&["store_id", "currency", "spent"]),
        bare_table("segment_members")
            .id("store_id")
            .id("segment_id")
            .id("customer_id")
            .time("created_at")
            .primary_key(&["store_id", "segment_id", "customer_id"])
            .owned_by("segments", &["store_id", "segment_id"])
            .owned_by("customers", &["store_id", "customer_id"]),
    ]
}

fn sign_in() -> Vec<NewTable> {
    vec![
        bare_table("customer_credentials")
            .id("store_id")
            .id("customer_id")
            .text("password_hash")
            .time("password_changed_at")
            .times()
            .primary_key(&["store_id", "customer_id"])
            .owned_by("customers", &["store_id", "customer_id"]),
        // A session is looked up before its store is known, as API tokens are, so that its keys do not begin with the
        // store.
        platform_table("customer_sessions")
            .id("store_id")
            .id("customer_id")
            .hash("access_token_hash")
            .time("access_expires_at")
            .time("expires_at")
            .text("ip").optional()
            .text("user_agent").optional()
            .time("revoked_at").optional()
            .time("last_used_at")
            .count("last_write_xid").optional()
            .time("created_at")
            .owned_by("customers", &["store_id", "customer_id"])
            .unique(&["store_id", "id"])
            .unique(&["access_token_hash"])
            .index(&["store_id", "expires_at"]),
        tenant_table("customer_refresh_tokens")
            .id("session_id")
            .id("customer_id")
            .hash("token_hash")
            .time("used_at").optional()
            .time("expires_at")
            .time("created_at")
            .owned_by("customer_sessions", &["store_id", "session_id"])
            .owned_by("customers", &["store_id", "customer_id"])
            .unique(&["store_id", "token_hash"]),
        tenant_table("customer_one_time_tokens")
            .id("customer_id")
            .one_of("purpose", &["EMAIL_VERIFICATION", "PASSWORD_RESET", "INVITATION"])
            .key("email_normalized")
            .hash("token_hash")
            .time("expires_at")
            .time("used_at").optional()
            .time("created_at")
            .owned_by("customers", &["store_id", "customer_id"])
            .unique(&["store_id", "token_hash"])
            .index(&["store_id", "expires_at"]),
    ]
}

/// Letters on their way out. What a letter proves, such as a link to choose a password, is not in the row: it is
/// made from the server's key when the letter is sent.
fn mail() -> NewTable {
    tenant_table("email_messages")
        .one_of("template", TEMPLATES)
        .text("recipient")
        .text("locale")
        .json("data")
        .id("token_id").optional()
        .one_of("status", &["QUEUED", "SENT", "FAILED"])
        .small_count("attempts")
        .time("next_attempt_at")
        .time("sent_at").optional()
        .text("last_error").optional()
        .times()
        .check("sent", given("sent_at").eq(Expr::col("status").eq("SENT")))
        .refers_to("stores", &["store_id"])
        .index_where(&["next_attempt_at"], Expr::col("status").eq("QUEUED"))
}
