//! What the tables refuse, and what they take along.

use entity::catalog::{product_variants, products};
use entity::identity::{refresh_tokens, sessions, user_credentials, users};
use entity::inventory::{inventory_items, inventory_levels};
use entity::scope::TenantEntity;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, SqlErr,
};

use crate::database::{TestDatabase, execute, number};
use crate::shop::{Shop, id, insert, now};

#[tokio::test]
async fn a_child_of_another_store_is_refused_by_its_foreign_key() {
    for database in TestDatabase::each_migrated().await {
        let db = &database.db;
        let (ours, theirs) = (Shop::open(db, "ours").await, Shop::open(db, "theirs").await);
        let mut variant = ours.variant.clone().into_active_model().reset_all();
        variant.id = ActiveValue::Set(id());
        variant.option_key = ActiveValue::Set("other".into());
        variant.sku = ActiveValue::Set(None);
        variant.sku_normalized = ActiveValue::Set(None);
        variant.media_id = ActiveValue::Set(None);
        variant.product_id = ActiveValue::Set(theirs.product.id);
        let refused = variant.clone().insert(db).await.expect_err("another store's product");
        assert!(matches!(refused.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))), "{refused}");

        variant.product_id = ActiveValue::Set(ours.product.id);
        variant.media_id = ActiveValue::Set(theirs.variant.media_id);
        let refused = variant.clone().insert(db).await.expect_err("another store's picture");
        assert!(matches!(refused.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))), "{refused}");

        product_variants::Entity::set_store(&mut variant, theirs.store);
        let refused = variant.insert(db).await.expect_err("our product under their store");
        assert!(matches!(refused.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))), "{refused}");
        database.remove().await;
    }
}

#[tokio::test]
async fn the_price_of_a_variant_of_another_product_is_refused() {
    for database in TestDatabase::each_migrated().await {
        let db = &database.db;
        let shop = Shop::open(db, "shop").await;
        let mut other = shop.product.clone().into_active_model().reset_all();
        other.id = ActiveValue::Set(id());
        other.slug = ActiveValue::Set("other".into());
        let other = other.insert(db).await.expect("a second product");
        let mut price = shop.price.clone().into_active_model().reset_all();
        price.id = ActiveValue::Set(id());
        price.product_id = ActiveValue::Set(other.id);
        price.minimum_quantity = ActiveValue::Set(2);
        let refused = price.insert(db).await.expect_err("a price under the wrong product");
        assert!(matches!(refused.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))), "{refused}");
        database.remove().await;
    }
}

#[tokio::test]
async fn unique_keys_ignore_deleted_rows_and_count_living_ones() {
    for database in TestDatabase::each_migrated().await {
        let db = &database.db;
        let shop = Shop::open(db, "shop").await;
        let again = |key: &str| {
            let mut variant = shop.variant.clone().into_active_model().reset_all();
            variant.id = ActiveValue::Set(id());
            variant.option_key = ActiveValue::Set(key.into());
            variant
        };
        for key in [shop.variant.option_key.as_str(), "another"] {
            let refused = again(key).insert(db).await.expect_err("the combination, then the stock number");
            assert!(matches!(refused.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))), "{refused}");
        }
        let mut price = shop.price.clone().into_active_model().reset_all();
        price.id = ActiveValue::Set(id());
        let refused = price.clone().insert(db).await.expect_err("the same condition twice");
        assert!(matches!(refused.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))), "{refused}");
        price.variant_id = ActiveValue::Set(None);
        price.clone().insert(db).await.expect("the whole product's price");
        price.id = ActiveValue::Set(id());
        assert!(price.insert(db).await.is_err(), "a null is no way around");

        let mut old = shop.variant.clone().into_active_model();
        old.deleted_at = ActiveValue::Set(Some(now()));
        old.update(db).await.expect("deleted");
        again(&shop.variant.option_key).insert(db).await.expect("free again");
        database.remove().await;
    }
}

#[tokio::test]
async fn checks_refuse_what_no_rule_allows() {
    for database in TestDatabase::each_migrated().await {
        let db = &database.db;
        Shop::open(db, "shop").await;
        for sql in [
            "UPDATE prices SET amount = -1",
            "UPDATE prices SET minimum_quantity = 0",
            "UPDATE prices SET currency = 'eur'",
            "UPDATE prices SET currency = 'EURO'",
            "UPDATE prices SET valid_to = valid_from",
            "UPDATE product_price_ranges SET max_amount = 0",
            "UPDATE segments SET rule = '{}'",
            "UPDATE segments SET kind = 'RULE'",
            "UPDATE customers SET kind = 'SOMEBODY'",
            "UPDATE customers SET marketing_changed_at = NULL, marketing_source = NULL",
            "UPDATE customers SET marketing_source = NULL",
            "UPDATE customers SET tax_exempt = false",
            "UPDATE customers SET merged_into_id = id",
            "UPDATE customer_addresses SET country = 'DEU'",
            "UPDATE customer_order_totals SET spent = -1",
            "UPDATE customer_order_totals SET orders = -1",
            "UPDATE email_messages SET status = 'SENT'",
            "UPDATE promotions SET valid_to = '2026-01-01 00:00:00+00:00', valid_from = '2026-01-01 00:00:00+00:00'",
            "UPDATE promotion_usage SET uses = -1",
            "UPDATE promotion_usage SET uses = maximum_uses + 1",
            "UPDATE promotion_spending SET spent = budget + 1",
            "UPDATE applied_promotions SET amount = -1",
            "UPDATE discount_codes SET used = -1",
            "UPDATE discount_codes SET used = usage_limit + 1",
            "UPDATE discount_codes SET usage_limit = 0",
            "UPDATE carts SET state = 'OPEN'",
            "UPDATE carts SET state = 'COMPLETED', locked_at = NULL",
            "UPDATE carts SET state = 'LEFT'",
            "UPDATE carts SET locked_at = NULL",
            "UPDATE carts SET email = NULL",
            "UPDATE carts SET expires_at = active_at",
            "UPDATE cart_settings SET abandoned_after_minutes = 0",
            "UPDATE cart_lines SET quantity = 0",
            "UPDATE cart_lines SET quantity = 1000001",
            "UPDATE cart_lines SET added_price = -1",
            "UPDATE cart_addresses SET country = 'de'",
            "UPDATE orders SET total = total + 1",
            "UPDATE orders SET net = net + 1",
            "UPDATE orders SET discount = subtotal + 1, total = total - 1801",
            "UPDATE orders SET tax_mode = 'NET'",
            "UPDATE orders SET status = 'OPEN'",
            "UPDATE orders SET cancel_reason = NULL",
            "UPDATE orders SET email = NULL",
            "UPDATE orders SET payment_status = 'OWED'",
            "UPDATE orders SET number = 0",
            "UPDATE order_lines SET quantity = 3",
            "UPDATE order_lines SET amount = amount - 1",
            "UPDATE order_lines SET gross = gross - 1",
            "UPDATE order_lines SET fulfilled = 3",
            "UPDATE order_lines SET returned = 2",
            "UPDATE order_lines SET kind = 'GIFT'",
            "UPDATE order_lines SET kind = 'CUSTOM'",
            "UPDATE order_lines SET variant_id = NULL",
            "UPDATE order_shipping_lines SET tax = tax + 1",
            "UPDATE order_discounts SET phase = 'SHIPPING'",
            "UPDATE order_status_history SET to_status = from_status",
            "UPDATE order_payment_tasks SET amount = 0",
            "UPDATE draft_orders SET status = 'OPEN'",
            "UPDATE draft_orders SET discount_amount = 5",
            "UPDATE draft_orders SET discount_name = NULL",
            "UPDATE draft_orders SET shipping_title = NULL",
            "UPDATE draft_order_lines SET title = 'Lamp'",
            "UPDATE draft_order_lines SET quantity = 1000001",
            "UPDATE inventory_levels SET reserved = -1",
            "UPDATE inventory_levels SET reserved = 6",
            "UPDATE inventory_levels SET on_hand = -1",
            "UPDATE inventory_items SET safety_stock = -1",
            "UPDATE inventory_items SET reorder_level = -1",
            "UPDATE inventory_items SET backorder_limit = -1",
            "UPDATE inventory_movements SET sequence = 0",
            "UPDATE inventory_movements SET reserved_after = -1",
            "UPDATE stock_reservations SET quantity = 0",
            "UPDATE stock_reservations SET expires_at = NULL",
            "UPDATE stock_reservations SET kind = 'PROMISE'",
            "UPDATE locations SET latitude = NULL",
            "UPDATE locations SET latitude = 90000001",
            "UPDATE locations SET priority = -1",
            "UPDATE products SET status = 'SOLD'",
            "UPDATE products SET version = 0",
            "UPDATE product_variants SET cost_amount = 5",
            "UPDATE product_variants SET sku_normalized = NULL",
            "UPDATE product_media SET width = 0",
            "UPDATE categories SET parent_id = id",
            "UPDATE stores SET country = 'DEU'",
            "UPDATE stores SET rounding_mode = 'DOWN'",
            "UPDATE store_domains SET host = 'UPPER.example'",
            "UPDATE tax_rates SET rate_millionths = -1",
            "UPDATE tax_rates SET rate_millionths = 1000000001",
            "UPDATE tax_zone_territories SET claim = 'FR'",
            "UPDATE tax_zone_territories SET country = NULL",
            "UPDATE tax_zone_territories SET postal_to = NULL",
            "UPDATE tax_settings SET origin_country = NULL",
            "UPDATE tax_settings SET shipping_tax = 'LINES'",
            "UPDATE shipping_zone_territories SET claim = 'FR'",
            "UPDATE shipping_rates SET min_grams = 5000",
            "UPDATE shipping_rates SET pricing = 'BY_MOOD'",
            "UPDATE shipping_rate_prices SET amount = -1",
            "UPDATE shipping_rate_free_from SET amount = -1",
            "UPDATE locations SET active = FALSE",
            "UPDATE payments SET amount = 0",
            "UPDATE payments SET captured = 1901",
            "UPDATE payments SET refunding = 1901",
            "UPDATE payments SET refunded = 1401",
            "UPDATE payments SET authorized = 5000, captured = 1901",
            "UPDATE payments SET cart_id = NULL",
            "UPDATE payments SET status = 'LOST'",
            "UPDATE payment_provider_configs SET secret_key_sealed = NULL, secret_key_last_four = NULL",
            "UPDATE payment_provider_configs SET webhook_secret_last_four = NULL",
            "UPDATE payment_attempts SET state = 'SUCCEEDED'",
            "UPDATE payment_attempts SET kind = 'CAPTURE'",
            "UPDATE refunds SET amount = 0",
            "UPDATE gift_cards SET balance = -1",
            "UPDATE gift_card_entries SET balance = -1",
            "UPDATE gift_card_entries SET amount = 1",
            "UPDATE gift_card_holds SET amount = 0",
            "UPDATE store_credits SET balance = -1",
            "UPDATE store_credit_entries SET balance = -1",
            "UPDATE store_credit_entries SET amount = 1",
            "UPDATE store_credit_holds SET amount = 0",
            "UPDATE payments SET gift_card_id = id",
            "UPDATE domain_events SET sequence = 0",
            "UPDATE api_tokens SET token_hash = id",
        ] {
            let portable =
                if database.is_postgres() { sql.replace("token_hash = id", "token_hash = 'x'") } else { sql.into() };
            let refused = execute(db, &portable).await.expect_err(sql).to_string();
            assert!(refused.to_lowercase().contains("check"), "{sql}: {refused}");
        }
        for owed in ["on_hand = -3", "reserved = 6"] {
            execute(db, &format!("UPDATE inventory_levels SET owes = true, {owed}")).await.expect("sold ahead");
        }
        database.remove().await;
    }
}

#[tokio::test]
async fn a_product_takes_its_own_along_and_nothing_else() {
    for database in TestDatabase::each_migrated().await {
        let db = &database.db;
        let shop = Shop::open(db, "shop").await;
        for (table, refused) in [("product_media", true), ("product_option_values", true), ("brands", true)] {
            assert_eq!(execute(db, &format!("DELETE FROM {table}")).await.is_err(), refused, "{table} is in use");
        }
        let gone = products::Entity::delete_by_id((shop.store, shop.product.id)).exec(db).await.expect("deleted");
        assert_eq!(gone.rows_affected, 1);
        let left: Vec<_> =
            shop.counts(db).await.into_iter().filter(|(_, rows)| *rows > 0).map(|(table, _)| table).collect();
        let stays = [
            "store_currencies",
            "store_locales",
            "store_domains",
            "api_tokens",
            "api_token_scopes",
            "api_token_networks",
            "trusted_documents",
            "tax_categories",
            "brands",
            "categories",
            "collections",
            "tags",
            "segments",
            "customers",
            "customer_tags",
            "customer_addresses",
            "customer_order_totals",
            "segment_members",
            "customer_credentials",
            "customer_sessions",
            "customer_refresh_tokens",
            "customer_one_time_tokens",
            "email_messages",
            "promotions",
            "promotion_usage",
            "promotion_spending",
            "applied_promotions",
            "discount_codes",
            "code_redemptions",
            "locations",
            "inventory_settings",
            "tax_zones",
            "tax_zone_territories",
            "tax_rates",
            "tax_settings",
            "shipping_profiles",
            "shipping_zones",
            "shipping_zone_territories",
            "shipping_rates",
            "shipping_rate_prices",
            "shipping_rate_free_from",
            "cart_settings",
            "carts",
            "cart_tokens",
            "cart_codes",
            "cart_gift_cards",
            "cart_addresses",
            "cart_shipping_choices",
            "cart_abandonments",
            "payment_provider_configs",
            "payments",
            "refunds",
            "payment_attempts",
            "payment_events",
            "inbound_webhooks",
            "gift_cards",
            "gift_card_entries",
            "gift_card_holds",
            "store_credits",
            "store_credit_entries",
            "store_credit_holds",
            "draft_orders",
            "order_numbers",
            "orders",
            "order_lines",
            "order_shipping_lines",
            "order_addresses",
            "order_tokens",
            "order_attributions",
            "order_tags",
            "order_keys",
            "order_notes",
            "order_status_history",
            "order_terms",
            "order_discounts",
            "order_taxes",
            "order_payments",
            "order_payment_tasks",
            "checkouts",
            "checkout_attempts",
            "audit_logs",
            "audit_seals",
            "audit_unsealed",
            "audit_chains",
            "domain_events",
        ];
        assert_eq!(left, stays);
        database.remove().await;
    }
}

#[tokio::test]
async fn a_user_takes_sessions_and_tokens_along() {
    for database in TestDatabase::each_migrated().await {
        let db = &database.db;
        let at = now();
        let user = users::Model {
            id: id(),
            email: "a@b.example".into(),
            email_normalized: "a@b.example".into(),
            name: String::new(),
            locale: Some("en".into()),
            email_verified_at: None,
            suspended_at: None,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let user = insert(db, user).await.id;
        let password = user_credentials::Model {
            user_id: user,
            password_hash: "$argon2id$".into(),
            password_changed_at: at,
            created_at: at,
            updated_at: at,
        };
        insert(db, password).await;
        let session = sessions::Model {
            id: id(),
            user_id: user,
            access_token_hash: vec![1; 32],
            access_expires_at: at,
            expires_at: at,
            ip: None,
            user_agent: None,
            revoked_at: None,
            last_used_at: at,
            last_write_xid: None,
            created_at: at,
        };
        let session = insert(db, session).await.id;
        let token = refresh_tokens::Model {
            id: id(),
            session_id: session,
            user_id: user,
            token_hash: vec![2; 32],
            used_at: None,
            expires_at: at,
            created_at: at,
        };
        insert(db, token).await;
        users::Entity::delete_by_id(user).exec(db).await.expect("deleted");
        for table in ["user_credentials", "sessions", "refresh_tokens"] {
            assert_eq!(number(db, &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
        }
        database.remove().await;
    }
}

#[tokio::test]
async fn relations_join_by_the_whole_key() {
    for database in TestDatabase::each_migrated().await {
        let db = &database.db;
        let shop = Shop::open(db, "shop").await;
        let found = shop.product.find_related(product_variants::Entity).all(db).await.expect("variants");
        assert_eq!(found, std::slice::from_ref(&shop.variant));
        let found = inventory_levels::Entity::find()
            .find_also_related(inventory_items::Entity)
            .filter(inventory_levels::Column::StoreId.eq(shop.store))
            .one(db)
            .await
            .expect("a level");
        let (level, item) = found.expect("a level");
        assert_eq!((level, item.map(|item| item.variant_id)), (shop.level.clone(), Some(shop.variant.id)));
        database.remove().await;
    }
}
