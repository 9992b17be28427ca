//! What buyers have ordered, and the drafts of it that staff put together.
//!
//! Nothing of an order is ever deleted: what hangs on one refuses, and the role of requests may not.

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

const PAYMENT_STATUSES: &[&str] =
    &["PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED", "FAILED"];

const CANCEL_REASONS: &[&str] = &["CUSTOMER", "FRAUD", "STOCK", "DECLINED", "MISTAKE", "OTHER"];

/// The condition that two conditions hold, or neither.
fn both_or_neither(one: Expr, other: Expr) -> Expr {
    one.clone().and(other.clone()).or(one.not().and(other.not()))
}

/// The condition that two columns have a value, or neither.
fn together(one: &'static str, other: &'static str) -> Expr {
    both_or_neither(given(one), given(other))
}

/// The condition that one column is another less a third.
fn less(whole: &'static str, off: &'static str, left: &'static str) -> Expr {
    Expr::col(whole).sub(Expr::col(off)).eq(Expr::col(left))
}

/// The condition that one column is two others together.
fn sum(one: &'static str, other: &'static str, both: &'static str) -> Expr {
    Expr::col(one).add(Expr::col(other)).eq(Expr::col(both))
}

/// The condition that a column has a word, exactly where another has a value.
fn only_with(column: &'static str, word: &'static str, other: &'static str) -> Expr {
    both_or_neither(Expr::col(column).eq(word), given(other))
}

fn tables() -> Vec<NewTable> {
    let mut tables = drafts();
    tables.extend([counters(), orders()]);
    tables.extend(goods());
    tables.extend(people());
    tables.extend(money());
    tables
}

/// What staff put together: it is an order once it is completed.
fn drafts() -> Vec<NewTable> {
    let reduced = given("discount_percent").or(given("discount_amount"));
    vec![
        tenant_table("draft_orders")
            .one_of("status", &["OPEN", "COMPLETED"])
            .currency("currency")
            .id("customer_id").optional()
            .text("email").optional()
            .key("email_normalized").optional()
            .text("locale")
            .text("note").optional()
            .json("attributes")
            .json("tags")
            .json("codes")
            .flag("takes_promotions")
            .text("discount_name").optional()
            .text("discount_percent").optional()
            .amount("discount_amount").optional()
            .text("shipping_title").optional()
            .amount("shipping_price").optional()
            .json("shipping_address").optional()
            .json("billing_address").optional()
            .flag("tax_exempt")
            .text("purchase_order_number").optional()
            .text("organization_name").optional()
            .text("vat_number").optional()
            .time("completed_at").optional()
            .version()
            .times()
            .check("completed", only_with("status", "COMPLETED", "completed_at"))
            .check("address", together("email", "email_normalized"))
            .check("shipping", together("shipping_title", "shipping_price"))
            .check("discount", given("discount_percent").and(given("discount_amount")).not())
            .check("discount_named", both_or_neither(given("discount_name"), reduced))
            .refers_to("stores", &["store_id"])
            .refers_to("customers", &["store_id", "customer_id"])
            .index(&["store_id", "status", "id"]),
        // A line is a variant's, at its own price or another one, or one that staff made up.
        tenant_table("draft_order_lines")
            .id("draft_order_id")
            .small_count("position")
            .id("variant_id").optional()
            .text("title").optional()
            .text("sku").optional()
            .small_ordinal("quantity")
            .amount("unit_price").optional()
            .flag("requires_shipping")
            .flag("taxable")
            .json("attributes")
            .check("made_up", both_or_neither(absent("variant_id"), given("title")))
            .check("priced", given("variant_id").or(given("unit_price")))
            .check("cap", Expr::col("quantity").lte(1_000_000))
            .owned_by("draft_orders", &["store_id", "draft_order_id"])
            .owned_by("product_variants", &["store_id", "variant_id"]),
    ]
}

/// The next number of each store, taken in the transaction that places the order.
fn counters() -> NewTable {
    bare_table("order_numbers")
        .id("store_id")
        .ordinal("next_number")
        .primary_key(&["store_id"])
        .refers_to("stores", &["store_id"])
}

// The sums are those of the frozen terms (rule T4). Where an order stands is derived from what hangs on it, and kept
// beside it in the same commit. No foreign key to the cart: carts are thrown away in time, and orders never.
fn orders() -> NewTable {
    let added = Expr::col("subtotal").add(Expr::col("shipping_price")).add(Expr::col("tax_added"));
    let taken = Expr::col("discount").add(Expr::col("shipping_discount")).add(Expr::col("tax_exempted"));
    let net_mode = Expr::col("tax_mode").eq("NET").and(Expr::col("tax_added").eq(Expr::col("tax")));
    let net_mode = net_mode.and(Expr::col("tax_exempted").eq(0));
    let gross_mode = Expr::col("tax_mode").eq("GROSS").and(Expr::col("tax_added").eq(0));
    tenant_table("orders")
        .ordinal("number")
        .id("cart_id").optional()
        .id("draft_order_id").optional()
        .id("customer_id").optional()
        .text("email").optional()
        .key("email_normalized").optional()
        .currency("currency")
        .one_of("tax_mode", &["NET", "GROSS"])
        .one_of("rounding_mode", &["HALF_UP", "HALF_EVEN", "HALF_DOWN"])
        .one_of("rounding_level", &["LINE", "UNIT"])
        .amount("subtotal")
        .amount("discount")
        .amount("shipping_price")
        .amount("shipping_discount")
        .amount("tax_added")
        .amount("tax_exempted")
        .amount("net")
        .amount("tax")
        .amount("total")
        .one_of("status", &["OPEN", "COMPLETED", "CANCELED"])
        .one_of("payment_status", PAYMENT_STATUSES)
        .one_of("fulfillment_progress", &["UNFULFILLED", "PARTIALLY_FULFILLED", "FULFILLED"])
        .one_of("return_progress", &["NONE", "IN_PROGRESS", "PARTIALLY_RETURNED", "RETURNED"])
        .time("canceled_at").optional()
        .one_of("cancel_reason", CANCEL_REASONS).optional()
        .time("placed_at")
        .text("locale")
        .key("channel").optional()
        .text("note").optional()
        .json("attributes")
        .text("purchase_order_number").optional()
        .text("organization_name").optional()
        .text("vat_number").optional()
        .version()
        .times()
        .check("total_sum", added.sub(taken).eq(Expr::col("total")))
        .check("gross_sum", sum("net", "tax", "total"))
        .check("discounts", Expr::col("discount").lte(Expr::col("subtotal")))
        .check("shipping", Expr::col("shipping_discount").lte(Expr::col("shipping_price")))
        .check("taxed", net_mode.or(gross_mode))
        .check("canceled", only_with("status", "CANCELED", "canceled_at"))
        .check("called_off", together("canceled_at", "cancel_reason"))
        .check("address", together("email", "email_normalized"))
        .check("source", given("cart_id").and(given("draft_order_id")).not())
        .refers_to("stores", &["store_id"])
        .refers_to("customers", &["store_id", "customer_id"])
        .refers_to("draft_orders", &["store_id", "draft_order_id"])
        .unique(&["store_id", "number"])
        .unique_where(&["store_id", "cart_id"], given("cart_id"))
        .unique_where(&["store_id", "draft_order_id"], given("draft_order_id"))
        .index(&["store_id", "customer_id", "id"])
        .index(&["store_id", "email_normalized", "id"])
        .index(&["store_id", "status", "id"])
        .index(&["store_id", "payment_status", "id"])
        .index(&["store_id", "fulfillment_progress", "id"])
        .index(&["store_id", "return_progress", "id"])
        .index(&["store_id", "placed_at", "id"])
        .index(&["store_id", "total", "id"])
}

/// What is ordered, and how it is sent. What a line was when it was bought stands on it, so that no foreign key leads
/// into the catalog, which changes.
fn goods() -> Vec<NewTable> {
    let custom = both_or_neither(Expr::col("kind").eq("CUSTOM"), absent("variant_id"));
    vec![
        tenant_table("order_lines")
            .id("order_id")
            .small_count("position")
            .one_of("kind", &["BOUGHT", "GIFT", "CUSTOM"])
            .id("variant_id").optional()
            .id("product_id").optional()
            .id("promotion_id").optional()
            .text("title")
            .text("variant_title").optional()
            .text("sku").optional()
            .json("options")
            .text("image_url").optional()
            .flag("requires_shipping")
            .ordinal("quantity")
            .amount("unit_price")
            .amount("price")
            .amount("discount")
            .amount("amount")
            .amount("net")
            .amount("tax")
            .amount("gross")
            .amount("tax_exempted")
            .json("taxes")
            .json("attributes")
            .count("fulfilled")
            .count("returned")
            .count("returning")
            .check("custom", custom)
            .check("product", together("variant_id", "product_id"))
            .check("gift", only_with("kind", "GIFT", "promotion_id"))
            .check("price_product", Expr::col("unit_price").mul(Expr::col("quantity")).eq(Expr::col("price")))
            .check("amount_left", less("price", "discount", "amount"))
            .check("gross_sum", sum("net", "tax", "gross"))
            .check("fulfilled_most", Expr::col("fulfilled").lte(Expr::col("quantity")))
            .check(
                "returned_most",
                Expr::col("returned").add(Expr::col("returning")).lte(Expr::col("fulfilled")),
            )
            .refers_to("orders", &["store_id", "order_id"])
            .unique(&["store_id", "order_id", "position"])
            .index(&["store_id", "variant_id", "id"]),
        tenant_table("order_shipping_lines")
            .id("order_id")
            .small_count("position")
            .id("profile_id").optional()
            .id("rate_id").optional()
            .text("title")
            .amount("price")
            .amount("discount")
            .amount("amount")
            .amount("net")
            .amount("tax")
            .amount("gross")
            .amount("tax_exempted")
            .check("amount_left", less("price", "discount", "amount"))
            .check("gross_sum", sum("net", "tax", "gross"))
            .refers_to("orders", &["store_id", "order_id"])
            .unique(&["store_id", "order_id", "position"]),
    ]
}

/// Who ordered, what they were told, and how they are found.
fn people() -> Vec<NewTable> {
    vec![
        bare_table("order_addresses")
            .id("store_id")
            .id("order_id")
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
            .primary_key(&["store_id", "order_id", "kind"])
            .refers_to("orders", &["store_id", "order_id"]),
        // A guest proves an order by a secret; the same order may have several. One that a letter brought ends.
        bare_table("order_tokens")
            .id("store_id")
            .hash("token_hash")
            .id("order_id")
            .time("expires_at").optional()
            .time("created_at")
            .primary_key(&["store_id", "token_hash"])
            .refers_to("orders", &["store_id", "order_id"]),
        bare_table("order_attributions")
            .id("store_id")
            .id("order_id")
            .text("utm_source").optional()
            .text("utm_medium").optional()
            .text("utm_campaign").optional()
            .text("utm_term").optional()
            .text("utm_content").optional()
            .text("referrer").optional()
            .text("landing_page").optional()
            .primary_key(&["store_id", "order_id"])
            .refers_to("orders", &["store_id", "order_id"]),
        bare_table("order_tags")
            .id("store_id")
            .id("order_id")
            .key("name_normalized")
            .text("name")
            .primary_key(&["store_id", "order_id", "name_normalized"])
            .refers_to("orders", &["store_id", "order_id"])
            .index(&["store_id", "name_normalized", "order_id"]),
        // The words that staff finds an order by, each folded: number, e-mail address, names, stock numbers.
        bare_table("order_keys")
            .id("store_id")
            .id("order_id")
            .key("word")
            .primary_key(&["store_id", "word", "order_id"])
            .refers_to("orders", &["store_id", "order_id"]),
        tenant_table("order_notes")
            .id("order_id")
            .text("body")
            .one_of("actor_kind", &["USER", "CUSTOMER", "API_TOKEN", "ANONYMOUS", "SYSTEM"])
            .text("actor_id").optional()
            .time("created_at")
            .refers_to("orders", &["store_id", "order_id"])
            .index(&["store_id", "order_id", "id"]),
        tenant_table("order_status_history")
            .id("order_id")
            .one_of("kind", &["ORDER", "PAYMENT", "FULFILLMENT", "RETURN"])
            .ordinal("order_version")
            .key("from_status").optional()
            .key("to_status")
            .one_of("actor_kind", &["USER", "CUSTOMER", "API_TOKEN", "ANONYMOUS", "SYSTEM"])
            .text("actor_id").optional()
            .text("reason").optional()
            .time("created_at")
            .check("change", Expr::col("from_status").ne(Expr::col("to_status")))
            .refers_to("orders", &["store_id", "order_id"])
            .unique(&["store_id", "order_id", "order_version", "kind"]),
    ]
}

/// How the total came together, and what was paid of it.
fn money() -> Vec<NewTable> {
    vec![
        // All that the total was worked out from, as the rules wrote it (rule P6).
        bare_table("order_terms")
            .id("store_id")
            .id("order_id")
            .ordinal("rules_version")
            .json("terms")
            .json("evaluation")
            .primary_key(&["store_id", "order_id"])
            .refers_to("orders", &["store_id", "order_id"]),
        // What came off each line, and off shipping. A discount of the staff's own is no promotion.
        tenant_table("order_discounts")
            .id("order_id")
            .id("line_id").optional()
            .small_count("position")
            .id("promotion_id").optional()
            .text("name")
            .text("code").optional()
            .one_of("phase", &["LINE", "ORDER", "SHIPPING"])
            .amount("amount")
            .check("target", both_or_neither(Expr::col("phase").eq("SHIPPING"), absent("line_id")))
            .refers_to("orders", &["store_id", "order_id"])
            .refers_to("order_lines", &["store_id", "line_id"])
            .index(&["store_id", "promotion_id", "order_id"]),
        bare_table("order_taxes")
            .id("store_id")
            .id("order_id")
            .small_count("position")
            .text("name").optional()
            .text("rate")
            .amount("net")
            .amount("tax")
            .primary_key(&["store_id", "order_id", "position"])
            .refers_to("orders", &["store_id", "order_id"]),
        // What each payment of the order had come to when it was last told.
        bare_table("order_payments")
            .id("store_id")
            .id("order_id")
            .id("payment_id")
            .amount("authorized")
            .amount("captured")
            .amount("voided")
            .amount("refunded")
            .amount("refunding")
            .flag("declined")
            .times()
            .primary_key(&["store_id", "order_id", "payment_id"])
            .refers_to("orders", &["store_id", "order_id"]),
        // What is to be done about the payments of an order that was called off. One of a kind is open at a time.
        tenant_table("order_payment_tasks")
            .id("order_id")
            .id("payment_id")
            .one_of("kind", &["VOID", "REFUND"])
            .ordinal("amount")
            .time("due_at")
            .time("done_at").optional()
            .times()
            .refers_to("orders", &["store_id", "order_id"])
            .unique_where(&["store_id", "order_id", "payment_id", "kind"], absent("done_at"))
            .index_where(&["store_id", "due_at"], absent("done_at")),
    ]
}
