//! As many buyers at once as a sale brings, at two servers over one database.

use futures::StreamExt;
use futures::future::join_all;
use futures::stream;

use super::storms::crowded;
use super::{kept, pay_total, ready, till};
use crate::carts::{codes, ten_off};
use crate::harness::carts::CartIds;
use crate::harness::{Actor, Answer, Shop, json};

/// How many fill their carts at a time.
const AT_ONCE: usize = 8;

/// So many carts with one unit of a variant that can be paid.
async fn filled(shop: &Shop, buyer: &Actor, count: usize, variant: &str, given: &[&str]) -> Vec<CartIds> {
    let carts = (0..count).map(async |_| {
        let cart = ready(buyer, shop, &[(variant, 1)]).await;
        if !given.is_empty() {
            codes(buyer, &cart, given).await.ok();
        }
        cart
    });
    stream::iter(carts).buffer_unordered(AT_ONCE).collect().await
}

/// All of them pay at the same time, half of them at each server.
async fn all_pay(buyers: &[Actor; 2], carts: &[CartIds], provider: &str, total: &str) -> Vec<Answer> {
    let payments = carts.iter().enumerate();
    join_all(payments.map(|(n, cart)| pay_total(&buyers[n % 2], cart, provider, "tok_approve", total))).await
}

both! {
    async fn attack_c10_fault_f01_fault_f02_promise_p05_of_200_buyers_of_50_units_at_two_servers_50_have_an_order(db: Database) {
        let shop = crowded(db).await;
        let (provider, buyer, second) = (till(&shop).await, shop.anonymous(), shop.second_node().await);
        let mug = shop.for_sale(&shop.owner(), "5.00", 50).await;
        let carts = filled(&shop, &buyer, 200, &mug, &[]).await;
        let buyers = [buyer.clone(), shop.on(&second, &buyer)];
        let answers = all_pay(&buyers, &carts, &provider, "9.90").await;
        let (bought, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.is_ok());
        assert_eq!((bought.len(), refused.len(), kept(&shop).await), (50, 150, (0, 50)));
        for answer in refused {
            assert_eq!(answer.user_error("checkoutPay"), "OUT_OF_STOCK lines.0");
        }
        let mut numbers: Vec<i64> = bought.iter().map(|answer| answer.number("checkoutPay.checkout.order.number")).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1_001..1_051).collect::<Vec<_>>(), "each has an order of its own");
        assert_eq!(shop.number("SELECT COUNT(*) FROM orders").await, 50);
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments").await, 50, "nobody is asked for money without a unit");
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments WHERE captured = amount").await, 50);
    }

    async fn attack_c07_fault_f03_a_code_for_one_use_is_of_one_of_100_who_pay_at_two_servers(db: Database) {
        let shop = crowded(db).await;
        let (provider, buyer, second) = (till(&shop).await, shop.anonymous(), shop.second_node().await);
        let mug = shop.for_sale(&shop.owner(), "10.00", 900).await;
        ten_off(&shop, json!({ "code": "ONCE", "usageLimit": 1 })).await;
        let carts = filled(&shop, &buyer, 100, &mug, &["ONCE"]).await;
        let buyers = [buyer.clone(), shop.on(&second, &buyer)];
        let answers = all_pay(&buyers, &carts, &provider, "13.90").await;
        let (bought, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.is_ok());
        assert_eq!((bought.len(), refused.len(), kept(&shop).await), (1, 99, (0, 1)));
        for answer in refused {
            // Who looked at the cart after it was used up is told of the price without it.
            let error = answer.user_error("checkoutPay");
            assert!(["CODE_USED_UP codes.0", "PRICE_CHANGED total"].contains(&&*error), "{answer}");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM orders").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM code_redemptions WHERE canceled_at IS NULL").await, 1);
        // The others buy without it, for what it costs then.
        let dearer = pay_total(&buyer, &carts[0], &provider, "tok_approve", "14.90").await;
        let again = pay_total(&buyer, &carts[1], &provider, "tok_approve", "14.90").await;
        assert!(dearer.is_ok() || again.is_ok(), "{dearer} {again}");
    }
}
