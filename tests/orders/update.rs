//! What is known of an order beside what was bought.

use serde_json::Value;
use stoa::orders::UnitsMoved;

use super::doors::send;
use super::look;
use crate::harness::orders::address;
use crate::harness::{Actor, Answer, Shop, json};

async fn update(staff: &Actor, id: &str, input: Value, version: Option<i32>) -> Answer {
    let document = "mutation($id: ID!, $input: OrderUpdateInput!, $version: Int) { orderUpdate(id: $id, input: $input, \
        expectedVersion: $version) { order { version email note tags purchaseOrderNumber attributes { key value } \
        shippingAddress { city } billingAddress { city } total { amount } } userErrors { code field message } } }";
    staff.query(document, json!({ "id": id, "input": input, "version": version })).await
}

both! {
    async fn an_order_is_changed_beside_what_was_bought(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let order = shop.order(&owner, json!({})).await;
        let mut bill = address();
        bill["city"] = json!("Hamburg");
        let mut moved = address();
        moved["city"] = json!("Bonn");
        let input = json!({
            "email": "Bob@people.example", "note": "Call first", "tags": ["One", "two"], "purchaseOrderNumber": "PO-1",
            "attributes": [{ "key": "k", "value": "v" }], "billingAddress": bill, "shippingAddress": moved,
        });
        let changed = update(&owner, &order.id, input, Some(1)).await.ok();
        let seen = changed.data("orderUpdate.order");
        assert_eq!((&seen["email"], &seen["tags"]), (&json!("Bob@people.example"), &json!(["One", "two"])));
        assert_eq!((&seen["shippingAddress"]["city"], &seen["billingAddress"]["city"]), (&json!("Bonn"), &json!("Hamburg")));
        assert_eq!(seen["total"]["amount"], "10.00");
        let cleared = update(&owner, &order.id, json!({ "note": null, "tags": [] }), None).await.ok();
        assert_eq!((cleared.data("orderUpdate.order.note"), cleared.data("orderUpdate.order.tags")), (&json!(null), &json!([])));
        // It is found by what it says now.
        let find = "query($text: String!) { orders(filter: { search: $text }) { totalCount } }";
        for (text, found) in [("bob@", 1), ("ann@", 0), ("lee", 1)] {
            let answer = owner.query(find, json!({ "text": text })).await.ok();
            assert_eq!(answer.number("orders.totalCount"), found, "{text}");
        }
        assert_eq!(update(&owner, &order.id, json!({}), Some(1)).await.user_error("orderUpdate"), "STALE expectedVersion");
    }

    async fn an_address_is_changed_before_anything_is_sent_and_where_taxes_are_the_same(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let order = shop.order(&owner, json!({})).await;
        let mut abroad = address();
        abroad["country"] = json!("FR");
        let before = shop.fingerprint().await;
        let refused = update(&owner, &order.id, json!({ "shippingAddress": abroad }), None).await;
        assert_eq!(refused.user_error("orderUpdate"), "NOT_ALLOWED shippingAddress");
        shop.assert_unchanged(&before).await;
        let all = UnitsMoved { fulfilled: 1, ..UnitsMoved::default() };
        send(&shop, &order.id, &order.lines[0], all).await.expect("sent");
        let refused = update(&owner, &order.id, json!({ "shippingAddress": address() }), None).await;
        assert_eq!(refused.user_error("orderUpdate"), "NOT_ALLOWED shippingAddress");
    }

    async fn notes_are_added_and_say_who_wrote_them(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let order = shop.order(&owner, json!({})).await;
        let add = "mutation($id: ID!, $body: String!) { orderNoteAdd(id: $id, body: $body) \
            { orderNote { body author { kind actorId } } userErrors { code field } } }";
        let added = owner.query(add, json!({ "id": order.id, "body": "She called.\nTwice." })).await.ok();
        assert_eq!(added.text("orderNoteAdd.orderNote.author.kind"), "USER");
        let refused = owner.query(add, json!({ "id": order.id, "body": " \u{200b} " })).await;
        assert_eq!(refused.user_error("orderNoteAdd"), "REQUIRED body");
        assert_eq!(look(&owner, &order.id).await.text("order.notes.0.body"), "She called.\nTwice.");
    }
}
