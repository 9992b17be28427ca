//! What is proved of all orders finds what is off, and names it.

use stoa::invariants;

use super::{line, stocked};
use crate::harness::{Shop, json};
use crate::promotions::promotion_with_code;

/// The numbers of the invariants that are broken.
async fn broken(shop: &Shop) -> Vec<&'static str> {
    let found = invariants::check(shop.db(), shop.settings()).await.expect("a proof");
    found.into_iter().map(|(invariant, _)| invariant.number).collect()
}

both! {
    async fn invariant_i7_invariant_i9_invariant_i14_each_order_that_is_off_is_found(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 9).await;
        promotion_with_code(&owner, json!({}), json!({ "code": "ONCE", "usageLimit": 5 })).await;
        shop.order(&owner, json!({ "lines": [line(&mug, 3)], "discountCodes": ["once"] })).await;
        assert_eq!(broken(&shop).await, [""; 0]);
        shop.database().is_taken_apart();
        for (number, breaks, mends) in [
            ("I7", "UPDATE orders SET net = net - 1, tax = tax + 1", "UPDATE orders SET net = net + 1, tax = tax - 1"),
            ("I7", "UPDATE order_discounts SET amount = amount + 1", "UPDATE order_discounts SET amount = amount - 1"),
            ("I9", "UPDATE discount_codes SET used = 2", "UPDATE discount_codes SET used = 1"),
            ("I14", "UPDATE orders SET payment_status = 'PAID'", "UPDATE orders SET payment_status = 'PENDING'"),
            ("I14", "UPDATE order_numbers SET next_number = 1001", "UPDATE order_numbers SET next_number = 1002"),
            ("I16", "UPDATE stock_reservations SET quantity = 2", "UPDATE stock_reservations SET quantity = 3"),
        ] {
            shop.execute(breaks).await;
            let found = broken(&shop).await;
            assert!(found.contains(&number), "{breaks}: {found:?}");
            shop.execute(mends).await;
            assert_eq!(broken(&shop).await, [""; 0], "{mends}");
        }
    }
}
