//! Who did what, and what happened.

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
        deed(tenant_table("audit_logs"))
            .refers_to("stores", &["store_id"])
            .index(&["store_id", "subject_type", "subject_id", "id"]),
        deed(platform_table("organization_audit_logs").id("organization_id"))
            .refers_to("organizations", &["organization_id"])
            .index(&["organization_id", "id"]),
        deed(platform_table("user_audit_logs").id("user_id"))
            .refers_to("users", &["user_id"])
            .index(&["user_id", "id"]),
        // What waits is read across the stores, so this index alone does not begin with the store.
        event(tenant_table("domain_events"))
            .refers_to("stores", &["store_id"])
            .unique(&["store_id", "aggregate_type", "aggregate_id", "sequence"])
            .index_where(&["occurred_at"], absent("relayed_at")),
        event(platform_table("platform_events").one_of("scope_type", &["ORGANIZATION", "USER"]).id("scope_id"))
            .unique(&["aggregate_type", "aggregate_id", "sequence"])
            .index_where(&["occurred_at"], absent("relayed_at")),
    ]
}

/// What a line of an audit log says.
fn deed(table: NewTable) -> NewTable {
    table
        .one_of("actor_kind", &["USER", "CUSTOMER", "API_TOKEN", "ANONYMOUS", "SYSTEM"])
        .key("actor_id").optional()
        .key("action")
        .key("subject_type")
        .key("subject_id").optional()
        .json("before").optional()
        .json("after").optional()
        .key("request_id")
        .time("created_at")
}

/// What an event says.
fn event(table: NewTable) -> NewTable {
    table
        .key("topic")
        .key("aggregate_type")
        .key("aggregate_id")
        .ordinal("sequence")
        .json("payload")
        .text("actor")
        .key("request_id")
        .time("occurred_at")
        .time("relayed_at").optional()
}
