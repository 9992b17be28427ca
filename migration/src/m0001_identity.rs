//! People, how they sign in, and their sessions.

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
        platform_table("users")
            .text("email")
            .key("email_normalized")
            .text("name")
            .text("locale").optional()
            .time("email_verified_at").optional()
            .time("suspended_at").optional()
            .version()
            .times()
            .soft_delete()
            .unique_where(&["email_normalized"], alive()),
        bare_table("user_credentials")
            .id("user_id")
            .text("password_hash")
            .time("password_changed_at")
            .times()
            .primary_key(&["user_id"])
            .owned_by("users", &["user_id"]),
        bare_table("sign_in_throttles")
            .key("key")
            .small_count("failures")
            .time("window_started_at")
            .time("locked_until").optional()
            .time("updated_at")
            .primary_key(&["key"])
            .index(&["updated_at"]),
        platform_table("sessions")
            .id("user_id")
            .hash("access_token_hash")
            .time("access_expires_at")
            .time("expires_at")
            .text("ip").optional()
            .text("user_agent").optional()
            .time("revoked_at").optional()
            .time("last_used_at")
            .count("last_write_xid").optional()
            .time("created_at")
            .owned_by("users", &["user_id"])
            .unique(&["access_token_hash"])
            .index(&["expires_at"]),
        platform_table("refresh_tokens")
            .id("session_id")
            .id("user_id")
            .hash("token_hash")
            .time("used_at").optional()
            .time("expires_at")
            .time("created_at")
            .owned_by("sessions", &["session_id"])
            .owned_by("users", &["user_id"])
            .unique(&["token_hash"])
            .index(&["expires_at"]),
    ]
}
