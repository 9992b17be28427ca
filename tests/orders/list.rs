//! Orders are found.

use serde_json::Value;

use super::{cancel, eur, line, stocked};
use crate::harness::{Actor, Shop, json};

async fn numbers(staff: &Actor, filter: Value, sort: &str) -> Vec<i64> {
    let document = "query($filter: OrderFilterInput, $sort: OrderSort!) { orders(filter: $filter, sort: $sort) \
        { nodes { number } totalCount } }";
    let answer = staff.query(document, json!({ "filter": filter, "sort": sort })).await.ok();
    let nodes = answer.data("orders.nodes").as_array().expect("a list");
    assert_eq!(answer.number("orders.totalCount"), nodes.len() as i64);
    nodes.iter().map(|node| node["number"].as_i64().expect("a number")).collect()
}

both! {
    async fn staff_finds_orders_by_number_address_name_and_stock_number(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let made_up = |sku: &str, price: &str| json!([{ "title": "x", "sku": sku, "quantity": 1, "unitPrice": eur(price) }]);
        shop.order(&owner, json!({ "email": "Zoe@people.example", "lines": made_up("ABC-1", "30"), "tags": ["Rush"] })).await;
        let other = json!({ "firstName": "Émile", "lastName": "Du Bois", "address1": "x", "city": "Paris", "country": "FR" });
        shop.order(&owner, json!({ "shippingAddress": other, "lines": made_up("XYZ 9", "10"), "purchaseOrderNumber": "PO-77" })).await;
        let third = shop.order(&owner, json!({ "lines": made_up("abc-2", "20") })).await;
        cancel(&owner, &third.id).await.ok();
        let search = async |text: &str| numbers(&owner, json!({ "search": text }), "NUMBER").await;
        assert_eq!(search("#1002").await, [1_002]);
        assert_eq!(search("100").await, [1_001, 1_002, 1_003]);
        assert_eq!(search("ZOE@people").await, [1_001]);
        assert_eq!(search("emile").await, [1_002]);
        assert_eq!(search("bois du").await, [1_002]);
        assert_eq!(search("abc-").await, [1_001, 1_003]);
        assert_eq!(search("xyz 9").await, [1_002]);
        assert_eq!(search("po-77").await, [1_002]);
        assert_eq!(search("emile abc").await, [0_i64; 0]);
        assert_eq!(search("%").await, [0_i64; 0]);
        assert_eq!(numbers(&owner, json!({ "tag": "RUSH" }), "NEWEST").await, [1_001]);
        assert_eq!(numbers(&owner, json!({ "statuses": ["CANCELED"] }), "NEWEST").await, [1_003]);
        assert_eq!(numbers(&owner, json!({ "paymentStatuses": ["PENDING"], "statuses": ["OPEN"] }), "NUMBER").await, [1_001, 1_002]);
        assert_eq!(numbers(&owner, json!({}), "TOTAL").await, [1_002, 1_003, 1_001]);
        assert_eq!(numbers(&owner, json!({}), "TOTAL_DESCENDING").await, [1_001, 1_003, 1_002]);
        assert_eq!(numbers(&owner, json!({}), "NUMBER_DESCENDING").await, [1_003, 1_002, 1_001]);
        assert_eq!(numbers(&owner, json!({ "placedBefore": "2026-03-01T12:00:00Z" }), "NEWEST").await, [0_i64; 0]);
        assert_eq!(numbers(&owner, json!({ "placedFrom": "2026-03-01T12:00:00Z" }), "NEWEST").await.len(), 3);
        assert_eq!(numbers(&shop.rival(), json!({}), "NEWEST").await, [0_i64; 0]);
        let many = json!({ "search": "a b c d e f" });
        let document = "query($filter: OrderFilterInput) { orders(filter: $filter) { totalCount } }";
        assert_eq!(owner.query(document, json!({ "filter": many })).await.code(), "BAD_USER_INPUT");
    }

    async fn an_order_is_found_by_its_number(db: Database) {
        let shop = Shop::open(db).await;
        let mug = stocked(&shop, "10", 5).await;
        let order = shop.order(&shop.owner(), json!({ "lines": [line(&mug, 1)] })).await;
        let document = "query($number: Int!) { orderByNumber(number: $number) { id } }";
        let found = shop.owner().query(document, json!({ "number": 1_001 })).await.ok();
        assert_eq!(found.text("orderByNumber.id"), order.id);
        for (who, number) in [(shop.owner(), 1_002), (shop.rival(), 1_001)] {
            assert!(who.query(document, json!({ "number": number })).await.ok().data("orderByNumber").is_null());
        }
    }
}
