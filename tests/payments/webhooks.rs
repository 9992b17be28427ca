//! Stories of what providers tell of their own accord.

use rules::ids::PaymentId;
use serde_json::Value;

use super::{look, stands, sums};
use crate::harness::payments::WEBHOOK_SECRET;
use crate::harness::stripe::sign;
use crate::harness::{Shop, json};

/// Sends a body to a provider's door, signed by this secret at this age in seconds.
async fn tell_signed(shop: &Shop, provider: &str, body: &str, secret: &str, age: i64) -> u16 {
    let at = shop.writer().now.timestamp() - age;
    let request = shop.client().post(format!("{}/webhooks/payments/{provider}", shop.url()));
    let request = request.header("stoa-test-signature", sign(secret, at, body)).body(body.to_owned());
    request.send().await.expect("an answer").status().as_u16()
}

async fn tell(shop: &Shop, provider: &str, body: &Value) -> u16 {
    tell_signed(shop, provider, &body.to_string(), WEBHOOK_SECRET, 0).await
}

/// An event of the test provider with one fact of so many cents.
fn event(id: &str, payment: PaymentId, kind: &str, reference: &str, amount: i64, currency: &str) -> Value {
    let fact = json!({ "kind": kind, "reference": reference, "amount": amount, "currency": currency });
    json!({ "id": id, "type": format!("test.{kind}"), "payment": payment.to_string(), "facts": [fact] })
}

both! {
    async fn rule_y1_an_event_that_comes_twice_counts_once(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_late").await.payment.id;
        assert_eq!(stands(&shop, paid).await, ("PENDING".to_owned(), "PENDING".to_owned()));
        let told = event("evt_1", paid, "CAPTURED", "c1", 10_000, "EUR");
        let many = futures::future::join_all((0..6).map(|_| tell(&shop, &provider, &told))).await;
        assert!(many.iter().all(|status| [200, 503].contains(status)) && many.contains(&200), "{many:?}");
        assert_eq!(tell(&shop, &provider, &told).await, 200);
        // The same fact under another event changes nothing either.
        assert_eq!(tell(&shop, &provider, &event("evt_2", paid, "CAPTURED", "c1", 10_000, "EUR")).await, 200);
        assert_eq!(sums(&shop, paid).await, ["100.00", "100.00", "0.00", "0.00", "0.00"]);
        assert_eq!(stands(&shop, paid).await, ("PAID".to_owned(), "SUCCEEDED".to_owned()));
        let kept = shop.texts("SELECT event_id, outcome FROM inbound_webhooks ORDER BY event_id").await;
        assert_eq!(kept, [["evt_1", "FOLDED"], ["evt_2", "KNOWN"]]);
    }

    async fn attack_c19_events_that_overtake_each_other_come_out_right(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_late").await.payment.id;
        assert_eq!(tell(&shop, &provider, &event("evt_2", paid, "REFUNDED", "r1", 4_000, "EUR")).await, 200);
        let seen = look(&shop, paid).await;
        assert_eq!(seen.text("payment.review"), "OVER_REFUNDED", "given back before it was taken");
        assert_eq!(tell(&shop, &provider, &event("evt_1", paid, "CAPTURED", "c1", 10_000, "EUR")).await, 200);
        let seen = look(&shop, paid).await;
        assert_eq!((seen.data("payment.review"), seen.text("payment.status")), (&json!(null), "PARTIALLY_REFUNDED"));
        assert_eq!(seen.text("payment.refunds.0.amount.amount"), "40.00", "it was made at the provider");
        assert_eq!(seen.text("payment.refundable.amount"), "60.00");
    }

    async fn attack_c19_another_amount_or_currency_is_parked(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_late").await.payment.id;
        assert_eq!(tell(&shop, &provider, &event("evt_1", paid, "CAPTURED", "c1", 10_000, "EUR")).await, 200);
        for (id, amount, currency) in [("evt_2", 10_001, "EUR"), ("evt_3", 10_000, "USD")] {
            assert_eq!(tell(&shop, &provider, &event(id, paid, "CAPTURED", "c1", amount, currency)).await, 200);
        }
        let seen = look(&shop, paid).await;
        assert_eq!((seen.text("payment.review"), seen.text("payment.captured.amount")), ("AMOUNT_DIFFERS", "100.00"));
        let parked = seen.data("payment.events").as_array().expect("events").iter().filter(|e| e["parked"] == true).count();
        assert_eq!(parked, 2);
        let close = "mutation($id: ID!) { paymentReviewClose(id: $id) { payment { review } userErrors { code } } }";
        let closed = shop.owner().query(close, json!({ "id": paid.to_string() })).await.ok();
        assert_eq!(closed.data("paymentReviewClose.payment.review"), &json!(null));
        let again = shop.owner().query(close, json!({ "id": paid.to_string() })).await;
        assert_eq!(again.user_error("paymentReviewClose"), "NOT_ALLOWED");
        // More than it is about is taken note of, and looked at.
        assert_eq!(tell(&shop, &provider, &event("evt_4", paid, "CAPTURED", "c2", 1, "EUR")).await, 200);
        let seen = look(&shop, paid).await;
        assert_eq!((seen.text("payment.review"), seen.text("payment.captured.amount")), ("OVER_PAID", "100.01"));
        assert_eq!(shop.owner().query(close, json!({ "id": paid.to_string() })).await.user_error("paymentReviewClose"), "NOT_ALLOWED");
    }

    async fn attack_c20_nobody_else_is_listened_to(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let transfer = shop.payment_provider(&shop.owner(), json!({ "kind": "BANK_TRANSFER", "name": "T" })).await;
        let bare = shop.payment_provider(&shop.owner(), json!({ "kind": "TEST", "name": "Without a secret" })).await;
        let theirs = shop.test_provider(&shop.rival(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_late").await.payment.id;
        let body = event("evt_1", paid, "CAPTURED", "c1", 10_000, "EUR").to_string();
        let before = shop.fingerprint().await;
        let never: rules::ids::PaymentProviderId = shop.id();
        for (what, to, secret, age, status) in [
            ("another secret", provider.as_str(), "whsec_other", 0, 400),
            ("no secret", bare.as_str(), "", 0, 400),
            ("an old one", provider.as_str(), WEBHOOK_SECRET, 301, 400),
            ("one of tomorrow", provider.as_str(), WEBHOOK_SECRET, -301, 400),
            ("one that tells nothing", transfer.as_str(), WEBHOOK_SECRET, 0, 404),
            ("one that never was", &never.to_string(), WEBHOOK_SECRET, 0, 404),
            ("no id", "provider_1", WEBHOOK_SECRET, 0, 404),
        ] {
            assert_eq!(tell_signed(&shop, to, &body, secret, age).await, status, "{what}");
        }
        let unsigned = shop.client().post(format!("{}/webhooks/payments/{provider}", shop.url())).body(body.clone());
        assert_eq!(unsigned.send().await.expect("an answer").status(), 400);
        assert_eq!(tell_signed(&shop, &provider, "not JSON", WEBHOOK_SECRET, 0).await, 400);
        assert_eq!(tell_signed(&shop, &provider, &" ".repeat(300 << 10), WEBHOOK_SECRET, 0).await, 413);
        shop.assert_unchanged(&before).await;
        // The rival's own provider, with its own secret, tells nothing of our payment.
        assert_eq!(tell(&shop, &theirs, &serde_json::from_str(&body).expect("JSON")).await, 200);
        assert_eq!(sums(&shop, paid).await[1], "0.00");
        // Nor does another provider of the same store.
        let other = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        assert_eq!(tell(&shop, &other, &serde_json::from_str(&body).expect("JSON")).await, 200);
        assert_eq!(sums(&shop, paid).await[1], "0.00");
        let ignored = shop.number("SELECT COUNT(*) FROM inbound_webhooks WHERE outcome = 'IGNORED'").await;
        assert_eq!(ignored, 2);
    }

    async fn a_provider_that_is_switched_off_still_tells_of_what_was_begun(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_late").await.payment.id;
        let update = "mutation($id: ID!) { paymentProviderUpdate(id: $id, input: { enabled: false }) \
            { userErrors { code } } }";
        shop.owner().query(update, json!({ "id": provider })).await.ok();
        assert_eq!(tell(&shop, &provider, &event("evt_1", paid, "CAPTURED", "c1", 10_000, "EUR")).await, 200);
        assert_eq!(stands(&shop, paid).await.0, "PAID");
    }
}
