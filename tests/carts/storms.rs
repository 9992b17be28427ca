//! Many edits of one cart at once: all of them survive (rule C4).

use futures::future::join_all;
use serde_json::Value;

use super::{add, edit, look, quantities, update};
use crate::harness::{Answer, Shop, json};

/// Each that found the service busy is sent again, as a client does.
async fn until_done(mut send: impl AsyncFnMut() -> Answer) -> Answer {
    loop {
        let answer = send().await;
        if answer.code() != "UNAVAILABLE" {
            return answer.ok();
        }
    }
}

both! {
    async fn rule_c4_two_adds_of_one_variant_at_once_both_count(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 100).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        let other = shop.second_node().await;
        let there = shop.on(&other, &buyer);
        let adds = (0..20).map(|place| {
            let (cart, mug, who) = (&cart, &mug, if place % 2 == 0 { &buyer } else { &there });
            async move {
                let attributes = if place < 10 { json!([]) } else { json!([{ "key": "a", "value": "b" }]) };
                let line = json!([{ "variantId": mug, "quantity": 1, "attributes": attributes }]);
                until_done(async || add(who, cart, line.clone()).await).await
            }
        });
        join_all(adds).await;
        assert_eq!(quantities(look(&buyer, &cart).await.data("cart")), [11, 10]);
    }

    async fn attack_c11_adds_at_once_never_hold_more_than_there_is(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 7).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        let adds = (0..12).map(|place: u8| {
            let (cart, mug, buyer) = (&cart, &mug, &buyer);
            async move {
                let line = json!([{ "variantId": mug, "attributes": [{ "key": "a", "value": (place % 3).to_string() }] }]);
                until_done(async || add(buyer, cart, line.clone()).await).await
            }
        });
        let warned = join_all(adds).await.iter().filter(|answer| answer.data("cartLinesAdd.warnings") != &json!([])).count();
        let shown = look(&buyer, &cart).await;
        assert_eq!((quantities(shown.data("cart")).iter().sum::<i64>(), warned), (7, 6));
        assert!(shown.data("cart.lines").as_array().unwrap().iter().all(|line| line["status"] == "AVAILABLE"));
    }

    async fn rule_c4_different_edits_at_once_all_survive(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let (mug, cup) = (shop.for_sale(&owner, "5.00", 100).await, shop.for_sale(&owner, "5.00", 100).await);
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        super::ten_off(&shop, json!({ "code": "TEN" })).await;
        let edits: Vec<(&str, &str, &str, Value)> = vec![
            ("cartNoteUpdate", "note", "String", json!("Hello")),
            ("cartAttributesUpdate", "attributes", "[CartAttributeInput!]!", json!([{ "key": "a", "value": "b" }])),
            ("cartBuyerIdentityUpdate", "buyerIdentity", "CartBuyerIdentityInput!", json!({ "email": "ann@people.example" })),
            ("cartDiscountCodesUpdate", "codes", "[String!]!", json!(["TEN"])),
            ("cartLinesAdd", "lines", "[CartLineInput!]!", json!([{ "variantId": cup, "quantity": 3 }])),
            ("cartLinesUpdate", "lines", "[CartLineUpdateInput!]!", json!([{ "lineId": cart.lines[0], "quantity": 5 }])),
        ];
        let all = edits.iter().map(|(mutation, name, ty, value)| {
            let (cart, buyer) = (&cart, &buyer);
            until_done(async move || edit(buyer, cart, mutation, &[(name, ty, value.clone())]).await)
        });
        join_all(all).await;
        let shown = look(&buyer, &cart).await;
        let cart = shown.data("cart");
        assert_eq!((cart["note"].as_str(), cart["email"].as_str()), (Some("Hello"), Some("ann@people.example")));
        assert_eq!((&cart["discountCodes"], &cart["attributes"]), (&json!(["TEN"]), &json!([{ "key": "a", "value": "b" }])));
        assert_eq!((quantities(cart), cart["version"].as_i64()), (vec![5, 3], Some(7)), "each edit is one version");
        super::assert_adds_up(cart);
    }

    async fn attack_c01_two_updates_at_once_leave_one_of_both(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 100).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        let updates = (2..10).map(|quantity| {
            let (cart, buyer) = (&cart, &buyer);
            let lines = json!([{ "lineId": cart.lines[0], "quantity": quantity }]);
            until_done(async move || update(buyer, cart, lines.clone()).await)
        });
        let answers = join_all(updates).await;
        let shown = look(&buyer, &cart).await;
        let last = quantities(shown.data("cart"))[0];
        assert!((2..10).contains(&last) && answers.len() == 8);
        assert_eq!(shown.number("cart.version"), 9);
    }
}
