//! Who did what, and what happened.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

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
        create(manager, tables()).await?;
        let trigger = if manager.get_database_backend() == DbBackend::Postgres { ON_POSTGRES } else { ON_SQLITE };
        manager.get_connection().execute_unprepared(trigger).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, tables()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION audit_wait_for_seal()").await?;
        }
        Ok(())
    }
}

const ON_SQLITE: &str = "CREATE TRIGGER audit_wait_for_seal AFTER INSERT ON audit_logs \
    BEGIN INSERT INTO audit_unsealed (store_id, audit_log_id) VALUES (NEW.store_id, NEW.id); END";

const ON_POSTGRES: &str = "CREATE FUNCTION audit_wait_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$ \
    BEGIN INSERT INTO audit_unsealed (store_id, audit_log_id) VALUES (NEW.store_id, NEW.id); RETURN NULL; END $$; \
    CREATE TRIGGER audit_wait_for_seal AFTER INSERT ON audit_logs \
    FOR EACH ROW EXECUTE FUNCTION audit_wait_for_seal()";

fn tables() -> Vec<NewTable> {
    vec![
        deed(tenant_table("audit_logs"))
            .refers_to("stores", &["store_id"])
            .index(&["store_id", "subject_type", "subject_id", "id"]),
        // Closes the log of a store, line by line, in the order in which a sealer came upon them.
        bare_table("audit_seals")
            .id("store_id")
            .ordinal("place")
            .id("audit_log_id")
            .bytes("key_id")
            .hash("seal")
            .primary_key(&["store_id", "place"])
            .refers_to("audit_logs", &["store_id", "audit_log_id"])
            .unique(&["store_id", "audit_log_id"]),
        // The lines that wait for their seal: a trigger puts each there, whoever writes it.
        bare_table("audit_unsealed")
            .id("store_id")
            .id("audit_log_id")
            .primary_key(&["store_id", "audit_log_id"])
            .refers_to("audit_logs", &["store_id", "audit_log_id"]),
        // How far a log is closed.
        bare_table("audit_chains")
            .id("store_id")
            .count("length")
            .bytes("key_id")
            .hash("signature")
            .primary_key(&["store_id"])
            .refers_to("stores", &["store_id"]),
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

/// What a line of an audit log says, signed by the server that wrote it.
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
        .bytes("key_id")
        .hash("signature")
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
