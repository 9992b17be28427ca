//! What promotions would have done to past orders (rule P7).

use chrono::TimeDelta;
use serde_json::Value;

use super::{cancel, complete, eur, line, stocked};
use crate::harness::{Actor, Answer, Shop, json};
use crate::promotions::{beside_all, promotion, promotion_with_code};

async fn ask(staff: &Actor, promotion: &str, more: Value) -> Answer {
    let document = "query($id: ID!, $days: Int, $given: Boolean) { \
        promotionSimulation(promotionId: $id, days: $days, asIfCodeGiven: $given) { promotion { id } from \
        ordersConsidered isCapped ordersTouched totals { orders discount { amount currencyCode } cost { amount } } \
        examples { order { id } discount { amount } cost { amount } } } }";
    let mut variables = json!({ "id": promotion, "days": 30, "given": false });
    for (name, value) in more.as_object().expect("an object") {
        variables[name] = value.clone();
    }
    staff.query(document, variables).await
}

/// An order of so many of a variant.
async fn bought(shop: &Shop, variant: &str, quantity: i32, input: Value) -> String {
    shop.wait(TimeDelta::milliseconds(1));
    let mut whole = json!({ "lines": [line(variant, quantity)] });
    for (name, value) in input.as_object().expect("an object") {
        whole[name] = value.clone();
    }
    shop.order(&shop.owner(), whole).await.id
}

/// What it comes to: the orders that are looked at and touched, the discount, and the cost.
fn sums(answer: &Answer) -> (i64, i64, &str, &str) {
    let of = |path: &str| answer.number(&format!("promotionSimulation.{path}"));
    let text = |path: &str| answer.text(&format!("promotionSimulation.totals.0.{path}.amount"));
    (of("ordersConsidered"), of("ordersTouched"), text("discount"), text("cost"))
}

both! {
    async fn rule_p7_a_promotion_is_tried_on_past_orders_before_it_goes_live(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 90).await;
        bought(&shop, &mug, 2, json!({})).await;
        let large = bought(&shop, &mug, 5, json!({})).await;
        let middle = bought(&shop, &mug, 3, json!({})).await;
        let input = json!({ "enabled": false, "condition": { "subtotal": { "atLeast": [eur("30")] } }, "validFrom": "2099-01-01T00:00:00Z" });
        let ten = promotion(&owner, input).await;
        let before = shop.fingerprint().await;
        let tried = ask(&owner, &ten, json!({})).await.ok();
        shop.assert_unchanged(&before).await;
        assert_eq!(sums(&tried), (3, 2, "8.00", "8.00"));
        assert_eq!(tried.text("promotionSimulation.promotion.id"), ten);
        assert_eq!(tried.data("promotionSimulation.isCapped"), &json!(false));
        let examples: Vec<&str> = (0..2).map(|place| tried.text(&format!("promotionSimulation.examples.{place}.order.id"))).collect();
        assert_eq!(examples, [large.as_str(), middle.as_str()], "those that cost most first");
        // Once it is live the same order gets the same.
        let live = "mutation($id: ID!) { promotionUpdate(id: $id, input: { enabled: true, validFrom: null }) { userErrors { code message } } }";
        owner.query(live, json!({ "id": ten })).await.ok();
        let draft = shop.draft_order(&owner, json!({ "lines": [line(&mug, 5)] })).await;
        let order = complete(&owner, &draft).await.ok();
        assert_eq!(order.text("draftOrderComplete.order.discount.amount"), "5.00");
        assert_eq!(tried.text("promotionSimulation.examples.0.discount.amount"), "5.00");
        // An order that has it already is worked out without it, and with it.
        assert_eq!(sums(&ask(&owner, &ten, json!({})).await.ok()), (4, 3, "13.00", "13.00"));
    }

    async fn rule_p7_what_steps_back_for_it_is_taken_off_its_cost(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 90).await;
        promotion(&owner, json!({ "name": "Ten off" })).await;
        bought(&shop, &mug, 5, json!({})).await;
        let alone = promotion(&owner, json!({ "name": "Fifteen", "enabled": false, "action": { "order": { "percent": "15" } } })).await;
        assert_eq!(sums(&ask(&owner, &alone, json!({})).await.ok()), (1, 1, "7.50", "2.50"));
        let less = promotion(&owner, json!({ "name": "Five", "enabled": false, "action": { "order": { "percent": "5" } } })).await;
        let none = ask(&owner, &less, json!({})).await.ok();
        assert_eq!(none.number("promotionSimulation.ordersTouched"), 0, "the better for the buyer stays");
        assert_eq!(none.data("promotionSimulation.totals"), &json!([]));
    }

    async fn rule_p7_caps_and_codes_count_as_they_would_have(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 90).await;
        for quantity in [5, 5, 5] {
            bought(&shop, &mug, quantity, json!({})).await;
        }
        let budget = json!({ "enabled": false, "caps": { "budget": [eur("12")] } });
        let budget = promotion(&owner, budget).await;
        assert_eq!(sums(&ask(&owner, &budget, json!({})).await.ok()), (3, 3, "12.00", "12.00"), "the last one gets what is left");
        let twice = promotion(&owner, json!({ "enabled": false, "caps": { "maximumUses": 2 } })).await;
        assert_eq!(sums(&ask(&owner, &twice, json!({})).await.ok()), (3, 2, "10.00", "10.00"));
        let (opened, _) = promotion_with_code(&owner, json!({ "stacking": beside_all() }), json!({ "code": "Summer" })).await;
        assert_eq!(ask(&owner, &opened, json!({})).await.ok().number("promotionSimulation.ordersTouched"), 0);
        assert_eq!(sums(&ask(&owner, &opened, json!({ "given": true })).await.ok()), (3, 3, "15.00", "15.00"));
    }

    async fn rule_p7_old_and_canceled_orders_are_not_looked_at(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 90).await;
        bought(&shop, &mug, 1, json!({})).await;
        shop.wait(TimeDelta::days(31));
        let owner = shop.again(&owner).await;
        let off = bought_by(&shop, &owner, &mug).await;
        cancel(&owner, &off).await.ok();
        bought_by(&shop, &owner, &mug).await;
        let ten = promotion(&owner, json!({ "enabled": false })).await;
        assert_eq!(sums(&ask(&owner, &ten, json!({})).await.ok()), (1, 1, "1.00", "1.00"));
        assert_eq!(sums(&ask(&owner, &ten, json!({ "days": 60 })).await.ok()), (2, 2, "2.00", "2.00"));
        for days in [0, 366, -1] {
            assert_eq!(ask(&owner, &ten, json!({ "days": days })).await.code(), "BAD_USER_INPUT");
        }
    }

    async fn rule_p7_a_simulation_takes_as_many_statements_for_forty_orders_as_for_two(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let ten = promotion(&owner, json!({ "enabled": false })).await;
        let mug = stocked(&shop, "10", 900).await;
        for _ in 0..2 {
            bought(&shop, &mug, 1, json!({})).await;
        }
        let few = ask(&owner, &ten, json!({})).await.ok();
        for _ in 0..38 {
            bought(&shop, &mug, 1, json!({})).await;
        }
        let many = ask(&owner, &ten, json!({})).await.ok();
        assert_eq!((sums(&many), few.statements()), ((40, 40, "40.00", "40.00"), many.statements()));
        assert_eq!(many.data("promotionSimulation.examples").as_array().map(Vec::len), Some(10));
    }

    async fn attack_t03_a_promotion_of_another_store_is_not_simulated(db: Database) {
        let shop = Shop::open(db).await;
        let theirs = promotion(&shop.rival(), json!({})).await;
        assert!(ask(&shop.owner(), &theirs, json!({})).await.ok().data("promotionSimulation").is_null());
        let gone = promotion(&shop.owner(), json!({})).await;
        let delete = "mutation($id: ID!) { promotionDelete(id: $id) { userErrors { code } } }";
        shop.owner().query(delete, json!({ "id": gone })).await.ok();
        assert!(ask(&shop.owner(), &gone, json!({})).await.ok().data("promotionSimulation").is_null());
    }
}

async fn bought_by(shop: &Shop, owner: &Actor, variant: &str) -> String {
    shop.wait(TimeDelta::milliseconds(1));
    shop.order(owner, json!({ "lines": [line(variant, 1)] })).await.id
}
