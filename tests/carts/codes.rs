//! `cartDiscountCodesUpdate`: each code is held against the cart, and its refusal says why (rule P5).

use serde_json::Value;

use super::{cents, codes, edit, look, ten_off, update};
use crate::checkout::{pay, ready, till};
use crate::harness::{Shop, json};
use crate::promotions::{create_code, promotion_with_code};

both! {
    async fn rule_p5_a_code_is_taken_however_it_is_typed_and_once(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        ten_off(&shop, json!({ "code": "SUMMER10" })).await;
        let mug = shop.for_sale(&shop.owner(), "50.00", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 2)]).await;
        let answer = codes(&buyer, &cart, &[" summer10 ", "ＳＵＭＭＥＲ１０"]).await.ok();
        let shown = answer.data("cartDiscountCodesUpdate.cart");
        assert_eq!((&shown["discountCodes"], cents(&shown["pricing"]["total"])), (&json!(["summer10"]), 9_000));
        assert_eq!(shown["pricing"]["discountCodes"][0]["decision"], "APPLIED");
        super::assert_adds_up(shown);
        // The same again changes nothing.
        let before = shop.fingerprint().await;
        codes(&buyer, &cart, &["SUMMER10"]).await.ok();
        shop.assert_unchanged(&before).await;
        let answer = codes(&buyer, &cart, &[]).await.ok();
        assert_eq!(cents(&answer.data("cartDiscountCodesUpdate.cart")["pricing"]["total"]), 10_000);
    }

    async fn rule_p5_each_refusal_has_its_own_code(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "50.00", 9).await;
        let promotion = ten_off(&shop, json!({ "code": "GOOD" })).await;
        for code in [
            json!({ "code": "LATER", "validFrom": "2040-01-01T00:00:00Z" }),
            json!({ "code": "OVER", "validTo": "2020-01-01T00:00:00Z" }),
            json!({ "code": "USED", "usageLimit": 1 }),
        ] {
            create_code(&owner, &promotion, code).await.ok();
        }
        let provider = till(&shop).await;
        let bought = ready(&buyer, &shop, &[(&mug, 1)]).await;
        codes(&buyer, &bought, &["USED"]).await.ok();
        pay(&buyer, &bought, &provider, "tok_approve").await.ok();
        let dear = json!({ "name": "Dear", "condition": { "all": [{ "codeGiven": true },
            { "subtotal": { "atLeast": [{ "amount": "500", "currencyCode": "EUR" }] } }] } });
        promotion_with_code(&owner, dear, json!({ "code": "DEAR" })).await;
        let first = json!({ "name": "First", "condition": { "all": [{ "codeGiven": true }, { "firstOrder": true }] } });
        promotion_with_code(&owner, first, json!({ "code": "FIRST" })).await;
        crate::promotions::promotion_with_code(&shop.rival(), json!({}), json!({ "code": "THEIRS" })).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        let before = shop.fingerprint().await;
        for (code, refusal) in [
            ("NOSUCH", "CODE_UNKNOWN codes.1"),
            ("THEIRS", "CODE_UNKNOWN codes.1"),
            ("LATER", "CODE_NOT_STARTED codes.1"),
            ("OVER", "CODE_EXPIRED codes.1"),
            ("USED", "CODE_USED_UP codes.1"),
            ("FIRST", "CODE_NOT_FOR_YOU codes.1"),
            ("DEAR", "CODE_NOT_FOR_CART codes.1"),
            (" \t", "REQUIRED codes.1"),
        ] {
            let answer = codes(&buyer, &cart, &["GOOD", code]).await;
            assert_eq!(answer.user_error("cartDiscountCodesUpdate"), refusal, "{code}");
        }
        let many: Vec<String> = (0..21).map(|place| format!("CODE{place}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(codes(&buyer, &cart, &many).await.user_error("cartDiscountCodesUpdate"), "TOO_LONG codes");
        shop.assert_unchanged(&before).await;
    }

    async fn rule_p5_a_code_that_no_longer_fits_stays_and_says_so(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "50.00", 9).await;
        let promotion = json!({ "name": "Two", "condition": { "all": [{ "codeGiven": true }, { "quantity": { "atLeast": 2 } }] } });
        promotion_with_code(&owner, promotion, json!({ "code": "TWO" })).await;
        let cart = shop.cart(&buyer, &[(&mug, 2)]).await;
        codes(&buyer, &cart, &["TWO"]).await.ok();
        let answer = update(&buyer, &cart, json!([{ "lineId": cart.lines[0], "quantity": 1 }])).await.ok();
        let verdict = &answer.data("cartLinesUpdate.cart")["pricing"]["discountCodes"][0];
        assert_eq!(json!([verdict["decision"], verdict["refusal"]]), json!(["REFUSED", "NOT_FOR_THIS_CART"]));
        // It can stand beside a new one, and comes back with what it asks for.
        ten_off(&shop, json!({ "code": "TEN" })).await;
        codes(&buyer, &cart, &["TWO", "TEN"]).await.ok();
        update(&buyer, &cart, json!([{ "lineId": cart.lines[0], "quantity": 2 }])).await.ok();
        let shown = look(&buyer, &cart).await;
        assert_ne!(shown.text("cart.pricing.discountCodes.0.decision"), "REFUSED");
    }

    async fn rule_p5_limits_per_guest_count_by_the_address(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "50.00", 9).await;
        ten_off(&shop, json!({ "code": "ONCE", "limitPerBuyer": 1 })).await;
        // What an order of Ann's used.
        let used = format!(
            "INSERT INTO code_redemptions (store_id, code_id, order_id, buyer, created_at) \
             SELECT store_id, id, {}, 'ann@people.example', created_at FROM discount_codes",
            shop.literal(shop.id::<rules::ids::OrderId>())
        );
        shop.execute(&used).await;
        shop.execute("UPDATE discount_codes SET used = 1").await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        let identity = |email: &str| [("buyerIdentity", "CartBuyerIdentityInput!", json!({ "email": email }))];
        edit(&buyer, &cart, "cartBuyerIdentityUpdate", &identity("Ann@People.EXAMPLE")).await.ok();
        assert_eq!(codes(&buyer, &cart, &["ONCE"]).await.user_error("cartDiscountCodesUpdate"), "CODE_USED_UP codes.0");
        edit(&buyer, &cart, "cartBuyerIdentityUpdate", &identity("ben@people.example")).await.ok();
        codes(&buyer, &cart, &["ONCE"]).await.ok();
        let answer = edit(&buyer, &cart, "cartBuyerIdentityUpdate", &identity("ann@people.example")).await.ok();
        let verdict: &Value = &answer.data("cartBuyerIdentityUpdate.cart")["pricing"]["discountCodes"][0];
        assert_eq!(verdict["refusal"], "USED_UP");
    }
}
