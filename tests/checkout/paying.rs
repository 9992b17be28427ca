//! One buyer, one cart.

use std::time::Duration;

use chrono::TimeDelta;

use super::{kept, pay, pay_total, ready, then, till, total, work};
use crate::carts::{add, ten_off};
use crate::harness::{Database, Shop, json};

const ORDERS: &str = "SELECT COUNT(*) FROM orders";
const PAYMENTS: &str = "SELECT COUNT(*) FROM payments";

async fn impatient(db: Database) -> Shop {
    Shop::open_with(db, |config| config.settings.payments.patience = Duration::from_millis(50)).await
}

both! {
    async fn rule_c5_a_cart_is_paid_and_becomes_one_order(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        assert_eq!(total(&buyer, &cart).await, "14.90");
        let answer = pay(&buyer, &cart, &provider, "tok_approve").await.ok();
        assert_eq!(answer.text("checkoutPay.checkout.status"), "COMPLETED");
        assert_eq!(answer.number("checkoutPay.checkout.order.number"), 1_001);
        assert_eq!(answer.text("checkoutPay.checkout.order.paymentStatus"), "PAID");
        assert_eq!(answer.text("checkoutPay.checkout.order.total.amount"), "14.90");
        assert_eq!(kept(&shop).await, (0, 2));
        // Whoever asks again gets the order, and pays nothing twice.
        for _ in 0..2 {
            let again = pay_total(&buyer, &cart, &provider, "tok_approve", "14.90").await.ok();
            assert_eq!(again.number("checkoutPay.checkout.order.number"), 1_001);
        }
        assert_eq!((shop.number(ORDERS).await, shop.number(PAYMENTS).await), (1, 1));
        let edited = add(&buyer, &cart, json!([{ "variantId": mug, "quantity": 1 }])).await;
        assert_eq!(edited.user_error("cartLinesAdd"), "CART_COMPLETED cartId");
    }

    async fn rule_c5_a_refused_payment_leaves_the_cart_open_and_another_one_pays_it(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        let answer = pay(&buyer, &cart, &provider, "tok_insufficient_funds").await.ok();
        assert_eq!(answer.text("checkoutPay.checkout.status"), "OPEN");
        assert_eq!(answer.text("checkoutPay.checkout.failure"), "INSUFFICIENT_FUNDS");
        assert_eq!((kept(&shop).await, shop.number(ORDERS).await), ((0, 0), 0));
        add(&buyer, &cart, json!([{ "variantId": mug, "quantity": 1 }])).await.ok();
        let answer = pay(&buyer, &cart, &provider, "tok_approve").await.ok();
        assert_eq!(answer.text("checkoutPay.checkout.order.total.amount"), "19.90");
        assert_eq!((kept(&shop).await, shop.number(PAYMENTS).await), ((0, 3), 2));
    }

    async fn rule_c4_while_a_buyer_is_at_the_bank_nothing_is_edited_and_going_back_is_possible(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        let answer = pay(&buyer, &cart, &provider, "tok_action").await.ok();
        assert_eq!(answer.text("checkoutPay.checkout.status"), "PAYING");
        assert_eq!(answer.text("checkoutPay.checkout.action.redirectUrl"), "https://shop.example/back");
        assert_eq!(kept(&shop).await, (2, 0));
        let edited = add(&buyer, &cart, json!([{ "variantId": mug, "quantity": 1 }])).await;
        assert_eq!(edited.user_error("cartLinesAdd"), "CART_LOCKED cartId");
        let second = pay(&buyer, &cart, &provider, "tok_approve").await;
        assert!(second.user_error("checkoutPay").starts_with("NOT_ALLOWED"), "{second}");
        let back = then(&buyer, &cart, "checkoutCancel").await.ok();
        assert_eq!((back.text("checkoutCancel.checkout.status"), kept(&shop).await), ("OPEN", (0, 0)));
        // Paid in another way, and this time the buyer comes back from the bank.
        pay(&buyer, &cart, &provider, "tok_action").await.ok();
        let done = then(&buyer, &cart, "checkoutConfirm").await.ok();
        assert_eq!(done.text("checkoutConfirm.checkout.order.paymentStatus"), "PAID");
        let again = then(&buyer, &cart, "checkoutConfirm").await.ok();
        assert_eq!(again.text("checkoutConfirm.checkout.status"), "COMPLETED");
        let refused = then(&buyer, &cart, "checkoutCancel").await;
        assert!(refused.user_error("checkoutCancel").starts_with("NOT_ALLOWED"), "{refused}");
        assert_eq!(shop.number(ORDERS).await, 1);
    }

    async fn fault_f10_what_no_provider_answered_ends_in_an_order_or_in_none(db: Database) {
        let shop = impatient(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 90).await;
        for (token, status, orders) in [("tok_timeout", "COMPLETED", 1), ("tok_timeout_lost", "OPEN", 1), ("tok_late", "COMPLETED", 2)] {
            let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
            let answer = pay(&buyer, &cart, &provider, token).await.ok();
            assert_eq!(answer.text("checkoutPay.checkout.status"), "PAYING", "{token}");
            work(&shop).await;
            shop.wait(TimeDelta::minutes(3));
            work(&shop).await;
            let query = "query($id: ID!, $token: String) { checkout(cartId: $id, token: $token) { status } }";
            let seen = buyer.query(query, json!({ "id": cart.id, "token": cart.token })).await.ok();
            assert_eq!((seen.text("checkout.status"), shop.number(ORDERS).await), (status, orders), "{token}");
        }
        assert_eq!(kept(&shop).await, (0, 4));
    }

    async fn rule_c5_a_buyer_who_never_comes_back_frees_what_was_held(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        pay(&buyer, &cart, &provider, "tok_action_fails").await.ok();
        shop.wait(TimeDelta::minutes(31));
        work(&shop).await;
        work(&shop).await;
        assert_eq!((kept(&shop).await, shop.number(ORDERS).await), ((0, 0), 0));
        let answer = pay(&buyer, &cart, &provider, "tok_approve").await.ok();
        assert_eq!(answer.text("checkoutPay.checkout.status"), "COMPLETED");
    }

    async fn rule_c6_everything_that_stands_in_the_way_is_told_at_once_and_nothing_is_held(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 2)]).await;
        let before = shop.fingerprint().await;
        let refused = pay_total(&buyer, &cart, &provider, "tok_approve", "1.00").await;
        let codes = refused.user_error_codes("checkoutPay");
        assert_eq!(codes, ["REQUIRED", "REQUIRED", "REQUIRED", "PRICE_CHANGED"], "{refused}");
        shop.assert_unchanged(&before).await;
        let number = pay_total(&buyer, &cart, &provider, "4242 4242 4242 4242", "10.00").await;
        assert!(number.user_error_codes("checkoutPay").contains(&"INVALID"), "a card's number is never taken");
        // Another's cart is one that does not exist.
        let thief = crate::harness::carts::CartIds { token: shop.cart(&buyer, &[(&mug, 1)]).await.token, ..cart.clone() };
        assert_eq!(pay_total(&buyer, &thief, &provider, "tok_approve", "10.00").await.user_error("checkoutPay"), "NOT_FOUND cartId");
    }

    async fn rule_c6_what_costs_nothing_is_ordered_without_a_payment(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let free = shop.product(&shop.owner(), json!({ "variants": [{ "requiresShipping": false }] })).await;
        let prices = "mutation($id: ID!) { pricesSet(productId: $id, prices: [{ amount: \"0\", currency: EUR }]) { userErrors { message } } }";
        shop.owner().query(prices, json!({ "id": free.id })).await.ok();
        shop.stock(&shop.owner(), &free.variants[0], 3).await;
        let cart = shop.cart(&buyer, &[(&free.variants[0], 1)]).await;
        let email = json!({ "email": "ann@people.example" });
        crate::carts::edit(&buyer, &cart, "cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", email)]).await.ok();
        crate::carts::ship_to(&buyer, &cart, "DE").await.ok();
        let answer = pay(&buyer, &cart, &provider, "tok_approve").await.ok();
        assert_eq!(answer.text("checkoutPay.checkout.order.paymentStatus"), "PAID");
        assert_eq!((shop.number(PAYMENTS).await, kept(&shop).await), (0, (0, 1)));
    }

    async fn rule_y2_who_pays_by_bank_transfer_has_an_order_that_waits_for_its_money(db: Database) {
        let shop = Shop::open(db).await;
        till(&shop).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let bank = json!({ "kind": "BANK_TRANSFER", "name": "Bank", "instructions": "To DE00 1234" });
        let bank = shop.payment_provider(&owner, bank).await;
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        let answer = pay(&buyer, &cart, &bank, "any").await.ok();
        assert_eq!(answer.text("checkoutPay.checkout.order.paymentStatus"), "PENDING");
        assert_eq!(answer.text("checkoutPay.checkout.action.instructions"), "To DE00 1234");
        assert_eq!(kept(&shop).await, (0, 2));
    }

    async fn rule_p5_a_code_is_used_by_the_order_and_free_again_where_there_is_none(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "10.00", 9).await;
        ten_off(&shop, json!({ "code": "TEN", "usageLimit": 1 })).await;
        let uses = "SELECT COUNT(*) FROM code_redemptions WHERE canceled_at IS NULL";
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        crate::carts::codes(&buyer, &cart, &["ten"]).await.ok();
        assert_eq!(total(&buyer, &cart).await, "22.90");
        pay(&buyer, &cart, &provider, "tok_decline").await.ok();
        assert_eq!(shop.number(uses).await, 0);
        let answer = pay(&buyer, &cart, &provider, "tok_approve").await.ok();
        assert_eq!(answer.text("checkoutPay.checkout.order.total.amount"), "22.90");
        assert_eq!(shop.number(uses).await, 1);
    }
}
