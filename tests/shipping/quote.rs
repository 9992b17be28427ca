//! Stories of `shippingQuote`: which ways there are to ship, and what they cost.

use serde_json::Value;

use super::eur;
use crate::harness::{Actor, Answer, Shop, json};

const QUOTE: &str = "query($input: ShippingQuoteInput!) { shippingQuote(input: $input) {
    groups { profile { name } zone { id } variantIds grams amount { amount } rates { rate { name } price { amount } } }
    options { name price { amount } rateIds } refusal } }";

async fn quote(who: &Actor, lines: Value, place: Value) -> Answer {
    who.query(QUOTE, json!({ "input": { "lines": lines, "shippingTo": place } })).await
}

fn line(variant: &str, quantity: i32, price: &str) -> Value {
    json!({ "variantId": variant, "quantity": quantity, "unitPrice": eur(price) })
}

/// The choices as `name price`.
fn options(answer: &Answer) -> Vec<String> {
    let options = answer.data("shippingQuote.options").as_array().expect("a list").clone();
    let told = |option: &Value| {
        format!("{} {}", option["name"].as_str().unwrap(), option["price"]["amount"].as_str().unwrap())
    };
    options.iter().map(told).collect()
}

/// A product of one variant that weighs so much: the variant, and the product.
async fn goods(shop: &Shop, grams: i32) -> (String, String) {
    let product = shop.product(&shop.owner(), json!({ "variants": [{ "weightGrams": grams }] })).await;
    (product.variants[0].clone(), product.id)
}

both! {
    async fn goods_are_shipped_by_the_closest_zone_of_their_profile(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (lamp, _) = goods(&shop, 700).await;
        let nothing = quote(&owner, json!([line(&lamp, 1, "20.00")]), json!({ "country": "DE" })).await;
        assert_eq!((nothing.code(), nothing.message().contains("shipping profile")), ("BAD_USER_INPUT", true));
        let parcels = shop.shipping_profile(&owner, "Parcels").await;
        let zone = async |territory: Value, name: &str, price: &str| {
            let zone = shop.shipping_zone(&owner, &parcels, json!([territory])).await;
            shop.shipping_rate(&owner, &zone, name, json!({ "pricing": { "flat": [eur(price)] } })).await;
        };
        zone(json!({ "country": "DE" }), "Post", "4.90").await;
        zone(json!({ "country": "DE", "postalCodes": [{ "from": "27498", "to": "27499" }] }), "Ship", "19.00").await;
        zone(json!({ "country": "US", "region": "CA" }), "Air", "29.00").await;
        let to = async |place: Value| {
            let answer = quote(&owner, json!([line(&lamp, 1, "20.00")]), place).await.ok();
            (options(&answer), answer.data("shippingQuote.refusal").clone())
        };
        assert_eq!(to(json!({ "country": "DE", "postalCode": "10115" })).await, (vec!["Post 4.90".to_owned()], json!(null)));
        assert_eq!(to(json!({ "country": "de", "postalCode": "27 498" })).await.0, ["Ship 19.00"]);
        assert_eq!(to(json!({ "country": "US", "region": "CA" })).await.0, ["Air 29.00"]);
        let (none, refusal) = to(json!({ "country": "US", "region": "NY" })).await;
        assert!(none.is_empty() && refusal.as_str().is_some_and(|text| text.contains("US")), "{refusal}");
        zone(json!({}), "World", "49.00").await;
        assert_eq!(to(json!({ "country": "NZ" })).await.0, ["World 49.00"]);
    }

    async fn rates_go_by_weight_by_price_and_are_free_from_an_amount_on(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let parcels = shop.shipping_profile(&owner, "Parcels").await;
        let zone = shop.shipping_zone(&owner, &parcels, json!([{ "country": "DE" }])).await;
        let steps = json!([{ "upToGrams": 1000, "prices": [eur("4.00")] }, { "upToGrams": 5000, "prices": [eur("9.00")] }]);
        shop.shipping_rate(&owner, &zone, "Scales", json!({ "pricing": { "byWeight": steps } })).await;
        let steps = json!([{ "atLeast": eur("0"), "price": eur("6.00") }, { "atLeast": eur("50"), "price": eur("3.00") }]);
        shop.shipping_rate(&owner, &zone, "Till", json!({ "pricing": { "byPrice": steps } })).await;
        shop.shipping_rate(&owner, &zone, "Free", json!({ "freeFrom": [eur("100.00")] })).await;
        let letter = json!({ "maxGrams": 500, "pricing": { "flat": [eur("1.10")] } });
        shop.shipping_rate(&owner, &zone, "Letter", letter).await;
        let usd = json!({ "pricing": { "flat": [{ "amount": "5", "currencyCode": "USD" }] } });
        shop.shipping_rate(&owner, &zone, "Dollars", usd).await;
        let (card, _) = goods(&shop, 250).await;
        for (quantity, price, expected) in [
            (1, "10.00", vec!["Scales 4.00", "Till 6.00", "Free 4.90", "Letter 1.10"]),
            (2, "24.99", vec!["Scales 4.00", "Till 6.00", "Free 4.90", "Letter 1.10"]),
            (2, "25.00", vec!["Scales 4.00", "Till 3.00", "Free 4.90", "Letter 1.10"]),
            (4, "24.99", vec!["Scales 4.00", "Till 3.00", "Free 4.90"]),
            (5, "20.00", vec!["Scales 9.00", "Till 3.00", "Free 0.00"]),
            (21, "0.00", vec!["Till 6.00", "Free 4.90"]),
        ] {
            let answer = quote(&owner, json!([line(&card, quantity, price)]), json!({ "country": "DE" })).await.ok();
            assert_eq!(options(&answer), expected, "{quantity} at {price}");
        }
    }

    async fn goods_of_several_profiles_are_shipped_apart_and_paid_together(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let parcels = shop.shipping_profile(&owner, "Parcels").await;
        let freight = shop.shipping_profile(&owner, "Freight").await;
        let rate = async |profile: &str, name: &str, price: &str| {
            shop.shipping_rate(&owner, profile, name, json!({ "pricing": { "flat": [eur(price)] } })).await
        };
        let here = shop.shipping_zone(&owner, &parcels, json!([{ "country": "DE" }, { "country": "AT" }])).await;
        let there = shop.shipping_zone(&owner, &freight, json!([{ "country": "DE" }])).await;
        let post = rate(&here, "Post", "4.90").await;
        rate(&here, "Express", "12.00").await;
        let truck = rate(&there, "Truck", "40.00").await;
        rate(&there, "Express", "90.00").await;
        let ((lamp, _), (sofa, large)) = (goods(&shop, 700).await, goods(&shop, 90_000).await);
        shop.ship_by(&owner, &freight, &[&large]).await;
        let voucher = shop.product(&owner, json!({ "variants": [{ "requiresShipping": false }] })).await.variants[0].clone();
        let lines = json!([line(&lamp, 1, "20.00"), line(&voucher, 9, "5.00"), line(&sofa, 1, "500.00"), line(&lamp, 2, "20.00")]);
        let answer = quote(&owner, lines.clone(), json!({ "country": "DE" })).await.ok();
        assert_eq!(options(&answer), ["Post 44.90", "Express 102.00", "Truck 44.90"]);
        assert_eq!(answer.data("shippingQuote.options")[0]["rateIds"], json!([post, truck]));
        let groups = answer.data("shippingQuote.groups");
        assert_eq!(groups[0]["profile"]["name"], "Parcels");
        assert_eq!((&groups[0]["variantIds"], &groups[0]["grams"], &groups[0]["amount"]["amount"]), (&json!([lamp, lamp]), &json!(2100), &json!("60.00")));
        assert_eq!((&groups[1]["variantIds"], &groups[1]["zone"]["id"]), (&json!([sofa]), &json!(there)));
        assert_eq!(groups[1]["rates"][0], json!({ "rate": { "name": "Truck" }, "price": { "amount": "40.00" } }));

        // Where one of them is not shipped to, nothing can be chosen; the groups still tell which.
        let answer = quote(&owner, lines, json!({ "country": "AT" })).await.ok();
        assert!(options(&answer).is_empty() && answer.data("shippingQuote.refusal").is_string());
        assert_eq!(answer.data("shippingQuote.groups")[1]["zone"], json!(null));
        let answer = quote(&owner, json!([line(&voucher, 1, "5.00")]), json!({ "country": "AT" })).await.ok();
        assert_eq!((answer.data("shippingQuote.groups"), answer.data("shippingQuote.refusal")), (&json!([]), &json!(null)));
    }

    async fn what_is_fetched_is_offered_while_the_place_is_open(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let parcels = shop.shipping_profile(&owner, "Parcels").await;
        let zone = shop.shipping_zone(&owner, &parcels, json!([{ "country": "DE" }])).await;
        let (main, corner) = (shop.location(&owner, "Main").await, shop.location(&owner, "Corner").await);
        let free = |location: &str| json!({ "pricing": { "flat": [eur("0")] }, "pickupLocationId": location });
        shop.shipping_rate(&owner, &zone, "Fetch it at the corner", free(&corner)).await;
        shop.shipping_rate(&owner, &zone, "Post", json!({})).await;
        let (lamp, _) = goods(&shop, 700).await;
        let ask = async || options(&quote(&owner, json!([line(&lamp, 1, "20.00")]), json!({ "country": "DE" })).await.ok());
        assert_eq!(ask().await, ["Fetch it at the corner 0.00", "Post 4.90"]);
        let default = "mutation($id: ID!) { locationUpdate(id: $id, input: { isDefault: true }) { userErrors { code } } }";
        owner.query(default, json!({ "id": main })).await.ok();
        let close = "mutation($id: ID!) { locationDelete(id: $id) { userErrors { code } } }";
        owner.query(close, json!({ "id": corner })).await.ok();
        assert_eq!(ask().await, ["Post 4.90"]);
    }

    async fn a_quote_refuses_what_is_not_there_and_takes_as_many_statements_for_many_lines_as_for_one(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let parcels = shop.shipping_profile(&owner, "Parcels").await;
        let zone = shop.shipping_zone(&owner, &parcels, json!([{ "country": "DE" }])).await;
        shop.shipping_rate(&owner, &zone, "Post", json!({})).await;
        let theirs = shop.variant_row(shop.rival.store()).await.to_string();
        let answer = quote(&owner, json!([line(&theirs, 1, "1")]), json!({ "country": "DE" })).await;
        assert!(answer.message().contains("lines.0.variantId"), "{answer}");
        let answer = quote(&owner, json!([line(&theirs, 1, "1")]), json!({ "country": "XX" })).await;
        assert!(answer.message().contains("shippingTo.country"), "{answer}");
        let mut lines = Vec::new();
        for _ in 0..30 {
            lines.push(line(&shop.variant_row(shop.linden.store()).await.to_string(), 1, "1.00"));
        }
        let ask = async |lines: &[Value]| quote(&owner, json!(lines), json!({ "country": "DE" })).await.ok().statements();
        let one = ask(&lines[..1]).await;
        for number in 0..10 {
            shop.shipping_rate(&owner, &zone, &format!("Rate {number}"), json!({})).await;
        }
        assert_eq!(one, ask(&lines).await);
    }
}
