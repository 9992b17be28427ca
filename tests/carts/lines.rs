//! `cartLinesAdd`, `cartLinesUpdate` and `cartLinesRemove`.

use rules::ids::CartLineId;
use serde_json::Value;

use super::{add, edit, look, quantities, update};
use crate::harness::{Answer, Shop, json};

fn line(variant: &str, quantity: i32) -> Value {
    json!({ "variantId": variant, "quantity": quantity })
}

fn field<'a>(answer: &'a Answer, path: &str) -> &'a Value {
    answer.data(path)
}

both! {
    async fn rule_c2_adding_keeps_what_fits_and_counts_every_line_of_the_variant(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let (mug, cup) = (shop.for_sale(&owner, "5.00", 5).await, shop.for_sale(&owner, "3.00", 9).await);
        let cart = shop.cart(&buyer, &[(&mug, 2)]).await;
        let engraved = json!({ "variantId": mug, "quantity": 2, "attributes": [{ "key": "a", "value": "b" }] });
        let answer = add(&buyer, &cart, json!([engraved, line(&mug, 4), line(&cup, 1)])).await.ok();
        assert_eq!(quantities(field(&answer, "cartLinesAdd.cart")), [3, 2, 1]);
        let warning = field(&answer, "cartLinesAdd.warnings.0");
        let told = ["code", "variantId", "requestedQuantity", "addedQuantity", "availableQuantity"].map(|name| warning[name].clone());
        assert_eq!(json!(told), json!(["QUANTITY_REDUCED", mug, 6, 3, 5]));
        // Nothing fits any more: nothing is written.
        let before = shop.fingerprint().await;
        let answer = add(&buyer, &cart, json!([line(&mug, 1)])).await.ok();
        assert_eq!(field(&answer, "cartLinesAdd.warnings.0.addedQuantity"), &json!(0));
        shop.assert_unchanged(&before).await;
        // A store that sells on, and one that does not count, let everything in.
        let policy = "mutation($id: ID!) { inventoryItemUpdate(variantId: $id, input: { tracked: false }) { userErrors { code } } }";
        owner.query(policy, json!({ "id": mug })).await.ok();
        let answer = add(&buyer, &cart, json!([line(&mug, 900)])).await.ok();
        assert_eq!(quantities(field(&answer, "cartLinesAdd.cart")), [903, 2, 1]);
    }

    async fn rule_c1_zero_removes_and_lines_that_become_alike_become_one(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let (mug, cup) = (shop.for_sale(&owner, "5.00", 9).await, shop.for_sale(&owner, "3.00", 9).await);
        let cart = shop.cart(&buyer, &[(&mug, 1), (&cup, 2)]).await;
        let engraved = json!([{ "variantId": mug, "quantity": 2, "attributes": [{ "key": "a", "value": "b" }, { "key": "c", "value": "d" }] }]);
        let answer = add(&buyer, &cart, engraved).await.ok();
        let third = answer.text("cartLinesAdd.cart.lines.2.id").to_owned();
        let plain = json!([{ "lineId": third, "attributes": [] }, { "lineId": cart.lines[1], "quantity": 0 }]);
        let answer = update(&buyer, &cart, plain).await.ok();
        let shown = field(&answer, "cartLinesUpdate.cart");
        assert_eq!((quantities(shown), shown["lines"][0]["id"].as_str()), (vec![3], Some(cart.lines[0].as_str())));
        // The order of attributes says nothing.
        for (one, other) in [("x", "y"), ("y", "x")] {
            let attributes = json!([{ "key": one, "value": "1" }, { "key": other, "value": "1" }]);
            add(&buyer, &cart, json!([{ "variantId": cup, "attributes": attributes }])).await.ok();
        }
        let shown = look(&buyer, &cart).await;
        assert_eq!(quantities(shown.data("cart")), [3, 2]);
        // Two lines may change places.
        let shown = look(&buyer, &cart).await;
        let (first, second) = (shown.text("cart.lines.0.id").to_owned(), shown.text("cart.lines.1.id").to_owned());
        let (plain, gift) = (json!([]), json!([{ "key": "gift", "value": "1" }]));
        add(&buyer, &cart, json!([{ "variantId": mug, "attributes": gift }])).await.ok();
        let third = look(&buyer, &cart).await.text("cart.lines.2.id").to_owned();
        update(&buyer, &cart, json!([{ "lineId": first, "attributes": gift }, { "lineId": third, "attributes": plain }])).await.ok();
        update(&buyer, &cart, json!([{ "lineId": third, "quantity": 0 }])).await.ok();
        assert_eq!(look(&buyer, &cart).await.texts("cart.lines", "id"), [&first, &second]);
        // A cart whose last line is gone stays.
        let ids: Vec<&str> = shown.texts("cart.lines", "id");
        let answer = edit(&buyer, &cart, "cartLinesRemove", &[("lineIds", "[ID!]!", json!(ids))]).await.ok();
        assert_eq!(field(&answer, "cartLinesRemove.cart.totalQuantity"), &json!(0));
        assert_eq!(field(&answer, "cartLinesRemove.cart.problems.0"), &json!({ "code": "CART_EMPTY", "field": ["lines"] }));
        super::assert_adds_up(field(&answer, "cartLinesRemove.cart"));
    }

    async fn rule_c2_more_than_there_is_is_refused_with_the_number_and_less_is_always_right(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let (mug, cup) = (shop.for_sale(&owner, "5.00", 5).await, shop.for_sale(&owner, "3.00", 5).await);
        let cart = shop.cart(&buyer, &[(&mug, 4), (&cup, 1)]).await;
        let before = shop.fingerprint().await;
        let answer = update(&buyer, &cart, json!([{ "lineId": cart.lines[1], "quantity": 2 }, { "lineId": cart.lines[0], "quantity": 6 }])).await;
        assert_eq!(answer.user_error("cartLinesUpdate"), "OUT_OF_STOCK lines.1.quantity");
        let error = field(&answer, "cartLinesUpdate.userErrors.0");
        assert_eq!((error["__typename"].as_str(), error["availableQuantity"].as_i64()), (Some("StockError"), Some(5)));
        shop.assert_unchanged(&before).await;
        // Somebody else was faster: what is in the cart may still get less.
        shop.stock(&owner, &mug, 1).await;
        let shown = look(&buyer, &cart).await;
        let first = shown.data("cart.lines.0");
        assert_eq!((first["status"].as_str(), first["availableQuantity"].as_i64()), (Some("OUT_OF_STOCK"), Some(1)));
        let problem = json!({ "code": "OUT_OF_STOCK", "field": ["lines", "0"], "availableQuantity": 1 });
        assert_eq!(shown.data("cart.problems.0"), &problem);
        let answer = update(&buyer, &cart, json!([{ "lineId": cart.lines[0], "quantity": 3 }])).await.ok();
        assert_eq!(quantities(field(&answer, "cartLinesUpdate.cart")), [3, 1]);
        // What is not sold any more can be taken out, and no more of it put in.
        let hide = format!("UPDATE products SET status = 'ARCHIVED' WHERE id = (SELECT product_id FROM product_variants WHERE id = {})", shop.literal_of(&cup));
        shop.execute(&hide).await;
        let answer = update(&buyer, &cart, json!([{ "lineId": cart.lines[1], "quantity": 2 }])).await;
        assert_eq!(answer.user_error("cartLinesUpdate"), "LINE_UNAVAILABLE lines.0.quantity");
        let shown = look(&buyer, &cart).await;
        assert_eq!((shown.text("cart.lines.1.status"), shown.data("cart.lines.1.unitPrice")), ("UNAVAILABLE", &json!(null)));
        assert_eq!(shown.text("cart.pricing.subtotal.amount"), "15.00", "what can't be bought is not in the total");
        super::assert_adds_up(shown.data("cart"));
        update(&buyer, &cart, json!([{ "lineId": cart.lines[1], "quantity": 0 }])).await.ok();
    }

    async fn attack_c01_wrong_lines_and_quantities_change_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let (cart, other) = (shop.cart(&buyer, &[(&mug, 1)]).await, shop.cart(&buyer, &[(&mug, 1)]).await);
        let never = shop.id::<CartLineId>().to_string();
        let (own, others) = (&cart.lines[0], &other.lines[0]);
        let before = shop.fingerprint().await;
        for (lines, refusal) in [
            (json!([]), "REQUIRED lines"),
            (json!([{ "lineId": own, "quantity": -1 }]), "OUT_OF_RANGE lines.0.quantity"),
            (json!([{ "lineId": own, "quantity": 1_000_001 }]), "OUT_OF_RANGE lines.0.quantity"),
            (json!([{ "lineId": own, "quantity": 2 }, { "lineId": own, "quantity": 3 }]), "DUPLICATE lines.1.lineId"),
            (json!([{ "lineId": others, "quantity": 2 }]), "NOT_FOUND lines.0.lineId"),
            (json!([{ "lineId": never, "quantity": 2 }]), "NOT_FOUND lines.0.lineId"),
            (json!([{ "lineId": own, "attributes": null }]), "INVALID lines.0.attributes"),
            (json!([{ "lineId": own, "attributes": [{ "key": "a", "value": "1" }, { "key": "a", "value": "2" }] }]), "DUPLICATE lines.0.attributes.1.key"),
        ] {
            assert_eq!(update(&buyer, &cart, lines).await.user_error("cartLinesUpdate"), refusal);
        }
        for (ids, refusal) in [(json!([]), "REQUIRED lineIds"), (json!([own, others]), "NOT_FOUND lineIds.1")] {
            let answer = edit(&buyer, &cart, "cartLinesRemove", &[("lineIds", "[ID!]!", ids)]).await;
            assert_eq!(answer.user_error("cartLinesRemove"), refusal);
        }
        let answer = add(&buyer, &cart, json!([line(&mug, -1)])).await;
        assert_eq!(answer.user_error("cartLinesAdd"), "OUT_OF_RANGE lines.0.quantity");
        let answer = add(&buyer, &cart, json!([line(&mug, 1_000_000)])).await;
        assert_eq!(answer.user_error("cartLinesAdd"), "OUT_OF_RANGE lines.0.quantity", "with what is there it is too much");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_c01_a_cart_has_at_most_250_lines_and_reading_it_takes_no_more_statements(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 1_000).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        let few = look(&buyer, &cart).await.statements();
        let some = |from: usize, to: usize| {
            let each = (from..to).map(|place| json!({ "variantId": mug, "attributes": [{ "key": "no", "value": place.to_string() }] }));
            each.collect::<Vec<Value>>()
        };
        add(&buyer, &cart, json!(some(0, 125))).await.ok();
        add(&buyer, &cart, json!(some(125, 249))).await.ok();
        let whole = look(&buyer, &cart).await;
        assert_eq!(quantities(whole.data("cart")).len(), 250);
        assert_eq!(whole.statements(), few, "as many statements for 250 lines as for one");
        super::assert_adds_up(whole.data("cart"));
        let before = shop.fingerprint().await;
        let answer = add(&buyer, &cart, json!(some(249, 250))).await;
        assert_eq!(answer.user_error("cartLinesAdd"), "LIMIT_REACHED lines.0");
        shop.assert_unchanged(&before).await;
    }
}
