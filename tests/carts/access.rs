//! Who may touch a cart: whoever proves it, and nobody else.

use super::{SHOWN, add, look};
use crate::harness::carts::CartIds;
use crate::harness::{Actor, Answer, Shop, json};

async fn ask(who: &Actor, id: &str, token: Option<&str>) -> Answer {
    let document = format!("query($id: ID!, $token: String) {{ cart(id: $id, token: $token) {{ {SHOWN} }} }}");
    who.query(&document, json!({ "id": id, "token": token })).await
}

both! {
    async fn attack_t07_attack_t08_a_cart_without_its_secret_is_no_cart(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let (cart, other) = (shop.cart(&buyer, &[(&mug, 1)]).await, shop.cart(&buyer, &[(&mug, 1)]).await);
        assert!(!look(&buyer, &cart).await.data("cart").is_null());
        let spoiled = format!("{}x", &cart.token[..cart.token.len() - 1]);
        let never: rules::ids::CartId = shop.id();
        let powerless = shop.powerless().await;
        let before = shop.fingerprint().await;
        let mut answers = Vec::new();
        for (who, id, token) in [
            (&buyer, &cart.id, None),
            (&buyer, &cart.id, Some("")),
            (&buyer, &cart.id, Some("null")),
            (&buyer, &cart.id, Some(spoiled.as_str())),
            (&buyer, &cart.id, Some(other.token.as_str())),
            (&shop.anonymous().in_store("linden-us"), &cart.id, Some(cart.token.as_str())),
            (&shop.anonymous().in_store("rival"), &cart.id, Some(cart.token.as_str())),
            (&buyer, &never.to_string(), Some(cart.token.as_str())),
            // Not even the owner of the shop edits a buyer's cart.
            (&owner, &cart.id, None),
        ] {
            let shown = ask(who, id, token).await.ok();
            assert!(shown.data("cart").is_null(), "{shown}");
            let wrong = CartIds { id: id.clone(), token: token.unwrap_or_default().to_owned(), lines: Vec::new() };
            let answer = add(who, &wrong, json!([{ "variantId": mug }])).await;
            assert_eq!(answer.user_error("cartLinesAdd"), "NOT_FOUND cartId");
            answers.push(answer.body.to_string());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "they can't be told apart: {answers:?}");
        for (who, seen) in [(&buyer, false), (&powerless, false), (&owner, true)] {
            let node = who.query("query($id: ID!) { node(id: $id) { id } }", json!({ "id": cart.id })).await.ok();
            assert_eq!(!node.data("node").is_null(), seen, "an id proves nothing to a buyer");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn rule_c7_a_cart_ends_by_the_clock_and_every_edit_makes_it_young_again(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        shop.wait(chrono::TimeDelta::days(29));
        add(&buyer, &cart, json!([{ "variantId": mug }])).await.ok();
        shop.wait(chrono::TimeDelta::days(29));
        assert_eq!(super::quantities(look(&buyer, &cart).await.data("cart")), [2]);
        shop.wait(chrono::TimeDelta::days(1));
        assert!(look(&buyer, &cart).await.data("cart").is_null(), "looking at it does not keep it");
        let answer = add(&buyer, &cart, json!([{ "variantId": mug }])).await;
        assert_eq!(answer.user_error("cartLinesAdd"), "NOT_FOUND cartId");
    }
}
