//! The lists of promotions and codes.

use chrono::TimeDelta;

use super::{create_code, promotion, promotion_with_code};
use crate::harness::{Shop, json};

const LIST: &str = "query($filter: PromotionFilterInput, $sort: PromotionSort! = PRIORITY) {
    promotions(first: 50, filter: $filter, sort: $sort) { nodes { name status uses spent { amount } } totalCount } }";

const CODES: &str =
    "query($filter: DiscountCodeFilterInput, $sort: DiscountCodeSort! = CODE, $first: Int, $after: String) {
    discountCodes(first: $first, after: $after, filter: $filter, sort: $sort) {
        nodes { code promotion { name } } totalCount pageInfo { endCursor hasNextPage } } }";

both! {
    async fn promotions_are_listed_by_what_they_are_now(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        for (name, input) in [
            ("Ended", json!({ "priority": 1, "validTo": "2026-01-01T00:00:00Z" })),
            ("Active", json!({ "priority": 3 })),
            ("Scheduled", json!({ "priority": -2, "validFrom": shop.writer().now + TimeDelta::minutes(5) })),
            ("Disabled", json!({ "priority": 2, "enabled": false, "validTo": "2026-01-01T00:00:00Z" })),
        ] {
            let mut input = input;
            input["name"] = json!(name);
            promotion(&owner, input).await;
            shop.wait(TimeDelta::seconds(1));
        }
        promotion(&shop.rival(), json!({})).await;
        let names = async |variables| {
            let answer = owner.query(LIST, variables).await.ok();
            let names: Vec<String> = answer.texts("promotions.nodes", "name").into_iter().map(str::to_owned).collect();
            assert_eq!(answer.number("promotions.totalCount"), names.len() as i64);
            names
        };
        assert_eq!(names(json!({})).await, ["Scheduled", "Ended", "Disabled", "Active"]);
        assert_eq!(names(json!({ "sort": "NAME" })).await, ["Active", "Disabled", "Ended", "Scheduled"]);
        assert_eq!(names(json!({ "sort": "NEWEST" })).await, ["Disabled", "Scheduled", "Active", "Ended"]);
        for status in ["ENDED", "ACTIVE", "SCHEDULED", "DISABLED"] {
            let answer = owner.query(LIST, json!({ "filter": { "status": status } })).await.ok();
            assert_eq!(answer.texts("promotions.nodes", "status"), [status]);
            assert_eq!(answer.text("promotions.nodes.0.name").to_uppercase(), status);
        }
        assert_eq!(names(json!({ "filter": { "namePrefix": "s" } })).await, ["Scheduled"]);
        // What is scheduled begins by the clock alone.
        shop.wait(TimeDelta::minutes(5));
        assert_eq!(names(json!({ "filter": { "status": "ACTIVE" } })).await, ["Scheduled", "Active"]);
    }

    async fn codes_are_listed_by_word_and_promotion(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (first, _) = promotion_with_code(&owner, json!({ "name": "First" }), json!({ "code": "Beta" })).await;
        shop.wait(TimeDelta::seconds(1));
        let (second, _) = promotion_with_code(&owner, json!({ "name": "Second" }), json!({ "code": "alpha", "enabled": false })).await;
        shop.wait(TimeDelta::seconds(1));
        create_code(&owner, &first, json!({ "code": "BETTER" })).await.ok();
        let codes = async |variables| {
            let answer = owner.query(CODES, variables).await.ok();
            answer.texts("discountCodes.nodes", "code").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(codes(json!({})).await, ["alpha", "Beta", "BETTER"]);
        assert_eq!(codes(json!({ "sort": "NEWEST" })).await, ["BETTER", "alpha", "Beta"]);
        assert_eq!(codes(json!({ "filter": { "codePrefix": "bet" }, "sort": "CODE_DESCENDING" })).await, ["BETTER", "Beta"]);
        assert_eq!(codes(json!({ "filter": { "promotionId": second } })).await, ["alpha"]);
        assert_eq!(codes(json!({ "filter": { "enabled": true } })).await, ["Beta", "BETTER"]);
        assert!(codes(json!({ "filter": { "used": true } })).await.is_empty());
        let page = owner.query(CODES, json!({ "first": 2 })).await.ok();
        assert_eq!(page.data("discountCodes.pageInfo.hasNextPage"), &json!(true));
        let after = page.text("discountCodes.pageInfo.endCursor");
        assert_eq!(codes(json!({ "first": 2, "after": after })).await, ["BETTER"]);
    }

    async fn the_number_of_statements_does_not_grow_with_the_list(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut counts = Vec::new();
        for _ in 0..3 {
            let (promotion, _) = promotion_with_code(&owner, json!({}), json!({ "code": shop.word() })).await;
            create_code(&owner, &promotion, json!({ "code": shop.word() })).await.ok();
            let list = owner.query(LIST, json!({})).await.ok().statements();
            counts.push((list, owner.query(CODES, json!({})).await.ok().statements()));
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    }
}
