//! `cart.pricing`: every amount is explained, and is what a preview says (rules P6, T1 to T4, M2, M3).

use chrono::TimeDelta;
use rules::permission::Permission::{OrdersRead, PromotionsRead};
use serde_json::Value;

use super::{add, assert_adds_up, cents, codes, edit, look, quantities, ship_to, ten_off, update};
use crate::harness::{Shop, json};
use crate::promotions::{beside_all, promotion, promotion_with_code};
use crate::tax::set_store;

const VERDICTS: &str = "promotions { promotionId name phase code decision amount { amount } limitedBy
    effects { kind line units amount { amount } giftVariantId }
    skipped { reason message unmet missing { amount } outdoneBy } }";

fn eur(amount: &str) -> Value {
    json!([{ "amount": amount, "currencyCode": "EUR" }])
}

both! {
    async fn rule_p6_a_cart_says_what_the_preview_of_the_same_basket_says_to_the_byte(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let (mug, cup, gift) = (shop.for_sale(&owner, "19.99", 9).await, shop.for_sale(&owner, "3.33", 9).await, shop.for_sale(&owner, "1.00", 9).await);
        let (profile, rate) = shop.ships_to_germany(&owner).await;
        for (name, input) in [
            ("Line", json!({ "action": { "units": { "of": { "anyOf": [{ "variantId": mug }] }, "change": { "percent": 15 } } } })),
            ("Order", json!({ "action": { "order": { "amount": eur("1") } } })),
            ("Shipping", json!({ "action": { "shipping": { "change": { "percent": 50 } } } })),
            ("Gift", json!({ "action": { "gift": { "variantId": gift } } })),
            ("Abroad", json!({ "condition": { "countries": ["US"] } })),
            ("Web", json!({ "condition": { "channels": ["web"] } })),
            ("Later", json!({ "validFrom": "2040-01-01T00:00:00Z" })),
        ] {
            let mut whole = json!({ "name": name, "stacking": beside_all() });
            for (field, value) in input.as_object().expect("an object") {
                whole[field] = value.clone();
            }
            promotion(&owner, whole).await;
        }
        promotion_with_code(&owner, json!({ "name": "Code", "stacking": beside_all() }), json!({ "code": "CODE" })).await;
        let cart = shop.cart(&buyer, &[(&mug, 3), (&cup, 1)]).await;
        ship_to(&buyer, &cart, "DE").await.ok();
        super::choose(&buyer, &cart, &profile, &rate).await.ok();
        codes(&buyer, &cart, &["code"]).await.ok();

        let shown = look(&buyer, &cart).await;
        assert_adds_up(shown.data("cart"));
        let staff = shop.staff([OrdersRead, PromotionsRead]).await;
        let document = format!("query($id: ID!) {{ node(id: $id) {{ ... on Cart {{ pricing {{ {VERDICTS} subtotal {{ amount }} discount {{ amount }} \
            shippingDiscount {{ amount }} discountCodes {{ code decision promotionId refusal message }} }} }} }} }}");
        let of_cart = staff.query(&document, json!({ "id": cart.id })).await.ok();
        let document = format!("query($input: PromotionPreviewInput!) {{ promotionPreview(input: $input) {{ {VERDICTS} subtotal {{ amount }} \
            discount {{ amount }} shippingDiscount {{ amount }} discountCodes: codes {{ code decision promotionId refusal message }} }} }}");
        let input = json!({
            "lines": [{ "variantId": mug, "quantity": 3 }, { "variantId": cup, "quantity": 1 }], "codes": ["code"], "currency": "EUR",
            "country": "DE", "channel": "web", "shippingPrice": "4.90",
        });
        let preview = staff.query(&document, json!({ "input": input })).await.ok();
        assert_eq!(of_cart.data("node.pricing").to_string(), preview.data("promotionPreview").to_string());
        assert_eq!(of_cart.data("node.pricing.promotions").as_array().map(Vec::len), Some(8));
        // A visitor is told of those that are out, and not of what waits for an announcement or a code.
        let told = shown.texts("cart.pricing.promotions", "name");
        assert_eq!((told.len(), told.contains(&"Later"), told.contains(&"Abroad")), (7, false, true));
        codes(&buyer, &cart, &[]).await.ok();
        let shown = look(&buyer, &cart).await;
        assert!(!shown.texts("cart.pricing.promotions", "name").contains(&"Code"));
    }

    async fn rule_t3_moving_away_and_back_comes_to_the_same_total(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "11.90", 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 3)]).await;
        let shown = look(&buyer, &cart).await;
        assert_eq!((shown.text("cart.pricing.taxStatus"), shown.text("cart.pricing.total.amount")), ("UNAVAILABLE", "35.70"));
        let zone = shop.tax_zone(&owner, json!([{ "country": "DE" }])).await;
        shop.tax_rate(&owner, &zone, None, "0.19").await;
        set_store(&shop, json!({ "country": "DE" })).await;
        let shown = look(&buyer, &cart).await;
        assert_eq!((shown.text("cart.pricing.taxStatus"), shown.text("cart.pricing.tax.amount")), ("ESTIMATED", "5.70"));
        let home = ship_to(&buyer, &cart, "DE").await.ok().data("cartShippingAddressUpdate.cart.pricing").clone();
        assert_eq!((home["taxStatus"].as_str(), home["taxes"][0]["rate"].as_str()), (Some("CALCULATED"), Some("0.19")));
        let away = ship_to(&buyer, &cart, "US").await.ok().data("cartShippingAddressUpdate.cart").clone();
        assert_eq!(cents(&away["pricing"]["tax"]), 0);
        assert_adds_up(&away);
        let back = ship_to(&buyer, &cart, "DE").await.ok().data("cartShippingAddressUpdate.cart.pricing").clone();
        for amount in ["subtotal", "net", "tax", "total", "taxes", "lines"] {
            assert_eq!(back[amount], home[amount], "{amount}");
        }
        // Who pays counts where it goes nowhere.
        edit(&buyer, &cart, "cartShippingAddressUpdate", &[("address", "AddressInput", json!(null))]).await.ok();
        let address = json!({ "address1": "Main Street 1", "city": "Town", "country": "US" });
        let answer = edit(&buyer, &cart, "cartBillingAddressUpdate", &[("address", "AddressInput", address)]).await.ok();
        assert_eq!(cents(&answer.data("cartBillingAddressUpdate.cart")["pricing"]["tax"]), 0);
        // A hundred per cent off is exactly nothing.
        promotion(&owner, json!({ "name": "All", "action": { "order": { "percent": 100 } } })).await;
        let shown = look(&buyer, &cart).await;
        assert_eq!((shown.text("cart.pricing.total.amount"), shown.text("cart.pricing.tax.amount")), ("0.00", "0.00"));
        assert_adds_up(shown.data("cart"));
    }

    async fn rule_t4_net_prices_add_up_with_discounts_taxes_and_shipping(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        set_store(&shop, json!({ "country": "DE", "taxMode": "NET" })).await;
        let zone = shop.tax_zone(&owner, json!([{ "country": "DE" }])).await;
        shop.tax_rate(&owner, &zone, None, "0.19").await;
        let (profile, rate) = shop.ships_to_germany(&owner).await;
        let (mug, cup) = (shop.for_sale(&owner, "3.33", 9).await, shop.for_sale(&owner, "0.01", 9).await);
        ten_off(&shop, json!({ "code": "TEN" })).await;
        let cart = shop.cart(&buyer, &[(&mug, 7), (&cup, 3)]).await;
        codes(&buyer, &cart, &["TEN"]).await.ok();
        ship_to(&buyer, &cart, "DE").await.ok();
        let answer = super::choose(&buyer, &cart, &profile, &rate).await.ok();
        let shown = answer.data("cartShippingOptionsUpdate.cart");
        assert_adds_up(shown);
        let kinds: Vec<&str> = shown["pricing"]["steps"].as_array().unwrap().iter().filter_map(|step| step["kind"].as_str()).collect();
        assert_eq!(kinds, ["LINE", "DISCOUNT", "LINE", "SHIPPING", "TAX"], "{}", shown["pricing"]["steps"]);
    }

    async fn rule_m2_quantity_breaks_count_all_lines_of_the_variant(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let stock = crate::pricing::Stock::of_linden(&shop, 1).await;
        stock.set(&owner, json!([{ "currency": "EUR", "amount": "10" }, { "currency": "EUR", "amount": "8", "minimumQuantity": 3 }])).await.ok();
        let mug = stock.variants[0].clone();
        shop.stock(&owner, &mug, 9).await;
        let cart = shop.cart(&buyer, &[(&mug, 2)]).await;
        let engraved = json!([{ "variantId": mug, "attributes": [{ "key": "a", "value": "b" }] }]);
        let answer = add(&buyer, &cart, engraved).await.ok();
        let shown = answer.data("cartLinesAdd.cart");
        let lines = |field: &str| [&shown["lines"][0][field]["amount"], &shown["lines"][1][field]["amount"]].map(Clone::clone);
        assert_eq!((quantities(shown), lines("unitPrice")), (vec![2, 1], [json!("8.00"), json!("8.00")]));
        assert_eq!(lines("addedUnitPrice"), [json!("10.00"), json!("8.00")]);
        assert_eq!(shown["lines"][0]["priceChanged"], true);
    }

    async fn rule_m3_a_line_says_what_changed_since_it_was_added(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let stock = crate::pricing::Stock::of_linden(&shop, 1).await;
        stock.set(&owner, json!([{ "currency": "EUR", "amount": "10" }])).await.ok();
        shop.stock(&owner, &stock.variants[0], 9).await;
        let cart = shop.cart(&buyer, &[(&stock.variants[0], 1)]).await;
        let sale = json!([{ "currency": "EUR", "amount": "7", "validFrom": stoa::kernel::Clock::now(shop.clock()) + TimeDelta::hours(1) }]);
        stock.set(&owner, sale).await.ok();
        let price = async || {
            let shown = look(&buyer, &cart).await;
            let line = shown.data("cart.lines.0").clone();
            (line["unitPrice"]["amount"].as_str().unwrap_or("none").to_owned(), line["priceChanged"] == json!(true))
        };
        assert_eq!(price().await, ("10.00".to_owned(), false));
        shop.wait(TimeDelta::hours(1));
        assert_eq!(price().await, ("7.00".to_owned(), true), "the cart shows what it would cost now");
        let answer = update(&buyer, &cart, json!([{ "lineId": cart.lines[0], "quantity": 2 }])).await.ok();
        assert_eq!(answer.text("cartLinesUpdate.cart.lines.0.addedUnitPrice.amount"), "10.00");
        assert_eq!(cents(&answer.data("cartLinesUpdate.cart")["pricing"]["total"]), 1_400);
        shop.execute("DELETE FROM prices").await;
        let shown = look(&buyer, &cart).await;
        assert_eq!((shown.text("cart.lines.0.status"), shown.text("cart.problems.0.code")), ("NO_PRICE", "NO_PRICE"));
        assert_eq!(price().await, ("none".to_owned(), false));
    }
}
