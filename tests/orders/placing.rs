//! What an order is when it was placed.

use super::{complete, eur, german_taxes, line, look, reserved, stocked};
use crate::harness::{Shop, json};
use crate::promotions::{beside_all, create_code, promotion};

both! {
    async fn rule_t4_an_order_says_how_its_total_comes_together(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        german_taxes(&shop).await;
        let mug = stocked(&shop, "10", 5).await;
        let off = json!({ "name": "Summer", "condition": { "codeGiven": true }, "stacking": beside_all() });
        let summer = promotion(&owner, off).await;
        create_code(&owner, &summer, json!({ "code": "Summer", "usageLimit": 1 })).await.ok();
        let made_up = json!({ "title": "Engraving", "quantity": 1, "unitPrice": eur("5"), "sku": "ENG-1" });
        let order = shop
            .order(&owner, json!({
                "lines": [line(&mug, 3), made_up],
                "discountCodes": [" summer "],
                "shipping": { "title": "Courier", "price": eur("4.90") },
                "note": "Ring twice", "tags": ["Gift", "gift"], "attributes": [{ "key": "a", "value": "b" }],
            }))
            .await;
        let seen = look(&owner, &order.id).await;
        let order = seen.data("order");
        assert_eq!((order["number"].as_i64(), &order["status"]), (Some(1_001), &json!("OPEN")));
        assert_eq!(order["paymentStatus"], "PENDING");
        // 35.00, ten per cent off, 4.90 for shipping.
        assert_eq!((seen.text("order.subtotal.amount"), seen.text("order.discount.amount")), ("35.00", "3.50"));
        assert_eq!((seen.text("order.total.amount"), seen.text("order.shippingPrice.amount")), ("36.40", "4.90"));
        // 19 per cent are inside: 4.31 of 27.00, 0.72 of 4.50; shipping has no category of its own.
        assert_eq!(seen.texts("order.lines", "kind"), ["BOUGHT", "CUSTOM"]);
        assert_eq!((seen.text("order.lines.0.tax.amount"), seen.text("order.lines.1.tax.amount")), ("4.31", "0.72"));
        assert_eq!(seen.text("order.lines.1.sku"), "ENG-1");
        assert_eq!(seen.text("order.lines.0.discounts.0.code"), "Summer");
        assert_eq!(seen.text("order.shippingLines.0.title"), "Courier");
        assert_eq!(order["tags"], json!(["Gift"]));
        let steps = order["explanation"]["steps"].as_array().expect("steps");
        assert_eq!(steps.last().expect("a step")["soFar"]["amount"], "36.40");
        assert_eq!(order["explanation"]["codes"][0]["decision"], "APPLIED");
        assert_eq!(order["history"].as_array().map(Vec::len), Some(4));
        assert_eq!((order["draftOrder"]["status"].as_str(), reserved(&shop).await), (Some("COMPLETED"), 3));
        assert_eq!(shop.number("SELECT CAST(SUM(used) AS bigint) FROM discount_codes").await, 1);
    }

    async fn rule_m3_an_order_keeps_what_it_was_when_it_was_placed(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 5).await;
        let order = shop.order(&owner, json!({ "lines": [line(&mug, 1)] })).await;
        let before = look(&owner, &order.id).await;
        shop.execute("UPDATE products SET title = 'Another'").await;
        shop.execute("UPDATE prices SET amount = 1").await;
        shop.execute("UPDATE stores SET tax_mode = 'NET', rounding_mode = 'HALF_EVEN'").await;
        let after = look(&owner, &order.id).await;
        assert_eq!(before.body, after.body);
    }

    async fn rule_t1_who_pays_no_tax_pays_the_net_price(db: Database) {
        let shop = Shop::open(db).await;
        german_taxes(&shop).await;
        let mug = stocked(&shop, "11.90", 5).await;
        let order = shop.order(&shop.owner(), json!({ "lines": [line(&mug, 1)], "taxExempt": true })).await;
        let seen = look(&shop.owner(), &order.id).await;
        assert_eq!((seen.text("order.total.amount"), seen.text("order.tax.amount")), ("10.00", "0.00"));
    }

    async fn rule_c6_what_is_not_there_is_not_sold_and_nothing_is_half_done(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 2).await;
        let draft = shop.draft_order(&owner, json!({ "lines": [line(&mug, 1), line(&mug, 2)] })).await;
        let before = shop.fingerprint().await;
        let answer = complete(&owner, &draft).await;
        assert_eq!(answer.user_error("draftOrderComplete"), "OUT_OF_STOCK lines.0.quantity");
        assert_eq!(answer.data("draftOrderComplete.userErrors.0.availableQuantity"), 2);
        shop.assert_unchanged(&before).await;
        // The number was given back.
        let order = shop.order(&owner, json!({ "lines": [line(&mug, 2)] })).await;
        assert_eq!(look(&owner, &order.id).await.number("order.number"), 1_001);
    }

    async fn a_code_that_can_not_be_used_stands_in_the_way(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let draft = shop.draft_order(&owner, json!({ "discountCodes": ["Nothing"] })).await;
        let before = shop.fingerprint().await;
        let answer = complete(&owner, &draft).await;
        assert_eq!(answer.user_error("draftOrderComplete"), "CODE_UNKNOWN discountCodes.0");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_c21_an_order_is_never_deleted(db: Database) {
        let shop = Shop::open(db).await;
        let order = shop.order(&shop.owner(), json!({})).await;
        let sdl = stoa::schema::sdl();
        assert!(!sdl.contains("orderDelete("), "no field deletes one");
        use sea_orm::ConnectionTrait;
        let refused = shop.db().execute_unprepared("DELETE FROM orders").await;
        assert!(refused.is_err(), "what hangs on it holds it");
        look(&shop.owner(), &order.id).await;
    }
}
