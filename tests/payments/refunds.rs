//! Stories of money that is given back.

use std::time::Duration;

use chrono::TimeDelta;
use stoa::payments::changes;

use super::{eur, look, refund, stands, sums};
use crate::harness::{Shop, json};

both! {
    async fn rule_y3_refunds_never_sum_to_more_than_was_taken(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_approve").await.payment.id;
        let owner = shop.owner();
        for wrong in [eur("100.01"), eur("0.00"), eur("-1.00")] {
            let answer = refund(&owner, paid, json!({ "amount": wrong })).await;
            assert_eq!(answer.user_error("paymentRefund"), "OUT_OF_RANGE amount", "{answer}");
        }
        let dollars = json!({ "amount": { "amount": "1.00", "currencyCode": "USD" } });
        assert_eq!(refund(&owner, paid, dollars).await.user_error("paymentRefund"), "INVALID amount");
        let answer = refund(&owner, paid, json!({ "amount": eur("30.00"), "reason": "Broken" })).await.ok();
        assert_eq!(answer.text("paymentRefund.refund.state"), "SUCCEEDED");
        assert_eq!(stands(&shop, paid).await.0, "PARTIALLY_REFUNDED");
        let answer = refund(&owner, paid, json!({})).await.ok();
        assert_eq!(answer.text("paymentRefund.refund.amount.amount"), "70.00", "all that is left");
        assert_eq!(stands(&shop, paid).await, ("REFUNDED".to_owned(), "SUCCEEDED".to_owned()));
        assert_eq!(refund(&owner, paid, json!({})).await.user_error("paymentRefund"), "OUT_OF_RANGE amount");
        let failed = shop.pay(&ctx, &provider, "tok_decline").await.payment.id;
        assert_eq!(refund(&owner, failed, json!({})).await.user_error("paymentRefund"), "OUT_OF_RANGE amount");
    }

    async fn fault_f04_fifty_refunds_of_thirty_on_a_hundred(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_approve").await.payment.id;
        let (owner, node) = (shop.owner(), shop.second_node().await);
        let other = shop.on(&node, &owner);
        let all = (0..50).map(|place| {
            let actor = if place % 2 == 0 || shop.database().is_sqlite() { &owner } else { &other };
            refund(actor, paid, json!({ "amount": eur("30.00") }))
        });
        let given = futures::future::join_all(all).await.iter().filter(|answer| answer.is_ok()).count();
        assert!((1..=3).contains(&given), "{given} were given");
        // Those that met too often are tried again, one by one: three fit.
        for _ in given..4 {
            refund(&owner, paid, json!({ "amount": eur("30.00") })).await;
        }
        assert_eq!(sums(&shop, paid).await, ["100.00", "100.00", "0.00", "90.00", "0.00"]);
    }

    async fn attack_c17_a_refund_asked_for_twice_under_one_key_is_one(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_approve").await.payment.id;
        let owner = shop.owner();
        let input = json!({ "amount": eur("30.00"), "idempotencyKey": "once" });
        let all = (0..8).map(|_| refund(&owner, paid, input.clone()));
        let answers = futures::future::join_all(all).await;
        let ids: std::collections::BTreeSet<&str> =
            answers.iter().filter(|answer| answer.is_ok()).map(|answer| answer.text("paymentRefund.refund.id")).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(sums(&shop, paid).await[3], "30.00");
        let other = json!({ "amount": eur("31.00"), "idempotencyKey": "once" });
        let answer = refund(&owner, paid, other).await;
        assert_eq!(answer.user_error("paymentRefund"), "IDEMPOTENCY_KEY_REUSED idempotencyKey");
    }

    async fn rule_y3_a_failed_refund_can_be_tried_again(db: Database) {
        let shop = Shop::open(db).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        let paid = shop.pay(&ctx, &provider, "tok_refund_fails").await.payment.id;
        for _ in 0..2 {
            let answer = refund(&shop.owner(), paid, json!({})).await.ok();
            assert_eq!(answer.text("paymentRefund.refund.state"), "FAILED");
            assert_eq!(sums(&shop, paid).await, ["100.00", "100.00", "0.00", "0.00", "0.00"]);
        }
        assert_eq!(stands(&shop, paid).await, ("PAID".to_owned(), "DECLINED".to_owned()));
    }

    async fn a_refund_without_an_answer_counts_until_it_is_known(db: Database) {
        let shop = Shop::open_with(db, |config| config.settings.payments.patience = Duration::from_millis(50)).await;
        let ctx = shop.inside("linden").await;
        let provider = shop.test_provider(&shop.owner(), "AUTOMATIC").await;
        for (token, waits) in [("tok_refund_late", "PENDING"), ("tok_refund_timeout", "UNKNOWN")] {
            let paid = shop.pay(&ctx, &provider, token).await.payment.id;
            let answer = refund(&shop.owner(), paid, json!({ "amount": eur("60.00") })).await.ok();
            assert_eq!(answer.text("paymentRefund.refund.state"), "REQUESTED");
            assert_eq!(sums(&shop, paid).await[3..], ["0.00", "60.00"]);
            assert_eq!(stands(&shop, paid).await.1, waits);
            let more = refund(&shop.owner(), paid, json!({ "amount": eur("41.00") })).await;
            assert_eq!(more.user_error("paymentRefund"), "OUT_OF_RANGE amount", "it counts as given");
            shop.wait(TimeDelta::minutes(5));
            changes::sync(&shop.inside("linden").await, paid).await.expect("an answer");
            assert_eq!(sums(&shop, paid).await[3..], ["60.00", "0.00"], "{token}");
            assert_eq!(look(&shop, paid).await.text("payment.refunds.0.state"), "SUCCEEDED");
        }
    }

    async fn attack_c21_what_happened_is_changed_by_nobody(db: Database) {
        let shop = Shop::open(db).await;
        let sdl = stoa::schema::sdl();
        for verb in ["paymentDelete", "paymentUpdate", "refundDelete", "refundUpdate", "paymentEventUpdate"] {
            assert!(!sdl.contains(&format!("  {verb}(")), "{verb}");
        }
        if shop.database().is_postgres() {
            let roles = migration::roles(shop.db()).await.expect("roles").expect("roles");
            for table in ["payment_events", "gift_card_entries", "inbound_webhooks"] {
                for right in ["UPDATE", "DELETE", "TRUNCATE"] {
                    let asked = format!("SELECT has_table_privilege('{}', '{table}', '{right}')::int", roles.app);
                    assert_eq!(shop.number(&format!("SELECT ({asked})::bigint")).await, 0, "{right} {table}");
                }
            }
        }
    }
}
