//! Plans of PostgreSQL: what storefronts ask all day is answered from indexes, however much a store holds.
//!
//! The statements are not written down here. The one connection that the server reads on remembers what the server
//! prepared on it, and explains it as it stands, with the rights and the row-level security of a request. The plan
//! is the generic one, which has to do for every value.

use std::collections::BTreeMap;
use std::sync::Arc;

use entity::row::{Columns, Row};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use stoa::kernel::db::{Conn, Line, Mode, Role};

use crate::harness::{Actor, Backend, Shop, json};

/// Products of the store.
const PRODUCTS: u32 = 100_000;

/// Of everything else: stores, people, brands, collections, tags.
const OTHERS: u32 = 5_000;

/// Categories, ten below each; fewer are read from their table as fast as from an index.
const CATEGORIES: u32 = 20_000;

/// The parts that a listing shows.
const PARTS: &str = "nodes { id title descriptionHtml tags brand { name } category { name } options { name } media { url } \
                     priceRange { min { amount } } variants { sku selectedOptions { value } price { amount { amount } } availability { status } } } \
                     pageInfo { endCursor }";

#[test]
fn what_storefronts_ask_all_day_is_answered_from_indexes() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open_with(db, |config| config.database.pool_size = 1).await;
        fill(&shop).await;
        let mut wrong = Vec::new();
        let mut seen = BTreeMap::new();
        for (what, document) in questions() {
            let visitor = shop.anonymous();
            ask(&visitor, &document).await;
            for statement in prepared(&shop).await {
                if seen.insert(statement.text.clone(), what.clone()).is_none() {
                    let plan = statement.explain(&shop, true).await;
                    if reads_a_whole_table(&plan) {
                        wrong.push(format!("{what}: {}\n{plan}", statement.text));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "these do not stand on indexes:\n\n{}", wrong.join("\n\n"));
    });
}

#[test]
fn a_plan_that_was_made_while_tables_were_empty_serves_when_they_are_full() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open_with(db, |config| config.database.pool_size = 1).await;
        // Now the database knows how little there is.
        shop.execute("ANALYZE").await;
        let mut plans = 0;
        for (_, document) in questions() {
            ask(&shop.anonymous(), &document).await;
        }
        for statement in prepared(&shop).await {
            let plan = statement.explain(&shop, false).await;
            assert!(!reads_a_whole_table(&plan), "{}\n{plan}", statement.text);
            plans += 1;
        }
        assert!(plans > 5, "{plans}");
    });
}

/// Whether a plan reads a table from its beginning to its end, or sets parallel workers to it: a page is too short
/// for them. The database's own catalog is small, and asked once a process.
fn reads_a_whole_table(plan: &str) -> bool {
    let whole = |line: &str| line.contains("Seq Scan on ") && !line.contains("Seq Scan on pg_");
    plan.lines().any(whole) || plan.contains("Workers Planned")
}

async fn ask(actor: &Actor, document: &str) {
    let answer = actor.query(document, json!({})).await.ok();
    // The second page is asked for by another statement.
    if let Some(cursor) = answer.body["data"]["products"]["pageInfo"]["endCursor"].as_str() {
        let next = document.replacen("first: 24", &format!("first: 24, after: \"{cursor}\""), 1);
        actor.query(&next, json!({})).await.ok();
    }
}

fn questions() -> Vec<(String, String)> {
    let id = |prefix: &str| format!("{prefix}_{:0>26}", "z");
    let listing = |arguments: &str| format!("{{ products(first: 24{arguments}) {{ {PARTS} }} }}");
    let filtered = |filter: String| listing(&format!(", filter: {{ {filter} }}"));
    let question = |what: &str, document: String| (what.to_owned(), document);
    vec![
        question("the newest", listing("")),
        question("by title", listing(", sort: TITLE")),
        question("by price", listing(", sort: PRICE")),
        question("by price, the dearest first", listing(", sort: PRICE_DESC")),
        question("of a category", filtered(format!("categoryId: \"{}\"", id("category")))),
        question(
            "of a category, by price",
            listing(&format!(
                ", sort: PRICE, filter: {{ categoryId: \"{}\", price: {{ max: \"30\" }} }}",
                id("category")
            )),
        ),
        question(
            "of a category, by title",
            listing(&format!(", sort: TITLE, filter: {{ categoryId: \"{}\" }}", id("category"))),
        ),
        question("of a collection", filtered(format!("collectionId: \"{}\"", id("collection")))),
        question(
            "of a collection, in its own order",
            listing(&format!(", sort: COLLECTION, filter: {{ collectionId: \"{}\" }}", id("collection"))),
        ),
        question("of a brand", filtered(format!("brandId: \"{}\"", id("brand")))),
        question("with a tag", filtered("tag: \"Tag 31\"".to_owned())),
        question("in a range of prices", filtered("price: { min: \"5\", max: \"6\" }".to_owned())),
        question("one by its slug", "{ product(slug: \"product-77\") { title } }".to_owned()),
        question("one by its id", format!("{{ product(id: \"{}\") {{ title }} }}", id("product"))),
    ]
}

/// A statement that the server has prepared.
struct Prepared {
    name: String,
    text: String,
    parameters: usize,
}

/// What the server has prepared so far, but for what this story asks itself.
async fn prepared(shop: &Shop) -> Vec<Prepared> {
    let conn = on_its_connection(shop, Role::App).await;
    let sql = "SELECT name, statement, cardinality(parameter_types) AS parameters FROM pg_prepared_statements \
               WHERE statement NOT LIKE '%pg_prepared_statements%' AND statement ~ '^(SELECT|WITH)'";
    let read = |line: &Line<'_>| <(String, String, i32)>::read(line);
    let rows = conn.lines(Statement::from_string(DbBackend::Postgres, sql), read).await.expect("the statements");
    conn.rollback().await;
    let prepared = rows.into_iter().map(|(name, text, parameters)| Prepared {
        name,
        text,
        parameters: usize::try_from(parameters).expect("a number"),
    });
    prepared.collect()
}

impl Prepared {
    /// The plan for any values, with the rights of a request in Linden's first store: the one that the connection
    /// keeps, or the one that the database would choose `freely`, with whole tables to choose from.
    async fn explain(&self, shop: &Shop, freely: bool) -> String {
        // Who asks is found before there is a store.
        let role = if self.text.starts_with("WITH caller") { Role::Platform } else { Role::App };
        let conn = on_its_connection(shop, role).await;
        let values = vec!["NULL"; self.parameters].join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        let sql = format!("EXPLAIN EXECUTE {}{values}", self.name);
        if freely {
            for sql in ["SET LOCAL enable_seqscan = on", "DISCARD PLANS"] {
                let statement = Statement::from_string(DbBackend::Postgres, sql);
                conn.lines(statement, |_| Ok(())).await.expect("a setting");
            }
        }
        let read = |line: &Line<'_>| line.column::<String>(0, "QUERY PLAN");
        let lines = conn.lines(Statement::from_string(DbBackend::Postgres, sql), read).await;
        conn.rollback().await;
        lines.expect("a plan").join("\n")
    }
}

/// The server's own connection for reading: it has one.
async fn on_its_connection(shop: &Shop, role: Role) -> Conn {
    let store = (role == Role::App).then(|| shop.linden.store());
    shop.node.system.db.begin(Mode::Read, role, store, Arc::default()).await.expect("the connection")
}

/// Fills Linden's first store, and the platform around it.
async fn fill(shop: &Shop) {
    let store = shop.literal(shop.linden.store());
    let others = format!("generate_series(1, {OTHERS}) AS n");
    let products = format!("generate_series(1, {PRODUCTS}) AS n");
    let id = |of: &str| format!("lpad(to_hex({of}), 32, '0')::uuid");
    let (n, other) = (id("n"), id(&format!("1 + n % {OTHERS}")));
    let now = "'2026-01-01'::timestamptz";
    let sql = [
        // What is written fits by itself; looking up each key would take longer than the whole story.
        "BEGIN; SET LOCAL session_replication_role = replica".to_owned(),
        format!(
            "INSERT INTO organizations (id, name, handle, version, created_at, updated_at) \
             SELECT {n}, 'O', 'o-' || n, 1, {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO stores (id, organization_id, handle, name, currency, locale, tax_mode, rounding_mode, \
             rounding_level, time_zone, plan, document_policy, version, created_at, updated_at) SELECT {n}, {n}, \
             's-' || n, 'S', 'EUR', 'en', 'GROSS', 'HALF_UP', 'LINE', 'UTC', 'STANDARD', 'ANY', 1, {now}, {now} \
             FROM {others}"
        ),
        format!("INSERT INTO store_currencies (store_id, currency) SELECT {n}, 'EUR' FROM {others}"),
        format!(
            "INSERT INTO store_domains (id, store_id, host, is_primary, created_at, updated_at) \
             SELECT {n}, {n}, 's-' || n || '.example', true, {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO trusted_documents (store_id, id, hash, text, created_at, updated_at) \
             SELECT {n}, {n}, sha256(('d' || n)::bytea), 'd', {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO users (id, email, email_normalized, name, version, created_at, updated_at) \
             SELECT {n}, n || '@a', n || '@a', 'U', 1, {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO sessions (id, user_id, access_token_hash, access_expires_at, expires_at, last_used_at, \
             created_at) SELECT {n}, {n}, sha256(('s' || n)::bytea), {now}, {now}, {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO roles (id, organization_id, name, name_normalized, description, version, created_at, updated_at) \
             SELECT {n}, {n}, 'R', 'r', '', 1, {now}, {now} FROM {others}"
        ),
        format!("INSERT INTO role_permissions SELECT {n}, {n}, 'PRODUCTS_READ' FROM {others}"),
        format!(
            "INSERT INTO memberships (id, organization_id, user_id, role_id, all_stores, version, created_at, updated_at) \
             SELECT {n}, {n}, {n}, {n}, false, 1, {now}, {now} FROM {others}"
        ),
        format!("INSERT INTO membership_stores SELECT {n}, {n}, {n} FROM {others}"),
        format!("INSERT INTO membership_permissions SELECT {n}, {n}, 'PRODUCTS_READ', 'GRANT' FROM {others}"),
        format!(
            "INSERT INTO api_tokens (id, organization_id, store_id, kind, name, prefix, last_four, token_hash, \
             created_by_user_id, created_at, updated_at) SELECT {n}, {n}, {n}, 'API', 'T', '', '', \
             sha256(('t' || n)::bytea), {n}, {now}, {now} FROM {others}"
        ),
        format!("INSERT INTO api_token_scopes SELECT {n}, {n}, 'PRODUCTS_READ' FROM {others}"),
        format!("INSERT INTO api_token_networks SELECT {n}, {n}, '10.0.0.0/8' FROM {others}"),
        format!(
            "INSERT INTO brands (store_id, id, name, sort_name, slug, version, created_at, updated_at) \
             SELECT {store}, {n}, 'B' || n, 'b' || n, 'b' || n, 1, {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO categories (store_id, id, parent_id, name, sort_name, slug, position, depth, version, created_at, \
             updated_at) SELECT {store}, {n}, CASE WHEN n > 9 THEN {parent} END, 'C' || n, 'c' || n, 'c' || n, n, \
             length(n::text) - 1, 1, {now}, {now} FROM generate_series(1, {CATEGORIES}) AS n",
            parent = id("n / 10"),
        ),
        format!(
            "INSERT INTO collections (store_id, id, title, sort_title, slug, published_at, version, created_at, updated_at) \
             SELECT {store}, {n}, 'C' || n, 'c' || n, 'c' || n, {now}, 1, {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO tags (store_id, id, name, name_normalized, created_at, updated_at) \
             SELECT {store}, {n}, 'Tag ' || n, 'tag ' || n, {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO products (store_id, id, title, sort_title, slug, status, published_at, brand_id, category_id, \
             version, created_at, updated_at) SELECT {store}, {n}, 'Product ' || n, 'product ' || n, 'product-' || n, \
             'ACTIVE', {now}, {other}, {other}, 1, {now}, {now} FROM {products}"
        ),
        format!("INSERT INTO product_descriptions SELECT {store}, {n}, '<p>Good.</p>', {now} FROM {products}"),
        format!(
            "INSERT INTO product_options (store_id, id, product_id, name, position, created_at, updated_at) \
             SELECT {store}, {n}, {n}, 'Size', 0, {now}, {now} FROM {products}"
        ),
        format!(
            "INSERT INTO product_option_values (store_id, id, product_id, option_id, name, position, created_at, \
             updated_at) SELECT {store}, {n}, {n}, {n}, 'M', 0, {now}, {now} FROM {products}"
        ),
        format!(
            "INSERT INTO product_media (store_id, id, product_id, kind, url, position, created_at, updated_at) \
             SELECT {store}, {n}, {n}, 'IMAGE', 'https://images.example/' || n, 0, {now}, {now} FROM {products}"
        ),
        format!(
            "INSERT INTO product_variants (store_id, id, product_id, title, option_key, sku, sku_normalized, \
             requires_shipping, taxable, position, version, created_at, updated_at) SELECT {store}, {n}, {n}, 'M', \
             md5(n::text), 'S' || n, 's' || n, true, true, 0, 1, {now}, {now} FROM {products}"
        ),
        format!("INSERT INTO variant_option_values SELECT {store}, {n}, {n}, {n} FROM {products}"),
        format!("INSERT INTO collection_products SELECT {store}, {other}, {n}, n, {now} FROM {products}"),
        format!("INSERT INTO product_tags SELECT {store}, {n}, {other} FROM {products}"),
        format!(
            "INSERT INTO prices (store_id, id, product_id, variant_id, currency, minimum_quantity, amount, valid_from, \
             created_at, updated_at) SELECT {store}, {n}, {n}, {n}, 'EUR', 1, 100 + n * 7919 % 50000, 'epoch', {now}, \
             {now} FROM {products}"
        ),
        "INSERT INTO product_price_ranges (store_id, product_id, currency, valid_from, min_amount, max_amount, \
         category_id, updated_at) SELECT r.store_id, r.product_id, r.currency, r.valid_from, r.amount, r.amount, p.category_id, \
         r.updated_at FROM prices r JOIN products p ON p.store_id = r.store_id AND p.id = r.product_id"
            .to_owned(),
        format!(
            "INSERT INTO locations (store_id, id, name, is_default, active, priority, version, created_at, updated_at) \
             SELECT {store}, {n}, 'L', n = 1, true, 0, 1, {now}, {now} FROM generate_series(1, 2) AS n"
        ),
        format!(
            "INSERT INTO inventory_settings (store_id, strategy, low_stock, shows_counts, version, created_at, \
             updated_at) SELECT {n}, 'PRIORITY', 5, false, 1, {now}, {now} FROM {others}"
        ),
        format!(
            "INSERT INTO inventory_items (store_id, id, variant_id, tracked, policy, safety_stock, is_low, version, \
             created_at, updated_at) SELECT {store}, {n}, {n}, true, 'DENY', 0, false, 1, {now}, {now} FROM {products}"
        ),
        format!(
            "INSERT INTO inventory_levels (store_id, id, item_id, location_id, on_hand, reserved, owes, sequence, \
             created_at, updated_at) SELECT {store}, {n}, {n}, {first}, 5, 0, false, 1, {now}, {now} FROM {products}",
            first = id("1"),
        ),
        format!(
            "INSERT INTO inventory_movements (store_id, id, level_id, item_id, location_id, sequence, delta, \
             on_hand_after, reserved_delta, reserved_after, reason, actor, created_at) \
             SELECT {store}, {n}, {n}, {n}, {first}, 1, 5, 5, 0, 0, 'INITIAL', 'SYSTEM', {now} FROM {products}",
            first = id("1"),
        ),
        format!(
            "INSERT INTO stock_reservations (store_id, id, kind, owner, level_id, item_id, location_id, quantity, \
             expires_at, created_at, updated_at) SELECT {store}, {n}, 'HOLD', 'cart_' || n, {n}, {n}, {first}, 1, \
             {now}, {now}, {now} FROM {products}",
            first = id("1"),
        ),
        "COMMIT; ANALYZE".to_owned(),
    ];
    shop.db().execute_unprepared(&sql.join(";\n")).await.expect("the rows");
}
