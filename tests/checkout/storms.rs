//! Many buyers at once.

use futures::future::join_all;

use super::{kept, pay_total, ready, till};
use crate::harness::{Database, Shop};

/// A shop in which everybody waits for as long as it takes.
pub(super) async fn crowded(db: Database) -> Shop {
    Shop::open_with(db, |config| {
        config.database.acquire_timeout = std::time::Duration::from_secs(60);
        config.database.lock_timeout = std::time::Duration::from_secs(60);
        config.database.statement_timeout = std::time::Duration::from_secs(60);
        config.edge.operation_timeout = std::time::Duration::from_secs(120);
    })
    .await
}

both! {
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
