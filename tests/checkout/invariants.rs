//! What is proved of money finds what is off, and names it.

use stoa::invariants;

use super::{pay, ready, till, work};
use crate::harness::{Shop, json};

/// The numbers of the invariants that are broken.
async fn broken(shop: &Shop) -> Vec<&'static str> {
    let found = invariants::check(shop.db(), shop.settings()).await.expect("a proof");
    found.into_iter().map(|(invariant, _)| invariant.number).collect()
}

both! {
    async fn invariant_i5_invariant_i6_invariant_i8_invariant_i13_money_that_is_off_is_found(db: Database) {
        let shop = Shop::open(db).await;
        let (provider, buyer, owner) = (till(&shop).await, shop.anonymous(), shop.owner());
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let cart = ready(&buyer, &shop, &[(&mug, 2)]).await;
        pay(&buyer, &cart, &provider, "tok_decline").await.ok();
        pay(&buyer, &cart, &provider, "tok_approve").await.ok();
        work(&shop).await;
        let card = "mutation { giftCardCreate(input: { amount: { amount: \"20\", currencyCode: EUR } }) { userErrors { code message } } }";
        owner.query(card, json!({})).await.ok();
        assert_eq!(broken(&shop).await, [""; 0]);
        shop.database().is_taken_apart();
        for (number, breaks, mends) in [
            // What was taken is not on the order, and what is on the order is nobody's.
            ("I5", "UPDATE order_payments SET captured = captured - 1", "UPDATE order_payments SET captured = captured + 1"),
            ("I5", "UPDATE payments SET order_id = NULL WHERE status = 'PAID'",
                "UPDATE payments SET order_id = (SELECT id FROM orders) WHERE status = 'PAID'"),
            ("I6", "UPDATE payments SET captured = captured - 1 WHERE status = 'PAID'",
                "UPDATE payments SET captured = captured + 1 WHERE status = 'PAID'"),
            ("I8", "UPDATE gift_cards SET balance = balance - 1", "UPDATE gift_cards SET balance = balance + 1"),
            // Two were asked for under one key.
            ("I13", "UPDATE payment_attempts SET payment_id = (SELECT id FROM payments WHERE status = 'PAID') WHERE state = 'DECLINED'",
                "UPDATE payment_attempts SET payment_id = (SELECT id FROM payments WHERE status = 'FAILED') WHERE state = 'DECLINED'"),
        ] {
            assert!(shop.execute(breaks).await > 0, "{breaks}");
            let found = broken(&shop).await;
            assert!(found.contains(&number), "{breaks}: {found:?}");
            shop.execute(mends).await;
            assert_eq!(broken(&shop).await, [""; 0], "{mends}");
        }
    }
}
