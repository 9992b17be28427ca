//! Stories of payments.

mod gift_cards;
mod making;
mod paystack;
mod providers;
mod refunds;
mod stripe;
mod webhooks;

use chrono::TimeDelta;
use rules::ids::PaymentId;
use rules::states::PaymentAttemptState;
use serde_json::Value;
use stoa::payments::session::Progress;

use crate::harness::{Actor, Answer, Shop, json};

const PAYMENT: &str = "query($id: ID!) { payment(id: $id) { id status reference review amount { amount } \
    authorized { amount } captured { amount } voided { amount } refunded { amount } refunding { amount } \
    capturable { amount } refundable { amount } attempts { id kind state failure } \
    events { kind reference parked source amount { amount currencyCode } } \
    refunds { id state amount { amount } reference } } }";

/// The payment as staff sees it. What is done next comes later.
async fn look(shop: &Shop, id: PaymentId) -> Answer {
    shop.wait(TimeDelta::milliseconds(1));
    shop.owner().query(PAYMENT, json!({ "id": id.to_string() })).await.ok()
}

/// The sums of a payment: authorized, captured, voided, refunded, refunding.
async fn sums(shop: &Shop, id: PaymentId) -> [String; 5] {
    let seen = look(shop, id).await;
    ["authorized", "captured", "voided", "refunded", "refunding"]
        .map(|name| seen.text(&format!("payment.{name}.amount")).to_owned())
}

/// The status of a payment and the state of its last attempt.
async fn stands(shop: &Shop, id: PaymentId) -> (String, String) {
    let seen = look(shop, id).await;
    let attempts = seen.texts("payment.attempts", "state");
    (seen.text("payment.status").to_owned(), attempts.last().expect("an attempt").to_string())
}

fn state(progress: &Progress) -> PaymentAttemptState {
    progress.state
}

fn eur(amount: &str) -> Value {
    json!({ "amount": amount, "currencyCode": "EUR" })
}

async fn capture(actor: &Actor, id: PaymentId, amount: Option<&str>) -> Answer {
    let document = "mutation($id: ID!, $amount: MoneyInput) { paymentCapture(id: $id, amount: $amount) \
        { payment { status captured { amount } } userErrors { code field message } } }";
    actor.query(document, json!({ "id": id.to_string(), "amount": amount.map(eur) })).await
}

async fn void(actor: &Actor, id: PaymentId) -> Answer {
    let document = "mutation($id: ID!) { paymentVoid(id: $id) { payment { status voided { amount } } \
        userErrors { code field message } } }";
    actor.query(document, json!({ "id": id.to_string() })).await
}

async fn refund(actor: &Actor, id: PaymentId, input: Value) -> Answer {
    let document = "mutation($id: ID!, $input: PaymentRefundInput!) { paymentRefund(id: $id, input: $input) \
        { refund { id state amount { amount } } userErrors { code field message } } }";
    actor.query(document, json!({ "id": id.to_string(), "input": input })).await
}
