//! `promotionUpdate` and `promotionDelete`.

use serde_json::Value;

use super::{create_code, preview, promotion, promotion_with_code, variant};
use crate::harness::{Actor, Answer, Shop, json};

const UPDATE: &str = "mutation($id: ID!, $input: PromotionUpdateInput!, $version: Int) {
    promotionUpdate(id: $id, input: $input, expectedVersion: $version) {
        promotion { name enabled status priority validTo version condition { summary } action { summary }
            caps { maximumUses budget { amount } } stacking { exclusiveGroup } }
        userErrors { code field message } } }";

pub async fn update(actor: &Actor, id: &str, input: Value) -> Answer {
    actor.query(UPDATE, json!({ "id": id, "input": input })).await
}

const DELETE: &str =
    "mutation($id: ID!) { promotionDelete(id: $id) { deletedPromotionId userErrors { code field message } } }";

both! {
    async fn what_is_left_out_stays_and_null_clears(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let id = promotion(&owner, json!({
            "priority": 4, "validTo": "2027-01-01T00:00:00Z", "condition": { "firstOrder": true },
            "caps": { "maximumUses": 9 }, "stacking": { "exclusiveGroup": "spring" },
        })).await;
        let before = shop.ledger().await;
        let answer = update(&owner, &id, json!({ "name": "Twenty off", "action": { "order": { "percent": 20 } } })).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["promotion.update".to_owned()], vec!["promotion.updated".to_owned()]));
        let seen = |answer: &Answer, field: &str| answer.data(&format!("promotionUpdate.promotion.{field}")).clone();
        assert_eq!((seen(&answer, "name"), seen(&answer, "version")), (json!("Twenty off"), json!(2)));
        assert_eq!((seen(&answer, "priority"), seen(&answer, "caps.maximumUses")), (json!(4), json!(9)));
        assert_eq!(seen(&answer, "condition.summary"), json!("the buyer has bought nothing before"));
        assert_eq!(seen(&answer, "action.summary"), json!("20 % off the order"));
        let cleared = json!({ "validTo": null, "condition": null, "caps": null, "stacking": null });
        let answer = update(&owner, &id, cleared).await.ok();
        assert_eq!((seen(&answer, "validTo"), seen(&answer, "caps.maximumUses")), (Value::Null, Value::Null));
        assert_eq!((seen(&answer, "condition.summary"), seen(&answer, "stacking.exclusiveGroup")), (json!("always"), Value::Null));
        assert_eq!(seen(&answer, "name"), json!("Twenty off"));
    }

    async fn the_whole_is_checked_whatever_part_of_it_changes(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let id = promotion(&owner, json!({ "validFrom": "2026-06-01T00:00:00Z" })).await;
        let before = shop.fingerprint().await;
        let refused = update(&owner, &id, json!({ "validTo": "2026-05-01T00:00:00Z" })).await;
        assert_eq!(refused.user_error("promotionUpdate"), "OUT_OF_RANGE validTo");
        let stale = owner.query(UPDATE, json!({ "id": id, "input": { "priority": 1 }, "version": 7 })).await;
        assert_eq!(stale.user_error("promotionUpdate"), "STALE expectedVersion");
        let theirs = promotion(&shop.rival(), json!({})).await;
        assert_eq!(update(&owner, &theirs, json!({ "priority": 1 })).await.code(), "NOT_FOUND");
        assert_eq!(owner.query(DELETE, json!({ "id": theirs })).await.code(), "NOT_FOUND");
        let changed = before.changed(&shop.fingerprint().await);
        // The rival made a promotion of its own meanwhile.
        assert!(!changed.is_empty());
        assert_eq!(shop.number(&format!("SELECT version FROM promotions WHERE id = {}", shop.literal_of(&id))).await, 1);
        assert_eq!(shop.number(&format!("SELECT version FROM promotions WHERE id = {}", shop.literal_of(&theirs))).await, 1);
    }

    async fn a_promotion_is_enabled_and_disabled(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        let id = promotion(&owner, json!({ "enabled": false })).await;
        assert!(preview(&owner, &[(&mug, 1)], json!({})).await.outcomes().is_empty());
        // Before it goes live it can be tried.
        let tried = preview(&owner, &[(&mug, 1)], json!({ "disabledPromotionIds": [id] })).await;
        assert_eq!(tried.outcome("Ten off"), "1.00");
        let answer = update(&owner, &id, json!({ "enabled": true })).await.ok();
        assert_eq!(answer.text("promotionUpdate.promotion.status"), "ACTIVE");
        assert_eq!(preview(&owner, &[(&mug, 1)], json!({})).await.outcome("Ten off"), "1.00");
        let answer = update(&owner, &id, json!({ "enabled": false })).await.ok();
        assert_eq!(answer.text("promotionUpdate.promotion.status"), "DISABLED");
        assert!(preview(&owner, &[(&mug, 1)], json!({})).await.outcomes().is_empty());
    }

    async fn a_deleted_promotion_takes_its_codes_along_and_their_words_are_free(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        let (id, code) = promotion_with_code(&owner, json!({}), json!({ "code": "Summer" })).await;
        let before = shop.ledger().await;
        owner.query(DELETE, json!({ "id": id })).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["promotion.delete".to_owned()], vec!["promotion.deleted".to_owned()]));
        let gone = "query($id: ID!, $code: ID!) { promotion(id: $id) { id } discountCode(id: $code) { id } }";
        let answer = owner.query(gone, json!({ "id": id, "code": code })).await.ok();
        assert!(answer.data("promotion").is_null() && answer.data("discountCode").is_null());
        assert_eq!(preview(&owner, &[(&mug, 1)], json!({ "codes": ["summer"] })).await.codes(), ["REFUSED UNKNOWN"]);
        assert_eq!(owner.query(DELETE, json!({ "id": id })).await.code(), "NOT_FOUND");
        assert_eq!(create_code(&owner, &id, json!({ "code": "X" })).await.user_error("discountCodeCreate"), "NOT_FOUND promotionId");
        promotion_with_code(&owner, json!({}), json!({ "code": "SUMMER" })).await;
        assert_eq!(preview(&owner, &[(&mug, 1)], json!({ "codes": ["summer"] })).await.codes(), ["APPLIED"]);
    }
}
