//! Organizations, their members and roles, their stores and tokens.

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

/// The built-in roles that a membership may name; the permissions behind them stand in the code.
const BUILT_IN_ROLES: &[&str] = &["OWNER", "ADMINISTRATOR", "MANAGER", "MERCHANDISER", "VIEWER"];

/// Who may send only what the store has registered.
const DOCUMENT_POLICIES: &[&str] = &["ANY", "TRUSTED_ON_STOREFRONTS", "TRUSTED_ON_STOREFRONTS_AND_TOKENS"];

fn tables() -> Vec<NewTable> {
    vec![
        platform_table("organizations")
            .text("name")
            .key("handle")
            .time("suspended_at").optional()
            .version()
            .times()
            .soft_delete()
            .unique_where(&["handle"], alive()),
        platform_table("stores")
            .id("organization_id")
            .key("handle")
            .text("name")
            .currency("currency")
            .text("locale")
            .country("country").optional()
            .one_of("tax_mode", &["NET", "GROSS"])
            .one_of("rounding_mode", &["HALF_UP", "HALF_EVEN", "HALF_DOWN"])
            .one_of("rounding_level", &["LINE", "UNIT"])
            .text("time_zone")
            .one_of("plan", &["STANDARD", "PLUS", "ENTERPRISE"])
            .one_of("document_policy", DOCUMENT_POLICIES)
            .time("suspended_at").optional()
            .version()
            .times()
            .soft_delete()
            .refers_to("organizations", &["organization_id"])
            .unique(&["organization_id", "id"])
            .unique_where(&["handle"], alive()),
        platform_table("roles")
            .id("organization_id")
            .text("name")
            .key("name_normalized")
            .text("description")
            .version()
            .times()
            .owned_by("organizations", &["organization_id"])
            .unique(&["organization_id", "id"])
            .unique(&["organization_id", "name_normalized"]),
        bare_table("role_permissions")
            .id("organization_id")
            .id("role_id")
            .key("permission")
            .primary_key(&["organization_id", "role_id", "permission"])
            .owned_by("roles", &["organization_id", "role_id"]),
        role_of_a_member(platform_table("memberships").id("organization_id").id("user_id"))
            .flag("all_stores")
            .version()
            .times()
            .owned_by("organizations", &["organization_id"])
            .refers_to("users", &["user_id"])
            .unique(&["organization_id", "id"])
            .unique(&["organization_id", "user_id"]),
        bare_table("membership_stores")
            .id("organization_id")
            .id("membership_id")
            .id("store_id")
            .primary_key(&["organization_id", "membership_id", "store_id"])
            .owned_by("memberships", &["organization_id", "membership_id"])
            .owned_by("stores", &["organization_id", "store_id"]),
        bare_table("membership_permissions")
            .id("organization_id")
            .id("membership_id")
            .key("permission")
            .one_of("effect", &["GRANT", "DENY"])
            .primary_key(&["organization_id", "membership_id", "permission"])
            .owned_by("memberships", &["organization_id", "membership_id"]),
        role_of_a_member(
            platform_table("invitations").id("organization_id").text("email").key("email_normalized"),
        )
        .flag("all_stores")
        .hash("token_hash")
        .id("invited_by_user_id")
        .time("expires_at")
        .time("accepted_at").optional()
        .time("revoked_at").optional()
        .times()
        .check("outcome", absent("accepted_at").or(absent("revoked_at")))
        .owned_by("organizations", &["organization_id"])
        .refers_to("users", &["invited_by_user_id"])
        .unique(&["organization_id", "id"])
        .unique(&["token_hash"])
        .unique_where(&["organization_id", "email_normalized"], absent("accepted_at").and(absent("revoked_at"))),
        bare_table("invitation_stores")
            .id("organization_id")
            .id("invitation_id")
            .id("store_id")
            .primary_key(&["organization_id", "invitation_id", "store_id"])
            .owned_by("invitations", &["organization_id", "invitation_id"])
            .owned_by("stores", &["organization_id", "store_id"]),
        bare_table("store_currencies")
            .id("store_id")
            .currency("currency")
            .primary_key(&["store_id", "currency"])
            .owned_by("stores", &["store_id"]),
        bare_table("store_locales")
            .id("store_id")
            .key("locale")
            .primary_key(&["store_id", "locale"])
            .owned_by("stores", &["store_id"]),
        platform_table("store_domains")
            .id("store_id")
            .key("host")
            .flag("is_primary")
            .times()
            .check("host", Expr::col("host").eq(Func::lower(Expr::col("host"))))
            .owned_by("stores", &["store_id"])
            .index(&["store_id"])
            .unique(&["host"])
            .unique_where(&["store_id", "is_primary"], Expr::col("is_primary")),
        platform_table("api_tokens")
            .id("organization_id")
            .id("store_id")
            .one_of("kind", &["API", "STOREFRONT"])
            .text("name")
            .text("prefix")
            .text("last_four")
            .hash("token_hash")
            .id("created_by_user_id").optional()
            .time("expires_at").optional()
            .time("last_used_at").optional()
            .time("revoked_at").optional()
            .count("last_write_xid").optional()
            .times()
            .owned_by("stores", &["organization_id", "store_id"])
            .refers_to("users", &["created_by_user_id"])
            .unique(&["store_id", "id"])
            .unique(&["token_hash"]),
        bare_table("api_token_scopes")
            .id("store_id")
            .id("api_token_id")
            .key("permission")
            .primary_key(&["store_id", "api_token_id", "permission"])
            .owned_by("api_tokens", &["store_id", "api_token_id"]),
        bare_table("api_token_networks")
            .id("store_id")
            .id("api_token_id")
            .key("network")
            .primary_key(&["store_id", "api_token_id", "network"])
            .owned_by("api_tokens", &["store_id", "api_token_id"]),
        tenant_table("trusted_documents")
            .hash("hash")
            .text("name").optional()
            .text("text")
            .times()
            .owned_by("stores", &["store_id"])
            .unique(&["store_id", "hash"]),
    ]
}

/// Either a built-in role or one of the organization's own, never both.
fn role_of_a_member(table: NewTable) -> NewTable {
    let exactly_one = (given("built_in_role").and(absent("role_id"))).or(absent("built_in_role").and(given("role_id")));
    table
        .one_of("built_in_role", BUILT_IN_ROLES).optional()
        .id("role_id").optional()
        .check("role", exactly_one)
        .refers_to("roles", &["organization_id", "role_id"])
}
