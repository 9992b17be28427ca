//! What becomes of an order when its money moves after it was placed.

use std::time::Duration;

use chrono::TimeDelta;
use stoa::payments::changes;

use super::{pay, ready, work};
use crate::harness::{Actor, Answer, Shop, json};

/// An order for 14.90 EUR that was paid with this token: its id, and its payment's.
async fn bought(shop: &Shop, capture: &str, token: &str) -> (String, String) {
    shop.ships_to_germany(&shop.owner()).await;
    let provider = shop.test_provider(&shop.owner(), capture).await;
    buy(shop, &provider, token).await
}

async fn buy(shop: &Shop, provider: &str, token: &str) -> (String, String) {
    let buyer = shop.anonymous();
    let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
    let cart = ready(&buyer, shop, &[(&mug, 2)]).await;
    pay(&buyer, &cart, provider, token).await.ok();
    let newest = "{ orders(first: 1) { nodes { id payments { paymentId } } } }";
    let seen = shop.owner().query(newest, json!({})).await.ok();
    let of = |path: &str| seen.text(path).to_owned();
    (of("orders.nodes.0.id"), of("orders.nodes.0.payments.0.paymentId"))
}

/// Where the money of an order stands.
async fn standing(shop: &Shop, order: &str) -> String {
    let seen =
        shop.owner().query("query($id: ID!) { order(id: $id) { paymentStatus } }", json!({ "id": order })).await.ok();
    seen.text("order.paymentStatus").to_owned()
}

async fn refund(owner: &Actor, payment: &str, amount: Option<&str>) -> Answer {
    let document = "mutation($id: ID!, $input: PaymentRefundInput!) { paymentRefund(id: $id, input: $input) \
        { refund { state } userErrors { code field message } } }";
    let amount = amount.map(|amount| json!({ "amount": amount, "currencyCode": "EUR" }));
    owner.query(document, json!({ "id": payment, "input": { "amount": amount } })).await
}

async fn change(owner: &Actor, payment: &str, mutation: &str) -> Answer {
    let document = format!(
        "mutation($id: ID!) {{ {mutation}(id: $id) {{ payment {{ status }} userErrors {{ code message }} }} }}"
    );
    owner.query(&document, json!({ "id": payment })).await
}

async fn cancel(owner: &Actor, order: &str) {
    let document = "mutation($id: ID!) { orderCancel(id: $id, input: { reason: CUSTOMER }) { order { id } userErrors { code message } } }";
    owner.query(document, json!({ "id": order })).await.ok();
}

both! {
    async fn rule_y3_an_order_stands_where_its_money_is_as_soon_as_it_moves(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (order, payment) = bought(&shop, "MANUAL", "tok_approve").await;
        assert_eq!(standing(&shop, &order).await, "AUTHORIZED");
        change(&owner, &payment, "paymentCapture").await.ok();
        assert_eq!(standing(&shop, &order).await, "PAID");
        refund(&owner, &payment, Some("4.90")).await.ok();
        assert_eq!(standing(&shop, &order).await, "PARTIALLY_REFUNDED");
        refund(&owner, &payment, None).await.ok();
        assert_eq!(standing(&shop, &order).await, "REFUNDED");
    }

    async fn rule_y2_a_transfer_that_has_come_in_pays_its_order(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.ships_to_germany(&owner).await;
        let bank = shop.payment_provider(&owner, json!({ "kind": "BANK_TRANSFER", "name": "Bank" })).await;
        let (order, payment) = buy(&shop, &bank, "any").await;
        assert_eq!(standing(&shop, &order).await, "PENDING");
        change(&owner, &payment, "paymentMarkAsPaid").await.ok();
        assert_eq!(standing(&shop, &order).await, "PAID");
    }

    /// The node dies between what happened to the payment and what follows for the order.
    async fn fault_f10_what_nobody_followed_is_followed_by_the_worker(db: Database) {
        let shop = Shop::open(db).await;
        let (order, payment) = bought(&shop, "MANUAL", "tok_approve").await;
        let ctx = shop.inside("linden").await;
        changes::capture(&ctx, payment.parse().expect("an id"), None).await.expect("captured");
        ctx.release().await;
        assert_eq!(standing(&shop, &order).await, "AUTHORIZED");
        work(&shop).await;
        assert_eq!(standing(&shop, &order).await, "PAID");
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments WHERE NOT followed").await, 0);
    }

    async fn attack_c18_a_refund_that_nobody_answered_reaches_its_order(db: Database) {
        let shop = Shop::open_with(db, |config| config.settings.payments.patience = Duration::from_millis(50)).await;
        let (order, payment) = bought(&shop, "AUTOMATIC", "tok_refund_timeout").await;
        refund(&shop.owner(), &payment, None).await.ok();
        assert_eq!(standing(&shop, &order).await, "PAID");
        shop.wait(TimeDelta::minutes(3));
        work(&shop).await;
        assert_eq!(standing(&shop, &order).await, "REFUNDED");
    }

    async fn rule_y3_what_was_paid_for_an_order_that_is_called_off_goes_back_by_itself(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (paid, _) = bought(&shop, "AUTOMATIC", "tok_approve").await;
        shop.wait(TimeDelta::milliseconds(1));
        let (promised, _) = bought(&shop, "MANUAL", "tok_approve").await;
        for (order, ends) in [(paid, "REFUNDED"), (promised, "VOIDED")] {
            cancel(&owner, &order).await;
            work(&shop).await;
            assert_eq!(standing(&shop, &order).await, ends);
            let seen = owner.query("query($id: ID!) { order(id: $id) { paymentTasks { doneAt } } }", json!({ "id": order })).await.ok();
            assert!(seen.data("order.paymentTasks").as_array().expect("a list").iter().all(|task| !task["doneAt"].is_null()), "{seen}");
        }
        // Nothing is left to do, and nothing is done twice.
        work(&shop).await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM refunds").await, 1);
    }

    async fn rule_y3_a_refund_that_fails_is_tried_again(db: Database) {
        let shop = Shop::open(db).await;
        let (order, _) = bought(&shop, "AUTOMATIC", "tok_refund_fails").await;
        cancel(&shop.owner(), &order).await;
        for tries in 1..=3 {
            work(&shop).await;
            assert_eq!(shop.number("SELECT COUNT(*) FROM refunds WHERE state = 'FAILED'").await, tries);
            work(&shop).await;
            shop.wait(TimeDelta::minutes(3));
        }
        assert_eq!(standing(&shop, &order).await, "PAID", "the money is still here, and everybody sees it");
        assert_eq!(shop.number("SELECT COUNT(*) FROM order_payment_tasks WHERE done_at IS NULL").await, 1);
    }
}
