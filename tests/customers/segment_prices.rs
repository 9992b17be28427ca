//! Stories of prices and promotions that are for a segment.

use super::{ann, segment};
use crate::harness::{Actor, Shop, json};
use crate::pricing::Stock;
use serde_json::Value;

const PRICE: &str =
    "query($id: ID!) { productVariant(id: $id) { price { amount { amount } } priceLadder { price { amount } } } }";

async fn price(who: &Actor, variant: &str) -> String {
    let answer = who.query(PRICE, json!({ "id": variant })).await.ok();
    let price = answer.text("productVariant.price.amount.amount").to_owned();
    assert_eq!(answer.text("productVariant.priceLadder.0.price.amount"), price);
    price
}

async fn put(shop: &Shop, segment: &str, customer: &str) {
    let add =
        "mutation($id: ID!, $of: [ID!]!) { segmentMembersAdd(id: $id, customerIds: $of) { userErrors { code } } }";
    shop.owner().query(add, json!({ "id": segment, "of": [customer] })).await.ok();
}

both! {
    async fn rule_m2_a_segments_price_is_for_its_customers_alone_and_is_never_remembered_for_others(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let (owner, ann) = (shop.owner(), ann(&shop).await);
        let friends = segment(&owner, json!({ "name": "Friends" })).await;
        let stock = Stock::of_linden(&shop, 1).await;
        let variant = &stock.variants[0];
        let prices = json!([
            { "variantId": variant, "currency": "EUR", "amount": "10.00" },
            { "variantId": variant, "currency": "EUR", "amount": "8.00", "segmentId": friends },
        ]);
        stock.set(&owner, prices).await.ok();
        shop.node.system.signals.until_caught_up().await;
        for _ in 0..2 {
            assert_eq!(price(&shop.anonymous(), variant).await, "10.00");
            assert_eq!(price(&ann.actor, variant).await, "10.00", "not a friend yet");
        }
        put(&shop, &friends, &ann.id).await;
        for _ in 0..2 {
            assert_eq!(price(&ann.actor, variant).await, "8.00");
            assert_eq!(price(&shop.anonymous(), variant).await, "10.00");
            assert_eq!(price(&owner, variant).await, "10.00");
        }
        let unknown = shop.id::<rules::ids::SegmentId>().to_string();
        let refused = stock.set(&owner, json!([{ "currency": "EUR", "amount": "1", "segmentId": unknown }])).await;
        assert_eq!(refused.user_error("pricesSet"), "NOT_FOUND prices.0.segmentId");
        let delete = "mutation($id: ID!) { segmentDelete(id: $id) { deletedSegmentId userErrors { code field } } }";
        assert_eq!(owner.query(delete, json!({ "id": friends })).await.user_error("segmentDelete"), "IN_USE id");
        assert_eq!(price(&ann.actor, variant).await, "8.00");
    }

    async fn rule_p3_a_promotion_can_be_for_a_segment(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, ann) = (shop.owner(), ann(&shop).await);
        let friends = segment(&owner, json!({ "name": "Friends" })).await;
        let variant = crate::promotions::variant(&shop, "10").await;
        let condition = json!({ "segmentIds": [friends] });
        let action = json!({ "order": { "percent": "10" } });
        let create = "mutation($input: PromotionCreateInput!) { promotionCreate(input: $input) { promotion { id } userErrors { code field message } } }";
        let unknown = json!({ "segmentIds": [shop.id::<rules::ids::SegmentId>().to_string()] });
        let refused = owner.query(create, json!({ "input": { "name": "Friends", "condition": unknown, "action": action } })).await;
        assert_eq!(refused.user_error("promotionCreate"), "NOT_FOUND condition.segmentIds.0");
        owner.query(create, json!({ "input": { "name": "Friends", "condition": condition, "action": action } })).await.ok();
        let preview = "query($input: PromotionPreviewInput!) { promotionPreview(input: $input) { total { amount } } }";
        let total = async |buyer: Value| {
            let lines = json!([{ "variantId": variant, "quantity": 1 }]);
            let answer = owner.query(preview, json!({ "input": { "lines": lines, "buyer": buyer } })).await.ok();
            answer.text("promotionPreview.total.amount").to_owned()
        };
        assert_eq!(total(json!({})).await, "10.00");
        assert_eq!(total(json!({ "customerId": ann.id })).await, "10.00");
        put(&shop, &friends, &ann.id).await;
        assert_eq!(total(json!({ "customerId": ann.id })).await, "9.00");
        let reader = shop.staff([rules::permission::Permission::PromotionsRead]).await;
        let input = json!({ "lines": [{ "variantId": variant }], "buyer": { "customerId": ann.id } });
        assert_eq!(reader.query(preview, json!({ "input": input })).await.code(), "FORBIDDEN");
    }
}
