//! Many buyers at once.

use futures::future::join_all;

use super::{kept, pay_total, ready, till};
use crate::carts::ten_off;
use crate::harness::{Database, Shop, json};

/// A shop whose database lets everybody in, however long it takes.
pub async fn crowded(db: Database) -> Shop {
    Shop::open_with(db, |config| {
        config.database.acquire_timeout = std::time::Duration::from_secs(60);
        config.database.lock_timeout = std::time::Duration::from_secs(60);
        config.database.statement_timeout = std::time::Duration::from_secs(60);
        config.edge.operation_timeout = std::time::Duration::from_secs(120);
    })
    .await
}

both! {
    async fn fault_f01_of_forty_buyers_of_ten_units_ten_get_one(db: Database) {
        let shop = crowded(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 10).await;
        let mut carts = Vec::new();
        for _ in 0..40 {
            carts.push(ready(&buyer, &shop, &[(&mug, 1)]).await);
        }
        let answers = join_all(carts.iter().map(|cart| pay_total(&buyer, cart, &provider, "tok_approve", "9.90"))).await;
        let (bought, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.is_ok());
        assert_eq!((bought.len(), kept(&shop).await), (10, (0, 10)));
        for answer in refused {
            assert_eq!(answer.user_error("checkoutPay"), "OUT_OF_STOCK lines.0");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM orders").await, 10);
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments WHERE captured > 0").await, 10);
    }

    async fn fault_f03_a_code_with_one_use_is_of_one_of_twenty_buyers(db: Database) {
        let shop = crowded(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "10.00", 90).await;
        ten_off(&shop, json!({ "code": "ONCE", "usageLimit": 1 })).await;
        let mut carts = Vec::new();
        for _ in 0..20 {
            let cart = ready(&buyer, &shop, &[(&mug, 1)]).await;
            crate::carts::codes(&buyer, &cart, &["ONCE"]).await.ok();
            carts.push(cart);
        }
        let answers = join_all(carts.iter().map(|cart| pay_total(&buyer, cart, &provider, "tok_approve", "13.90"))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM orders").await, 1);
    }

    async fn attack_c15_a_cart_that_is_paid_by_ten_at_once_is_one_order_and_one_payment(db: Database) {
        let shop = crowded(db).await;
        let (provider, buyer) = (till(&shop).await, shop.anonymous());
        let mug = shop.for_sale(&shop.owner(), "5.00", 90).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        let answers = join_all((0..10).map(|_| pay_total(&buyer, &cart, &provider, "tok_approve", "14.90"))).await;
        assert!(answers.iter().any(|answer| answer.is_ok()));
        assert_eq!(shop.number("SELECT COUNT(*) FROM orders").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM payments WHERE captured > 0").await, 1);
        assert_eq!(kept(&shop).await, (0, 2));
    }
}
