//! Entities, migrations and both databases, column by column.

use std::collections::{BTreeMap, BTreeSet};

use entity::scope::{ORGANIZATION_TABLES, TENANT_TABLES};
use rules::permission::BUILT_IN_ROLES;
use rules::states::{
    ActorKind, AddressKind, CaptureMode, CartState, ConsentSource, CustomerKind, CustomerState, DeclineReason,
    DiscountPhase, DocumentPolicy, DraftOrderStatus, EmailStatus, EmailTemplate, EventScope, FulfillmentProgress,
    GiftCardEntryKind, GiftCardState, InboundWebhookOutcome, InventoryPolicy, MediaKind, MovementReason,
    OneTimePurpose, OrderCancelReason, OrderLineKind, OrderStatus, OrderStatusKind, PaymentAttemptKind,
    PaymentAttemptState, PaymentEventKind, PaymentEventSource, PaymentProviderKind, PaymentReview, PaymentStatus,
    PaymentTaskKind, PermissionEffect, ProductStatus, RefundState, ReservationKind, ReturnProgress, SegmentKind,
    ShippingPricing, ShippingTaxKind, StockStrategy, StoreCreditEntryKind, StorePlan, TaxFailurePolicy, TokenKind,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityName, IdenStatic, Iterable, PrimaryKeyToColumn, Statement};

use crate::database::{TestDatabase, texts};

/// What is known of a column: whether it may be null, and whether it belongs to the primary key.
type Columns = BTreeMap<String, (bool, bool)>;

macro_rules! entities {
    ($($domain:ident::$table:ident,)+) => {
        fn entities() -> BTreeMap<String, Columns> {
            let mut tables = BTreeMap::new();
            $({
                use entity::$domain::$table::{Column, Entity, PrimaryKey};
                let keys: Vec<_> = PrimaryKey::iter().map(|key| key.into_column().as_str().to_owned()).collect();
                let columns = Column::iter().map(|column| {
                    let name = column.as_str().to_owned();
                    let is_key = keys.contains(&name);
                    (name, (column.def().is_null(), is_key))
                });
                assert_eq!(Entity.table_name(), stringify!($table), "a module is named as its table");
                tables.insert(Entity.table_name().to_owned(), columns.collect());
            })+
            tables
        }
    };
}

entity::for_each_table!(entities);

/// The tables that no entity stands for.
const OTHERS: [&str; 2] = ["schema_fingerprint", "seaql_migrations"];

async fn table_names(database: &TestDatabase) -> Vec<String> {
    let sql = if database.is_postgres() {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
    };
    texts(&database.db, sql).await.into_iter().filter(|name| !OTHERS.contains(&name.as_str())).collect()
}

async fn columns(database: &TestDatabase, table: &str) -> Columns {
    let sql = if database.is_postgres() {
        format!(
            "SELECT a.attname::text AS name, (NOT a.attnotnull)::int AS nullable, \
                    coalesce((a.attnum = ANY (i.indkey))::int, 0) AS is_key \
             FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
             WHERE a.attrelid = '{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped"
        )
    } else {
        format!(r#"SELECT name, NOT "notnull" AS nullable, pk > 0 AS is_key FROM pragma_table_info('{table}')"#)
    };
    let statement = Statement::from_string(database.db.get_database_backend(), sql);
    let rows = database.db.query_all_raw(statement).await.expect("columns");
    rows.iter()
        .map(|row| {
            let nullable: i32 = row.try_get("", "nullable").expect("a flag");
            let is_key: i32 = row.try_get("", "is_key").expect("a flag");
            (row.try_get("", "name").expect("a name"), (nullable != 0, is_key != 0))
        })
        .collect()
}

#[tokio::test]
async fn the_entities_are_the_tables_of_both_databases() {
    let entities = entities();
    for database in TestDatabase::each_migrated().await {
        assert_eq!(table_names(&database).await, entities.keys().cloned().collect::<Vec<_>>());
        for (table, expected) in &entities {
            assert_eq!(&columns(&database, table).await, expected, "{table}");
        }
        database.remove().await;
    }
}

#[tokio::test]
async fn both_databases_have_the_same_indexes() {
    let mut found = Vec::new();
    for database in TestDatabase::each_migrated().await {
        let sql = if database.is_postgres() {
            "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' \
             AND indexname NOT LIKE '%pk%' AND tablename NOT IN ('schema_fingerprint', 'seaql_migrations') \
             AND indexname NOT LIKE 'pk\\_%'"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_autoindex%'"
        };
        found.push(texts(&database.db, sql).await.into_iter().collect::<BTreeSet<_>>());
        database.remove().await;
    }
    assert!(found[0].len() > 60);
    if let [sqlite, postgres] = &found[..] {
        assert_eq!(sqlite, postgres);
    }
}

#[test]
fn every_table_with_a_store_or_an_organization_says_whose_it_is() {
    for (table, columns) in entities() {
        let listed = TENANT_TABLES.contains(&table.as_str()) || ORGANIZATION_TABLES.contains(&table.as_str());
        let owned = columns.contains_key("store_id") || columns.contains_key("organization_id");
        assert_eq!(listed, owned, "{table}");
        assert!(!TENANT_TABLES.contains(&table.as_str()) || columns.contains_key("store_id"), "{table}");
    }
}

#[test]
fn the_wall_guards_every_table_of_a_store_and_opens_every_other() {
    let guarded: BTreeSet<_> = migration::GUARDED_TABLES.iter().map(|(table, _)| *table).collect();
    assert_eq!(guarded, TENANT_TABLES.iter().copied().collect());
    let granted: BTreeSet<_> =
        guarded.into_iter().chain(migration::OPEN_TABLES.iter().map(|(table, _)| *table)).collect();
    assert_eq!(granted, entities().keys().map(String::as_str).collect());
}

#[tokio::test]
async fn the_checks_know_the_words_of_the_rules() {
    let database = TestDatabase::sqlite().await;
    migration::up_locked(&database.db).await.expect("the migrations");
    let words = |words: Vec<&str>| words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ");
    let lists = [
        ("products", "status", words(ProductStatus::ALL.iter().map(|word| word.name()).collect())),
        ("product_media", "kind", words(MediaKind::ALL.iter().map(|word| word.name()).collect())),
        ("api_tokens", "kind", words(TokenKind::ALL.iter().map(|word| word.name()).collect())),
        ("stores", "plan", words(StorePlan::ALL.iter().map(|word| word.name()).collect())),
        ("stores", "document_policy", words(DocumentPolicy::ALL.iter().map(|word| word.name()).collect())),
        ("membership_permissions", "effect", words(PermissionEffect::ALL.iter().map(|word| word.name()).collect())),
        ("inventory_items", "policy", words(InventoryPolicy::ALL.iter().map(|word| word.name()).collect())),
        ("inventory_settings", "strategy", words(StockStrategy::ALL.iter().map(|word| word.name()).collect())),
        ("stock_reservations", "kind", words(ReservationKind::ALL.iter().map(|word| word.name()).collect())),
        ("inventory_movements", "reason", words(MovementReason::ALL.iter().map(|word| word.name()).collect())),
        ("tax_settings", "shipping_tax", words(ShippingTaxKind::ALL.iter().map(|word| word.name()).collect())),
        ("tax_settings", "on_provider_failure", words(TaxFailurePolicy::ALL.iter().map(|word| word.name()).collect())),
        ("shipping_rates", "pricing", words(ShippingPricing::ALL.iter().map(|word| word.name()).collect())),
        ("carts", "state", words(CartState::ALL.iter().map(|word| word.name()).collect())),
        ("cart_addresses", "kind", words(AddressKind::ALL.iter().map(|word| word.name()).collect())),
        ("orders", "status", words(OrderStatus::ALL.iter().map(|word| word.name()).collect())),
        ("orders", "payment_status", words(PaymentStatus::ALL.iter().map(|word| word.name()).collect())),
        ("orders", "fulfillment_progress", words(FulfillmentProgress::ALL.iter().map(|word| word.name()).collect())),
        ("orders", "return_progress", words(ReturnProgress::ALL.iter().map(|word| word.name()).collect())),
        ("orders", "cancel_reason", words(OrderCancelReason::ALL.iter().map(|word| word.name()).collect())),
        ("order_lines", "kind", words(OrderLineKind::ALL.iter().map(|word| word.name()).collect())),
        ("order_addresses", "kind", words(AddressKind::ALL.iter().map(|word| word.name()).collect())),
        ("order_notes", "actor_kind", words(ActorKind::ALL.iter().map(|word| word.name()).collect())),
        ("order_status_history", "kind", words(OrderStatusKind::ALL.iter().map(|word| word.name()).collect())),
        ("order_status_history", "actor_kind", words(ActorKind::ALL.iter().map(|word| word.name()).collect())),
        ("order_discounts", "phase", words(DiscountPhase::ALL.iter().map(|word| word.name()).collect())),
        ("order_payment_tasks", "kind", words(PaymentTaskKind::ALL.iter().map(|word| word.name()).collect())),
        ("draft_orders", "status", words(DraftOrderStatus::ALL.iter().map(|word| word.name()).collect())),
        ("segments", "kind", words(SegmentKind::ALL.iter().map(|word| word.name()).collect())),
        ("customers", "kind", words(CustomerKind::ALL.iter().map(|word| word.name()).collect())),
        ("customers", "state", words(CustomerState::ALL.iter().map(|word| word.name()).collect())),
        ("customers", "marketing_source", words(ConsentSource::ALL.iter().map(|word| word.name()).collect())),
        ("customer_one_time_tokens", "purpose", words(OneTimePurpose::ALL.iter().map(|word| word.name()).collect())),
        ("email_messages", "template", words(EmailTemplate::ALL.iter().map(|word| word.name()).collect())),
        ("email_messages", "status", words(EmailStatus::ALL.iter().map(|word| word.name()).collect())),
        ("payment_provider_configs", "kind", words(PaymentProviderKind::ALL.iter().map(|word| word.name()).collect())),
        ("payment_provider_configs", "capture_mode", words(CaptureMode::ALL.iter().map(|word| word.name()).collect())),
        ("payments", "capture_mode", words(CaptureMode::ALL.iter().map(|word| word.name()).collect())),
        ("payments", "status", words(PaymentStatus::ALL.iter().map(|word| word.name()).collect())),
        ("payments", "review", words(PaymentReview::ALL.iter().map(|word| word.name()).collect())),
        ("refunds", "state", words(RefundState::ALL.iter().map(|word| word.name()).collect())),
        ("payment_attempts", "kind", words(PaymentAttemptKind::ALL.iter().map(|word| word.name()).collect())),
        ("payment_attempts", "state", words(PaymentAttemptState::ALL.iter().map(|word| word.name()).collect())),
        ("payment_attempts", "failure", words(DeclineReason::ALL.iter().map(|word| word.name()).collect())),
        ("payment_events", "kind", words(PaymentEventKind::ALL.iter().map(|word| word.name()).collect())),
        ("payment_events", "source", words(PaymentEventSource::ALL.iter().map(|word| word.name()).collect())),
        ("inbound_webhooks", "outcome", words(InboundWebhookOutcome::ALL.iter().map(|word| word.name()).collect())),
        ("gift_cards", "state", words(GiftCardState::ALL.iter().map(|word| word.name()).collect())),
        ("gift_card_entries", "kind", words(GiftCardEntryKind::ALL.iter().map(|word| word.name()).collect())),
        ("store_credit_entries", "kind", words(StoreCreditEntryKind::ALL.iter().map(|word| word.name()).collect())),
        ("audit_logs", "actor_kind", words(ActorKind::ALL.iter().map(|word| word.name()).collect())),
        ("organization_audit_logs", "actor_kind", words(ActorKind::ALL.iter().map(|word| word.name()).collect())),
        ("user_audit_logs", "actor_kind", words(ActorKind::ALL.iter().map(|word| word.name()).collect())),
        ("platform_events", "scope_type", words(EventScope::ALL.iter().map(|word| word.name()).collect())),
        ("memberships", "built_in_role", words(BUILT_IN_ROLES.iter().map(|role| role.key).collect())),
        ("invitations", "built_in_role", words(BUILT_IN_ROLES.iter().map(|role| role.key).collect())),
    ];
    for (table, column, words) in lists {
        let sql = format!("SELECT sql FROM sqlite_master WHERE name = '{table}'");
        let text = texts(&database.db, &sql).await.join("");
        assert!(text.contains(&format!(r#""{column}" IN ({words})"#)), "{table}.{column}: {text}");
    }
}
