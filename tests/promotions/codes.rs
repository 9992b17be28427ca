//! Discount codes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{create_code, preview, promotion, promotion_with_code, variant};
use crate::harness::{Actor, Answer, Shop, json};

const UPDATE: &str = "mutation($id: ID!, $input: DiscountCodeUpdateInput!, $version: Int) {
    discountCodeUpdate(id: $id, input: $input, expectedVersion: $version) {
        discountCode { code enabled usageLimit limitPerBuyer validFrom validTo version } userErrors { code field message } } }";

const GENERATE: &str = "mutation($input: DiscountCodesGenerateInput!) { discountCodesGenerate(input: $input) {
    codes userErrors { code field message } } }";

const DELETE: &str =
    "mutation($id: ID!) { discountCodeDelete(id: $id) { deletedDiscountCodeId userErrors { code field } } }";

async fn update(actor: &Actor, id: &str, input: Value) -> Answer {
    actor.query(UPDATE, json!({ "id": id, "input": input })).await
}

async fn asking(shop: &Shop) -> String {
    promotion(&shop.owner(), json!({ "condition": { "all": [{ "codeGiven": true }] } })).await
}

both! {
    async fn rule_p5_a_code_is_stored_as_typed_and_compared_without_case(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let promotion = asking(&shop).await;
        let before = shop.ledger().await;
        let answer = create_code(&owner, &promotion, json!({ "code": " Summer10 ", "usageLimit": 5, "limitPerBuyer": 1 })).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["discount_code.create".to_owned()], vec!["discount_code.created".to_owned()]));
        let made = answer.data("discountCodeCreate.discountCode");
        assert_eq!((&made["code"], &made["used"], &made["usageLimit"]), (&json!("Summer10"), &json!(0), &json!(5)));
        assert_eq!(made["promotion"]["id"], json!(promotion));
        let look = "query($code: String!) { discountCode(code: $code) { id code } }";
        for twin in ["SUMMER10", "summer10", " Summer10", "ＳＵＭＭＥＲ１０"] {
            let found = owner.query(look, json!({ "code": twin })).await.ok();
            assert_eq!(found.text("discountCode.code"), "Summer10", "{twin}");
            let again = create_code(&owner, &promotion, json!({ "code": twin })).await;
            assert_eq!(again.user_error("discountCodeCreate"), "TAKEN code", "{twin}");
        }
        // Another store has its own words.
        promotion_with_code(&shop.rival(), json!({}), json!({ "code": "Summer10" })).await;
    }

    async fn what_is_wrong_with_a_code_is_told_and_nothing_is_written(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (asking, open) = (asking(&shop).await, promotion(&owner, json!({})).await);
        let theirs = promotion(&shop.rival(), json!({ "condition": { "codeGiven": true } })).await;
        let before = shop.fingerprint().await;
        for (promotion, input, problem) in [
            (&asking, json!({ "code": " " }), "REQUIRED code"),
            (&asking, json!({ "code": "x".repeat(61) }), "TOO_LONG code"),
            (&asking, json!({ "code": "A\nB" }), "INVALID code"),
            (&asking, json!({ "code": "A", "usageLimit": 0 }), "OUT_OF_RANGE usageLimit"),
            (&asking, json!({ "code": "A", "limitPerBuyer": -1 }), "OUT_OF_RANGE limitPerBuyer"),
            (&asking, json!({ "code": "A", "validFrom": "2026-05-02T00:00:00Z", "validTo": "2026-05-01T00:00:00Z" }), "OUT_OF_RANGE validTo"),
            (&open, json!({ "code": "A" }), "NOT_ALLOWED promotionId"),
            (&theirs, json!({ "code": "A" }), "NOT_FOUND promotionId"),
        ] {
            let answer = create_code(&owner, promotion, input).await;
            assert_eq!(answer.user_error("discountCodeCreate"), problem, "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn a_code_changes_and_goes(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        let (promotion, id) = promotion_with_code(&owner, json!({}), json!({ "code": "One", "usageLimit": 3 })).await;
        create_code(&owner, &promotion, json!({ "code": "Two" })).await.ok();
        assert_eq!(update(&owner, &id, json!({ "code": "TWO" })).await.user_error("discountCodeUpdate"), "TAKEN code");
        let answer = update(&owner, &id, json!({ "code": "ONE", "usageLimit": null, "validTo": "2027-01-01T00:00:00Z" })).await.ok();
        let now = answer.data("discountCodeUpdate.discountCode");
        assert_eq!((&now["code"], &now["usageLimit"], &now["version"]), (&json!("ONE"), &Value::Null, &json!(2)));
        assert_eq!(now["validTo"], json!("2027-01-01T00:00:00Z"));
        let refused = update(&owner, &id, json!({ "validFrom": "2027-01-01T00:00:00Z" })).await;
        assert_eq!(refused.user_error("discountCodeUpdate"), "OUT_OF_RANGE validTo");
        let stale = owner.query(UPDATE, json!({ "id": id, "input": {}, "version": 1 })).await;
        assert_eq!(stale.user_error("discountCodeUpdate"), "STALE expectedVersion");
        assert_eq!(update(&shop.rival(), &id, json!({ "enabled": false })).await.code(), "NOT_FOUND");
        assert_eq!(preview(&owner, &[(&mug, 1)], json!({ "codes": ["one"] })).await.codes(), ["APPLIED"]);
        update(&owner, &id, json!({ "enabled": false })).await.ok();
        assert_eq!(preview(&owner, &[(&mug, 1)], json!({ "codes": ["one"] })).await.codes(), ["REFUSED UNKNOWN"]);
        let before = shop.ledger().await;
        owner.query(DELETE, json!({ "id": id })).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["discount_code.delete".to_owned()], vec!["discount_code.deleted".to_owned()]));
        assert_eq!(owner.query(DELETE, json!({ "id": id })).await.code(), "NOT_FOUND");
        create_code(&owner, &promotion, json!({ "code": "one" })).await.ok();
    }

    async fn codes_are_generated_by_the_thousand(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        let promotion = asking(&shop).await;
        let before = shop.ledger().await;
        let input = json!({ "promotionId": promotion, "count": 1000, "prefix": "GIFT-", "length": 8 });
        let answer = owner.query(GENERATE, json!({ "input": input })).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["discount_codes.generate".to_owned()], vec!["discount_codes.generated".to_owned()]));
        let codes: Vec<&str> = answer.data("discountCodesGenerate.codes").as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 1000);
        assert!(codes.iter().all(|code| code.len() == 13 && code.starts_with("GIFT-")));
        assert!(!codes.iter().any(|code| code[5..].contains(['0', 'O', '1', 'I', 'L', 'U', 'V'])));
        // Each is for one order, and opens its promotion however it is written.
        assert_eq!(shop.number("SELECT COUNT(*) FROM discount_codes WHERE usage_limit = 1 AND used = 0").await, 1000);
        let typed = codes[999].to_lowercase();
        assert_eq!(preview(&owner, &[(&mug, 1)], json!({ "codes": [typed] })).await.codes(), ["APPLIED"]);
        // The words are no news: whoever reads the outbox can't spend them.
        let payloads = shop.texts("SELECT CAST(payload AS text) FROM domain_events WHERE topic = 'discount_codes.generated'").await;
        assert!(payloads[0][0].contains("GIFT-") && !payloads[0][0].contains(codes[0]));
        for (wrong, problem) in [
            (json!({ "count": 0 }), "OUT_OF_RANGE count"),
            (json!({ "count": 1001 }), "OUT_OF_RANGE count"),
            (json!({ "length": 7 }), "OUT_OF_RANGE length"),
            (json!({ "prefix": "x".repeat(21) }), "TOO_LONG prefix"),
        ] {
            let mut input = json!({ "promotionId": promotion, "count": 1 });
            for (field, value) in wrong.as_object().expect("an object") {
                input[field] = value.clone();
            }
            let answer = owner.query(GENERATE, json!({ "input": input })).await;
            assert_eq!(answer.user_error("discountCodesGenerate"), problem, "{wrong}");
        }
    }
}
