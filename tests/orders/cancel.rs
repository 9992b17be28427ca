//! Orders that are called off.

use futures::future::join_all;

use stoa::orders::UnitsMoved;

use super::doors::send;
use super::{cancel, crowded, line, look, reserved, stocked};
use crate::harness::{Shop, json};
use crate::promotions::promotion_with_code;

both! {
    async fn attack_c24_an_order_is_called_off_once_even_if_asked_ten_times(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 3).await;
        promotion_with_code(&owner, json!({}), json!({ "code": "ONCE", "usageLimit": 1 })).await;
        let order = shop.order(&owner, json!({ "lines": [line(&mug, 2)], "discountCodes": ["once"] })).await;
        assert_eq!((reserved(&shop).await, used(&shop).await), (2, 1));
        let first = cancel(&owner, &order.id).await.ok();
        assert_eq!(first.text("orderCancel.order.status"), "CANCELED");
        assert_eq!(first.text("orderCancel.order.cancelReason"), "CUSTOMER");
        assert_eq!((reserved(&shop).await, used(&shop).await), (0, 0));
        let history = first.data("orderCancel.order.history").as_array().expect("a list");
        let last = history.last().expect("a change");
        assert_eq!((&last["from"], &last["to"], &last["reason"]), (&json!("OPEN"), &json!("CANCELED"), &json!("Changed her mind")));
        assert_eq!(shop.number("SELECT orders FROM customer_order_totals").await, 0);
        let before = shop.fingerprint().await;
        for _ in 0..10 {
            cancel(&owner, &order.id).await.ok();
        }
        shop.assert_unchanged(&before).await;
        // Stock and code are somebody else's now.
        shop.order(&owner, json!({ "lines": [line(&mug, 3)], "discountCodes": ["once"] })).await;
    }

    async fn attack_c24_ten_who_call_it_off_at_once_do_it_once(db: Database) {
        let shop = crowded(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 3).await;
        let order = shop.order(&owner, json!({ "lines": [line(&mug, 2)] })).await;
        let answers = join_all((0..10).map(|_| cancel(&owner, &order.id))).await;
        assert!(answers.iter().all(|answer| answer.is_ok()), "{answers:?}");
        assert_eq!(shop.number("SELECT COUNT(*) FROM domain_events WHERE topic = 'order.canceled'").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM inventory_movements WHERE reason = 'RELEASED'").await, 1);
        assert_eq!(reserved(&shop).await, 0);
    }

    async fn what_was_sent_is_not_called_off(db: Database) {
        let shop = Shop::open(db).await;
        let order = shop.order(&shop.owner(), json!({})).await;
        let all = UnitsMoved { fulfilled: 1, ..UnitsMoved::default() };
        send(&shop, &order.id, &order.lines[0], all).await.expect("sent");
        let before = shop.fingerprint().await;
        let refused = cancel(&shop.owner(), &order.id).await;
        assert_eq!(refused.user_error("orderCancel"), "NOT_ALLOWED");
        shop.assert_unchanged(&before).await;
        assert_eq!(look(&shop.owner(), &order.id).await.text("order.status"), "OPEN");
    }

    async fn attack_t04_anothers_order_is_none(db: Database) {
        let shop = Shop::open(db).await;
        let order = shop.order(&shop.owner(), json!({})).await;
        let made_up = shop.id::<rules::ids::OrderId>().to_string();
        let rival = shop.rival();
        let before = shop.fingerprint().await;
        let (there, never) = (cancel(&rival, &order.id).await, cancel(&rival, &made_up).await);
        assert_eq!((there.code(), there.refusal()), ("NOT_FOUND", never.refusal()));
        shop.assert_unchanged(&before).await;
    }
}

async fn used(shop: &Shop) -> i64 {
    shop.number("SELECT CAST(SUM(used) AS bigint) FROM discount_codes").await
}
