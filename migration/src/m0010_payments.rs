//! How stores are paid: providers, payments with what happened to them, refunds, gift cards, and what providers tell.

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

const DECLINES: &[&str] = &[
    "CARD_DECLINED",
    "INSUFFICIENT_FUNDS",
    "EXPIRED_CARD",
    "INCORRECT_DETAILS",
    "AUTHENTICATION_FAILED",
    "ABANDONED",
    "REFUSED_BY_PROVIDER",
];

/// The condition that two columns have a value, or neither.
fn together(one: &'static str, other: &'static str) -> Expr {
    given(one).and(given(other)).or(absent(one).and(absent(other)))
}

/// The condition that a column has one of these words.
fn is_one_of(column: &'static str, words: &[&'static str]) -> Expr {
    Expr::col(column).is_in(words.iter().copied())
}

fn tables() -> Vec<NewTable> {
    vec![
        providers(),
        gift_cards(),
        entries(),
        holds(),
        cart_gift_cards(),
        store_credits(),
        credit_entries(),
        credit_holds(),
        payments(),
        refunds(),
        attempts(),
        events(),
        webhooks(),
    ]
}

// Secrets are sealed; what is shown of them stands beside them. An id leads to its store before the store is known,
// for what the provider tells.
fn providers() -> NewTable {
    let remote = is_one_of("kind", &["STRIPE", "PAYSTACK"]);
    tenant_table("payment_provider_configs")
        .one_of("kind", &["TEST", "BANK_TRANSFER", "CASH_ON_DELIVERY", "STRIPE", "PAYSTACK"])
        .text("name")
        .text("instructions").optional()
        .flag("enabled")
        .flag("test")
        .one_of("capture_mode", &["AUTOMATIC", "MANUAL"])
        .json("currencies").optional()
        .text("public_key").optional()
        .text("subaccount").optional()
        .bytes("secret_key_sealed").optional()
        .text("secret_key_last_four").optional()
        .bytes("webhook_secret_sealed").optional()
        .text("webhook_secret_last_four").optional()
        .version()
        .times()
        .check("secret_key", together("secret_key_sealed", "secret_key_last_four"))
        .check("webhook_secret", together("webhook_secret_sealed", "webhook_secret_last_four"))
        .check("remote", remote.not().or(given("secret_key_sealed")))
        .refers_to("stores", &["store_id"])
        .unique(&["id"])
}

// What is authorized, captured and so on is a fold over the events (rule Y1), kept beside them in the same commit.
// Facts from outside may contradict each other; then somebody has to look, and only then may the sums be off.
// What is paid with is a provider, a gift card, a customer's store credit, or none of these: money that came in by hand.
fn payments() -> NewTable {
    let none_of = |[one, other]: [&'static str; 2]| absent(one).and(absent(other));
    let means = none_of(["gift_card_id", "store_credit_id"])
        .or(none_of(["provider_id", "store_credit_id"]))
        .or(none_of(["provider_id", "gift_card_id"]));
    let looked_at = given("review");
    let given_back = Expr::col("refunded").add(Expr::col("refunding"));
    tenant_table("payments")
        .id("provider_id").optional()
        .id("gift_card_id").optional()
        .id("store_credit_id").optional()
        .id("cart_id").optional()
        .id("order_id").optional()
        .key("idempotency_key")
        .currency("currency")
        .ordinal("amount")
        .one_of("capture_mode", &["AUTOMATIC", "MANUAL"])
        .one_of(
            "status",
            &["PENDING", "AUTHORIZED", "PARTIALLY_PAID", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED", "FAILED"],
        )
        .amount("authorized")
        .amount("captured")
        .amount("voided")
        .amount("refunded")
        .amount("refunding")
        .key("reference").optional()
        .one_of("review", &["AMOUNT_DIFFERS", "OVER_REFUNDED", "OVER_PAID"]).optional()
        .flag("followed")
        .version()
        .times()
        .check("subject", given("cart_id").or(given("order_id")))
        .check("means", means)
        .check("captured_most", Expr::col("captured").lte(Expr::col("authorized")))
        .check("refunded_most", looked_at.clone().or(given_back.lte(Expr::col("captured"))))
        .check("amount_most", looked_at.or(Expr::col("captured").lte(Expr::col("amount"))))
        .refers_to("payment_provider_configs", &["store_id", "provider_id"])
        .refers_to("gift_cards", &["store_id", "gift_card_id"])
        .refers_to("store_credits", &["store_id", "store_credit_id"])
        .refers_to("carts", &["store_id", "cart_id"])
        .unique(&["store_id", "idempotency_key"])
        .unique_where(&["store_id", "provider_id", "reference"], given("reference"))
        .index_where(&["store_id", "order_id"], given("order_id"))
        .index(&["store_id", "status", "id"])
        .index_where(&["store_id", "review", "id"], given("review"))
        .index_where(&["store_id", "id"], Expr::col("followed").eq(false))
}

fn refunds() -> NewTable {
    tenant_table("refunds")
        .id("payment_id")
        .currency("currency")
        .ordinal("amount")
        .one_of("state", &["REQUESTED", "SUCCEEDED", "FAILED"])
        .text("reason").optional()
        .key("idempotency_key").optional()
        .key("reference").optional()
        .times()
        .refers_to("payments", &["store_id", "payment_id"])
        .unique_where(&["store_id", "idempotency_key"], given("idempotency_key"))
        .unique_where(&["store_id", "payment_id", "reference"], given("reference"))
}

fn attempts() -> NewTable {
    let open = || is_one_of("state", &["STARTED", "ACTION_REQUIRED", "PENDING", "UNKNOWN"]);
    let is_refund = || Expr::col("kind").eq("REFUND");
    tenant_table("payment_attempts")
        .id("payment_id")
        .id("refund_id").optional()
        .one_of("kind", &["AUTHORIZE", "CAPTURE", "VOID", "REFUND"])
        .one_of("state", &["STARTED", "ACTION_REQUIRED", "PENDING", "SUCCEEDED", "DECLINED", "FAILED", "UNKNOWN"])
        .ordinal("amount")
        .one_of("failure", DECLINES).optional()
        .text("action_url").optional()
        .time("ask_from")
        .time("created_at")
        .time("finished_at").optional()
        .check("of_refund", is_refund().and(given("refund_id")).or(is_refund().not().and(absent("refund_id"))))
        .check("finished", open().and(absent("finished_at")).or(open().not().and(given("finished_at"))))
        .refers_to("payments", &["store_id", "payment_id"])
        .refers_to("refunds", &["store_id", "refund_id"])
        .index_where(&["store_id", "ask_from", "id"], open())
}

// Appended, never changed. What contradicts an event that came before is kept, and counts for nothing.
fn events() -> NewTable {
    tenant_table("payment_events")
        .id("payment_id")
        .one_of(
            "kind",
            &["AUTHORIZED", "DECLINED", "CAPTURED", "VOIDED", "REFUND_REQUESTED", "REFUNDED", "REFUND_FAILED"],
        )
        .key("reference")
        .currency("currency")
        .amount("amount")
        .one_of("source", &["ANSWER", "WEBHOOK", "LOOK_UP", "STAFF", "LEDGER"])
        .flag("parked")
        .time("occurred_at")
        .time("created_at")
        .refers_to("payments", &["store_id", "payment_id"])
        .unique_where(&["store_id", "payment_id", "kind", "reference"], Expr::col("parked").eq(false))
        .index(&["store_id", "payment_id", "id"])
}

fn webhooks() -> NewTable {
    tenant_table("inbound_webhooks")
        .id("provider_id")
        .key("event_id")
        .text("event_type")
        .id("payment_id").optional()
        .one_of("outcome", &["FOLDED", "KNOWN", "IGNORED", "PARKED"])
        .json("facts")
        .time("created_at")
        .refers_to("payment_provider_configs", &["store_id", "provider_id"])
        .refers_to("payments", &["store_id", "payment_id"])
        .unique(&["store_id", "provider_id", "event_id"])
}

// A code is kept as its hash alone: it can be looked up, and not be read.
fn gift_cards() -> NewTable {
    tenant_table("gift_cards")
        .hash("code_hash")
        .text("last_four")
        .one_of("state", &["ACTIVE", "DISABLED"])
        .currency("currency")
        .amount("issued")
        .amount("balance")
        .ordinal("entry_count")
        .time("expires_at").optional()
        .text("note").optional()
        .version()
        .times()
        .refers_to("stores", &["store_id"])
        .unique(&["store_id", "code_hash"])
}

// Appended, never changed: what a card is worth is the sum of its entries.
fn entries() -> NewTable {
    let (kind, amount) = (|| Expr::col("kind"), || Expr::col("amount"));
    let taken = kind().eq("TAKEN").and(amount().lt(0));
    let adjusted = kind().eq("ADJUSTED").and(amount().ne(0));
    let added = is_one_of("kind", &["ISSUED", "GIVEN_BACK"]).and(amount().gt(0));
    tenant_table("gift_card_entries")
        .id("card_id")
        .ordinal("sequence")
        .one_of("kind", &["ISSUED", "ADJUSTED", "TAKEN", "GIVEN_BACK"])
        .whole("amount")
        .amount("balance")
        .key("owner").optional()
        .text("note").optional()
        .time("created_at")
        .refers_to("gift_cards", &["store_id", "card_id"])
        .unique(&["store_id", "card_id", "sequence"])
        .index_where(&["store_id", "owner"], given("owner"))
        .check("sign", taken.or(adjusted).or(added))
}

fn holds() -> NewTable {
    bare_table("gift_card_holds")
        .id("store_id")
        .id("card_id")
        .key("owner")
        .ordinal("amount")
        .time("expires_at")
        .time("created_at")
        .primary_key(&["store_id", "card_id", "owner"])
        .owned_by("gift_cards", &["store_id", "card_id"])
        .index(&["store_id", "owner"])
}

// Which cards a cart is to be paid with, in their order. The code was proven once, and is not kept.
fn cart_gift_cards() -> NewTable {
    bare_table("cart_gift_cards")
        .id("store_id")
        .id("cart_id")
        .id("card_id")
        .small_count("position")
        .time("created_at")
        .primary_key(&["store_id", "cart_id", "card_id"])
        .owned_by("carts", &["store_id", "cart_id"])
        .refers_to("gift_cards", &["store_id", "card_id"])
}

// One of each customer and currency. It begins with its first entry.
fn store_credits() -> NewTable {
    tenant_table("store_credits")
        .id("customer_id")
        .currency("currency")
        .amount("balance")
        .ordinal("entry_count")
        .version()
        .times()
        .refers_to("customers", &["store_id", "customer_id"])
        .unique(&["store_id", "customer_id", "currency"])
}

// Appended, never changed: what a customer has is the sum of the entries.
fn credit_entries() -> NewTable {
    let amount = || Expr::col("amount");
    let less = is_one_of("kind", &["DEBITED", "TAKEN"]).and(amount().lt(0));
    let more = is_one_of("kind", &["ISSUED", "GIVEN_BACK"]).and(amount().gt(0));
    tenant_table("store_credit_entries")
        .id("credit_id")
        .ordinal("sequence")
        .one_of("kind", &["ISSUED", "DEBITED", "TAKEN", "GIVEN_BACK"])
        .whole("amount")
        .amount("balance")
        .key("owner").optional()
        .text("note").optional()
        .time("created_at")
        .refers_to("store_credits", &["store_id", "credit_id"])
        .unique(&["store_id", "credit_id", "sequence"])
        .index_where(&["store_id", "owner"], given("owner"))
        .check("sign", less.or(more))
}

fn credit_holds() -> NewTable {
    bare_table("store_credit_holds")
        .id("store_id")
        .id("credit_id")
        .key("owner")
        .ordinal("amount")
        .time("expires_at")
        .time("created_at")
        .primary_key(&["store_id", "credit_id", "owner"])
        .owned_by("store_credits", &["store_id", "credit_id"])
        .index(&["store_id", "owner"])
}
