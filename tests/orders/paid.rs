//! Orders that somebody says were paid.

use futures::future::join_all;

use super::{cancel, complete, crowded, look};
use crate::harness::{Actor, Answer, Shop, json};

async fn mark(staff: &Actor, order: &str) -> Answer {
    let document = "mutation($id: ID!) { orderMarkAsPaid(id: $id, note: \"Cash, at the fair\") \
        { order { paymentStatus payments { paymentId captured { amount } } } userErrors { code field message } } }";
    staff.query(document, json!({ "id": order })).await
}

both! {
    async fn rule_f2_an_order_that_waits_for_its_money_is_paid_by_hand(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let order = shop.order(&owner, json!({})).await.id;
        assert_eq!(look(&owner, &order).await.text("order.paymentStatus"), "PENDING");
        let ledger = shop.ledger().await;
        let paid = mark(&owner, &order).await.ok();
        assert_eq!(paid.text("orderMarkAsPaid.order.paymentStatus"), "PAID");
        assert_eq!(paid.text("orderMarkAsPaid.order.payments.0.captured.amount"), "10.00");
        let told = shop.told_since(&ledger).await;
        assert!(told.audit.contains(&"order.mark_as_paid".to_owned()) && told.events.contains(&"order_payment.changed".to_owned()), "{told:?}");
        let history = look(&owner, &order).await;
        let history = history.data("order.history").as_array().expect("a list").clone();
        assert!(history.iter().any(|change| change["to"] == "PAID" && change["reason"] == "Cash, at the fair"), "{history:?}");
        assert_eq!(mark(&owner, &order).await.user_error("orderMarkAsPaid"), "NOT_ALLOWED", "nobody pays twice");
        // It is given back like any other, by whoever says so.
        let payment = paid.text("orderMarkAsPaid.order.payments.0.paymentId").to_owned();
        let refund = "mutation($id: ID!) { paymentRefund(id: $id, input: { reason: \"Broken\" }) \
            { refund { state amount { amount } payment { provider { id } } } userErrors { code message } } }";
        let given = owner.query(refund, json!({ "id": payment })).await.ok();
        assert_eq!(given.text("paymentRefund.refund.state"), "SUCCEEDED");
        assert!(given.data("paymentRefund.refund.payment.provider").is_null());
        assert_eq!(look(&owner, &order).await.text("order.paymentStatus"), "REFUNDED");
        assert_eq!(mark(&owner, &order).await.user_error("orderMarkAsPaid"), "NOT_ALLOWED", "what was given back stays so");
    }

    async fn attack_c15_an_order_is_paid_by_hand_once_whoever_says_so_at_once(db: Database) {
        let shop = crowded(db).await;
        let owner = shop.owner();
        let order = shop.order(&owner, json!({})).await.id;
        let answers = join_all((0..8).map(|_| mark(&owner, &order))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        assert_eq!(shop.number("SELECT CAST(SUM(captured) AS bigint) FROM payments").await, 1_000);
    }

    async fn what_is_called_off_or_paid_elsewhere_is_not_paid_by_hand(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let order = shop.order(&owner, json!({})).await.id;
        cancel(&owner, &order).await.ok();
        assert_eq!(mark(&owner, &order).await.user_error("orderMarkAsPaid"), "NOT_ALLOWED");
        // A transfer is waited for: it is said there that it came in.
        shop.ships_to_germany(&owner).await;
        let bank = shop.payment_provider(&owner, json!({ "kind": "BANK_TRANSFER", "name": "Bank" })).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let cart = crate::checkout::ready(&buyer, &shop, &[(&mug, 2)]).await;
        crate::checkout::pay(&buyer, &cart, &bank, "any").await.ok();
        let newest = owner.query("{ orders(first: 1) { nodes { id paymentStatus } } }", json!({})).await.ok();
        assert_eq!(newest.text("orders.nodes.0.paymentStatus"), "PENDING");
        assert_eq!(mark(&owner, newest.text("orders.nodes.0.id")).await.user_error("orderMarkAsPaid"), "NOT_ALLOWED");
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments").await, 1);
        let theirs = shop.order(&shop.rival(), json!({})).await.id;
        assert_eq!(mark(&owner, &theirs).await.code(), "NOT_FOUND");
    }

    async fn a_draft_is_a_customers_with_the_customers_taxes_and_address(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        super::german_taxes(&shop).await;
        let ann = shop.customer().await;
        let exempt = "mutation($id: ID!) { customerUpdate(id: $id, input: { taxExempt: true }) { userErrors { code message } } }";
        owner.query(exempt, json!({ "id": ann.id })).await.ok();
        let draft = shop.draft_order(&owner, json!({ "customerId": ann.id, "email": null })).await;
        let seen = "query($id: ID!) { draftOrder(id: $id) { customerId email customer { email } } }";
        let seen = owner.query(seen, json!({ "id": draft })).await.ok();
        assert_eq!(seen.text("draftOrder.customer.email"), ann.email);
        let order = complete(&owner, &draft).await.ok();
        assert_eq!(order.text("draftOrderComplete.order.email"), ann.email);
        assert_eq!(order.text("draftOrderComplete.order.tax.amount"), "0.00");
        let own = ann.actor.query("{ customerOrders { nodes { id } } }", json!({})).await.ok();
        assert_eq!(own.texts("customerOrders.nodes", "id"), [order.text("draftOrderComplete.order.id")]);
        let update = "mutation($id: ID!, $customer: ID) { draftOrderUpdate(id: $id, input: { customerId: $customer }) \
            { draftOrder { customerId } userErrors { code field } } }";
        let open = shop.draft_order(&owner, json!({})).await;
        let theirs = shop.registered(&shop.rival()).await;
        for nobody in [theirs, shop.id::<rules::ids::CustomerId>().to_string()] {
            let refused = owner.query(update, json!({ "id": open, "customer": nobody })).await;
            assert_eq!(refused.user_error("draftOrderUpdate"), "NOT_FOUND customerId");
        }
        owner.query(update, json!({ "id": open, "customer": ann.id })).await.ok();
        let cleared = owner.query(update, json!({ "id": open, "customer": null })).await.ok();
        assert!(cleared.data("draftOrderUpdate.draftOrder.customerId").is_null());
    }
}
