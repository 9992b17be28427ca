//! The second wall between stores, on PostgreSQL only: two roles without login, what each may do with
//! each table, and the policies that show the first of them the rows of one store at a time.
//!
//! `<database>_app` is the role of a request inside one store; it sees the rows of the store that
//! `stoa.store_id` names, and none where nothing is set. `<database>_platform` is the role for what
//! must cross stores; it reaches the tables of [`PLATFORM_TABLES`] and no other. Security is enabled
//! and not forced: the owner, who migrates and restores, is not held by it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::wall::{self, PLATFORM_POLICY, Roles, STORE_POLICY};

const READ: &str = "SELECT";
const APPEND: &str = "SELECT, INSERT";
const KEEP: &str = "SELECT, INSERT, UPDATE";
const ALL: &str = "SELECT, INSERT, UPDATE, DELETE";

/// The tables that row-level security guards, and what the app role may do with each.
pub const GUARDED_TABLES: &[(&str, &str)] = &[
    ("store_currencies", ALL),
    ("store_locales", ALL),
    ("store_domains", ALL),
    ("api_tokens", ALL),
    ("api_token_scopes", ALL),
    ("api_token_networks", ALL),
    ("trusted_documents", ALL),
    ("tax_categories", ALL),
    ("brands", ALL),
    ("categories", ALL),
    ("products", ALL),
    ("product_descriptions", ALL),
    ("product_options", ALL),
    ("product_option_values", ALL),
    ("product_media", ALL),
    ("product_variants", ALL),
    ("variant_option_values", ALL),
    ("collections", ALL),
    ("collection_products", ALL),
    ("tags", ALL),
    ("product_tags", ALL),
    ("segments", ALL),
    ("customers", KEEP),
    ("customer_tags", ALL),
    ("customer_addresses", ALL),
    ("customer_order_totals", KEEP),
    ("segment_members", ALL),
    ("customer_credentials", ALL),
    ("customer_sessions", ALL),
    ("customer_refresh_tokens", ALL),
    ("customer_one_time_tokens", ALL),
    ("email_messages", KEEP),
    ("prices", ALL),
    ("product_price_ranges", ALL),
    ("promotions", KEEP),
    ("promotion_usage", KEEP),
    ("promotion_spending", KEEP),
    ("applied_promotions", KEEP),
    ("discount_codes", KEEP),
    ("code_redemptions", KEEP),
    ("locations", ALL),
    ("inventory_settings", KEEP),
    ("inventory_items", ALL),
    ("inventory_levels", ALL),
    ("inventory_movements", APPEND),
    ("stock_reservations", ALL),
    ("tax_zones", ALL),
    ("tax_zone_territories", ALL),
    ("tax_rates", ALL),
    ("tax_settings", ALL),
    ("shipping_profiles", ALL),
    ("shipping_profile_products", ALL),
    ("shipping_zones", ALL),
    ("shipping_zone_territories", ALL),
    ("shipping_rates", ALL),
    ("shipping_rate_prices", ALL),
    ("shipping_rate_free_from", ALL),
    ("cart_settings", KEEP),
    ("carts", ALL),
    ("cart_tokens", ALL),
    ("cart_lines", ALL),
    ("cart_codes", ALL),
    ("cart_addresses", ALL),
    ("cart_shipping_choices", ALL),
    ("cart_abandonments", ALL),
    ("payment_provider_configs", KEEP),
    ("payments", KEEP),
    ("refunds", KEEP),
    ("payment_attempts", KEEP),
    ("payment_events", APPEND),
    ("inbound_webhooks", APPEND),
    ("gift_cards", KEEP),
    ("gift_card_entries", APPEND),
    ("gift_card_holds", ALL),
    ("cart_gift_cards", ALL),
    ("store_credits", KEEP),
    ("store_credit_entries", APPEND),
    ("store_credit_holds", ALL),
    ("draft_orders", ALL),
    ("draft_order_lines", ALL),
    ("order_numbers", KEEP),
    ("orders", KEEP),
    ("order_lines", KEEP),
    ("order_shipping_lines", KEEP),
    ("order_addresses", KEEP),
    ("order_tokens", APPEND),
    ("order_attributions", APPEND),
    ("order_tags", ALL),
    ("order_keys", ALL),
    ("order_notes", APPEND),
    ("order_status_history", APPEND),
    ("order_terms", APPEND),
    ("order_discounts", APPEND),
    ("order_taxes", APPEND),
    ("order_payments", KEEP),
    ("order_payment_tasks", KEEP),
    ("checkouts", KEEP),
    ("checkout_attempts", KEEP),
    ("audit_logs", APPEND),
    ("audit_seals", APPEND),
    ("audit_unsealed", "SELECT, INSERT, DELETE"),
    ("audit_chains", KEEP),
    ("domain_events", APPEND),
];

/// The tables that belong to no store, and what the app role may do with each. They have no policy.
pub const OPEN_TABLES: &[(&str, &str)] = &[
    ("users", KEEP),
    ("user_credentials", ALL),
    ("sign_in_throttles", ALL),
    ("sessions", ALL),
    ("refresh_tokens", ALL),
    ("organizations", KEEP),
    ("stores", KEEP),
    ("roles", ALL),
    ("role_permissions", ALL),
    ("memberships", ALL),
    ("membership_stores", ALL),
    ("membership_permissions", ALL),
    ("invitations", ALL),
    ("invitation_stores", ALL),
    ("organization_audit_logs", APPEND),
    ("user_audit_logs", APPEND),
    ("platform_events", APPEND),
];

/// The tables that the platform role reaches, and what it may do with each: what authentication needs
/// before a store is known, what hands events on, and what tells the worker which stores have something to do.
pub const PLATFORM_TABLES: &[(&str, &str)] = &[
    ("users", KEEP),
    ("user_credentials", ALL),
    ("sign_in_throttles", ALL),
    ("sessions", ALL),
    ("refresh_tokens", ALL),
    ("organizations", READ),
    ("stores", READ),
    ("roles", READ),
    ("role_permissions", READ),
    ("memberships", READ),
    ("membership_stores", READ),
    ("membership_permissions", READ),
    ("invitations", READ),
    ("invitation_stores", READ),
    ("store_currencies", READ),
    ("store_locales", READ),
    ("store_domains", READ),
    ("api_tokens", "SELECT, UPDATE (last_used_at, last_write_xid)"),
    ("api_token_scopes", READ),
    ("api_token_networks", READ),
    ("trusted_documents", READ),
    ("customers", READ),
    ("customer_sessions", "SELECT, UPDATE (last_used_at, last_write_xid), DELETE"),
    ("customer_one_time_tokens", "SELECT, DELETE"),
    ("email_messages", "SELECT, UPDATE (status, attempts, next_attempt_at, sent_at, last_error, updated_at), DELETE"),
    ("stock_reservations", "SELECT (store_id, expires_at)"),
    ("checkouts", "SELECT (store_id, due_at)"),
    ("carts", "SELECT (store_id, id, state, active_at, abandoned_at, expires_at, payment_started_at)"),
    ("cart_lines", "SELECT (store_id, cart_id)"),
    ("cart_settings", "SELECT (store_id, abandoned_after_minutes)"),
    // Whose it is, never what is sealed in it.
    ("payment_provider_configs", "SELECT (store_id, id)"),
    ("payments", "SELECT (store_id, followed)"),
    ("payment_attempts", "SELECT (store_id, state, ask_from)"),
    ("order_payment_tasks", "SELECT (store_id, due_at, done_at)"),
    ("audit_unsealed", "SELECT (store_id)"),
    ("user_audit_logs", APPEND),
    ("domain_events", "SELECT, UPDATE (relayed_at), DELETE"),
    ("platform_events", "SELECT, INSERT, UPDATE (relayed_at), DELETE"),
];

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let db = manager.get_connection();
        let roles = wall::create_roles(db).await?;
        let (app, platform) = (wall::quoted(&roles.app), wall::quoted(&roles.platform));
        let schema = wall::quoted(&wall::current_schema(db).await?);

        let mut sql = vec![format!("GRANT USAGE ON SCHEMA {schema} TO {app}, {platform}")];
        for (table, privileges) in GUARDED_TABLES.iter().chain(OPEN_TABLES) {
            sql.push(format!(r#"GRANT {privileges} ON "{table}" TO {app}"#));
        }
        for (table, privileges) in PLATFORM_TABLES {
            sql.push(format!(r#"GRANT {privileges} ON "{table}" TO {platform}"#));
        }
        for (table, _) in GUARDED_TABLES {
            let own = "store_id = nullif(current_setting('stoa.store_id', true), '')::uuid";
            sql.push(format!(r#"ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY"#));
            sql.push(format!(
                r#"CREATE POLICY "{STORE_POLICY}" ON "{table}" TO {app} USING ({own}) WITH CHECK ({own})"#
            ));
            if PLATFORM_TABLES.iter().any(|(reached, _)| reached == table) {
                sql.push(format!(
                    r#"CREATE POLICY "{PLATFORM_POLICY}" ON "{table}" TO {platform} USING (true) WITH CHECK (true)"#
                ));
            }
        }
        db.execute_unprepared(&sql.join(";\n")).await?;
        Ok(())
    }

    /// Takes everything away but the roles: another copy of the database may still use them.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let db = manager.get_connection();
        let Some(Roles { app, platform }) = wall::roles(db).await? else {
            return Err(DbErr::Migration("the policies of row-level security are gone already".to_owned()));
        };
        let (app, platform) = (wall::quoted(&app), wall::quoted(&platform));
        let schema = wall::quoted(&wall::current_schema(db).await?);

        let mut sql = Vec::new();
        for (table, _) in GUARDED_TABLES {
            sql.push(format!(r#"DROP POLICY IF EXISTS "{PLATFORM_POLICY}" ON "{table}""#));
            sql.push(format!(r#"DROP POLICY IF EXISTS "{STORE_POLICY}" ON "{table}""#));
            sql.push(format!(r#"ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY"#));
        }
        sql.push(format!("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {app}, {platform}"));
        sql.push(format!("REVOKE USAGE ON SCHEMA {schema} FROM {app}, {platform}"));
        db.execute_unprepared(&sql.join(";\n")).await?;
        Ok(())
    }
}
