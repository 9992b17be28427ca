//! `cart.deliveryGroups` and `cartShippingOptionsUpdate`.

use super::{choose, edit, look, ship_to, update};
use crate::harness::{Shop, json};

both! {
    async fn goods_are_shipped_by_groups_and_shipping_costs_once_all_are_chosen_for(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let (mug, sofa) = (shop.for_sale(&owner, "5.00", 9).await, shop.for_sale(&owner, "500.00", 9).await);
        let voucher = shop.product(&owner, json!({ "variants": [{ "requiresShipping": false }] })).await;
        crate::pricing::Stock { product: voucher.id.clone(), variants: voucher.variants.clone() }
            .set(&owner, json!([{ "currency": "EUR", "amount": "10" }])).await.ok();
        shop.stock(&owner, &voucher.variants[0], 9).await;
        let (parcels, post) = shop.ships_to_germany(&owner).await;
        let (freight, truck) = shop.ships_to_germany(&owner).await;
        let product = "query($id: ID!) { productVariant(id: $id) { product { id } } }";
        let product = owner.query(product, json!({ "id": sofa })).await.ok().text("productVariant.product.id").to_owned();
        shop.ship_by(&owner, &freight, &[&product]).await;

        let cart = shop.cart(&buyer, &[(&mug, 1), (&voucher.variants[0], 1), (&sofa, 1)]).await;
        let shown = look(&buyer, &cart).await;
        assert_eq!(shown.data("cart.deliveryGroups"), &json!([]), "nobody said where to");
        assert_eq!(choose(&buyer, &cart, &parcels, &post).await.user_error("cartShippingOptionsUpdate"), "REQUIRED shippingAddress");
        let answer = ship_to(&buyer, &cart, "DE").await.ok();
        let groups = answer.data("cartShippingAddressUpdate.cart.deliveryGroups");
        assert_eq!((groups[0]["deliveryGroupId"].as_str(), groups[1]["deliveryGroupId"].as_str()), (Some(parcels.as_str()), Some(freight.as_str())));
        assert_eq!((&groups[0]["lineIds"], &groups[1]["lineIds"]), (&json!([cart.lines[0]]), &json!([cart.lines[2]])));
        assert_eq!(groups[0]["options"], json!([{ "shippingRateId": post, "name": "Post", "price": { "amount": "4.90" }, "selected": false }]));
        let answer = choose(&buyer, &cart, &parcels, &post).await.ok();
        assert_eq!(answer.text("cartShippingOptionsUpdate.cart.pricing.shipping.amount"), "0.00", "the sofa has no way yet");
        let answer = choose(&buyer, &cart, &freight, &truck).await.ok();
        let shown = answer.data("cartShippingOptionsUpdate.cart");
        assert_eq!((shown["pricing"]["shipping"]["amount"].as_str(), shown["deliveryGroups"][1]["selectedOption"]["name"].as_str()), (Some("9.80"), Some("Post")));
        super::assert_adds_up(shown);
        // What is not offered is refused, and so is what is another group's.
        let (other, theirs) = shop.ships_to_germany(&shop.rival()).await;
        let before = shop.fingerprint().await;
        assert_eq!(choose(&buyer, &cart, &parcels, &truck).await.user_error("cartShippingOptionsUpdate"), "NOT_FOUND options.0.shippingRateId");
        assert_eq!(choose(&buyer, &cart, &parcels, &theirs).await.user_error("cartShippingOptionsUpdate"), "NOT_FOUND options.0.shippingRateId");
        assert_eq!(choose(&buyer, &cart, &other, &theirs).await.user_error("cartShippingOptionsUpdate"), "NOT_FOUND options.0.deliveryGroupId");
        let twice = json!([{ "deliveryGroupId": parcels, "shippingRateId": post }, { "deliveryGroupId": parcels }]);
        let answer = edit(&buyer, &cart, "cartShippingOptionsUpdate", &[("options", "[CartShippingChoiceInput!]!", twice)]).await;
        assert_eq!(answer.user_error("cartShippingOptionsUpdate"), "DUPLICATE options.1.deliveryGroupId");
        choose(&buyer, &cart, &parcels, &post).await.ok();
        shop.assert_unchanged(&before).await;
        // A choice can be taken back.
        let none = json!([{ "deliveryGroupId": parcels, "shippingRateId": null }]);
        let answer = edit(&buyer, &cart, "cartShippingOptionsUpdate", &[("options", "[CartShippingChoiceInput!]!", none)]).await.ok();
        assert_eq!(answer.data("cartShippingOptionsUpdate.cart.deliveryGroups.0.selectedOption"), &json!(null));
    }

    async fn a_choice_that_is_not_offered_any_more_is_dropped_with_a_warning(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "5.00", 99).await;
        let (profile, rate) = shop.ships_to_germany(&owner).await;
        let zone = "query($id: ID!) { shippingRate(id: $id) { zone { id } } }";
        let zone = owner.query(zone, json!({ "id": rate })).await.ok().text("shippingRate.zone.id").to_owned();
        let light = shop.shipping_rate(&owner, &zone, "Letter", json!({ "maxGrams": 1_000 })).await;
        let cart = shop.cart(&buyer, &[(&mug, 1)]).await;
        ship_to(&buyer, &cart, "DE").await.ok();
        choose(&buyer, &cart, &profile, &light).await.ok();
        // Three are too heavy for a letter.
        let answer = update(&buyer, &cart, json!([{ "lineId": cart.lines[0], "quantity": 3 }])).await.ok();
        let warning = answer.data("cartLinesUpdate.warnings.0");
        assert_eq!(json!([warning["code"], warning["deliveryGroupId"], warning["shippingRateId"]]), json!(["SHIPPING_OPTION_DROPPED", profile, light]));
        let shown = answer.data("cartLinesUpdate.cart");
        assert_eq!((&shown["deliveryGroups"][0]["selectedOption"], shown["pricing"]["shipping"]["amount"].as_str()), (&json!(null), Some("0.00")));
        assert!(shown["problems"].as_array().unwrap().iter().any(|problem| problem["field"] == json!(["deliveryGroups", "0"])), "{shown}");
        // Nor is anything shipped to where no zone is.
        choose(&buyer, &cart, &profile, &rate).await.ok();
        let answer = ship_to(&buyer, &cart, "US").await.ok();
        assert_eq!(answer.text("cartShippingAddressUpdate.warnings.0.code"), "SHIPPING_OPTION_DROPPED");
        let problems = answer.data("cartShippingAddressUpdate.cart.problems");
        assert!(problems.as_array().unwrap().iter().any(|problem| problem == &json!({ "code": "NOT_ALLOWED", "field": ["shippingAddress"] })), "{problems}");
        // A rate that the store gave up is gone from the cart at once, and dropped at the next edit.
        ship_to(&buyer, &cart, "DE").await.ok();
        choose(&buyer, &cart, &profile, &rate).await.ok();
        let delete = "mutation($id: ID!) { shippingRateDelete(id: $id) { userErrors { code } } }";
        owner.query(delete, json!({ "id": rate })).await.ok();
        let shown = look(&buyer, &cart).await;
        assert_eq!(shown.text("cart.pricing.shipping.amount"), "0.00");
        let answer = edit(&buyer, &cart, "cartNoteUpdate", &[("note", "String", json!("Hello"))]).await.ok();
        assert_eq!(answer.text("cartNoteUpdate.warnings.0.shippingRateId"), rate);
        assert_eq!(shop.number("SELECT COUNT(*) FROM cart_shipping_choices").await, 0);
    }
}
