//! Many at once.

use std::collections::BTreeSet;

use futures::future::join_all;

use super::{crowded, line, reserved, stocked};
use crate::harness::{Actor, Answer, json};

async fn complete(staff: &Actor, id: &str) -> Answer {
    let document = "mutation($id: ID!) { draftOrderComplete(id: $id) \
        { order { id number } orderToken userErrors { code field } } }";
    staff.query(document, json!({ "id": id })).await
}

both! {
    async fn fifty_orders_at_once_have_fifty_numbers(db: Database) {
        let shop = crowded(db).await;
        let owner = shop.owner();
        let mut drafts = Vec::new();
        for _ in 0..50 {
            drafts.push(shop.draft_order(&owner, json!({})).await);
        }
        let answers = join_all(drafts.iter().map(|draft| complete(&owner, draft))).await;
        let numbers: BTreeSet<i64> =
            answers.iter().map(|answer| answer.clone().ok().number("draftOrderComplete.order.number")).collect();
        assert_eq!(numbers, (1_001..1_051).collect(), "without a gap");
    }

    async fn attack_c15_a_draft_that_is_completed_by_ten_at_once_is_one_order(db: Database) {
        let shop = crowded(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 9).await;
        let draft = shop.draft_order(&owner, json!({ "lines": [line(&mug, 2)] })).await;
        let answers = join_all((0..10).map(|_| complete(&owner, &draft))).await;
        let ids: BTreeSet<String> =
            answers.iter().map(|answer| answer.clone().ok().text("draftOrderComplete.order.id").to_owned()).collect();
        assert_eq!((ids.len(), reserved(&shop).await), (1, 2));
        assert_eq!(shop.number("SELECT COUNT(*) FROM domain_events WHERE topic = 'order.placed'").await, 1);
        let told = answers.iter().filter(|answer| answer.data("draftOrderComplete.orderToken").is_string()).count();
        assert_eq!(told, 1, "one of them has the secret");
    }

    async fn rule_i2_of_many_buyers_of_the_last_units_as_many_get_them_as_there_are(db: Database) {
        let shop = crowded(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, "10", 5).await;
        let mut drafts = Vec::new();
        for _ in 0..12 {
            drafts.push(shop.draft_order(&owner, json!({ "lines": [line(&mug, 1)] })).await);
        }
        let answers = join_all(drafts.iter().map(|draft| complete(&owner, draft))).await;
        let (bought, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.is_ok());
        assert_eq!((bought.len(), reserved(&shop).await), (5, 5));
        for answer in refused {
            assert_eq!(answer.user_error("draftOrderComplete"), "OUT_OF_STOCK lines.0.quantity");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM orders").await, 5);
    }
}
