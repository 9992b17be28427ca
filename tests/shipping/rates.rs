//! Stories of shipping rates.

use serde_json::Value;

use super::{eur, problems, told};
use crate::harness::{Actor, Answer, Shop, json};

const FIELDS: &str = "id name pricing prices { upToGrams atLeast { amount } price { amount currencyCode } }
    freeFrom { amount currencyCode } minGrams maxGrams pickupLocation { name } version";

async fn create(who: &Actor, input: Value) -> Answer {
    let document = format!(
        "mutation($input: ShippingRateCreateInput!) {{ shippingRateCreate(input: $input) {{
            shippingRate {{ {FIELDS} }} userErrors {{ code field message }} }} }}"
    );
    who.query(&document, json!({ "input": input })).await
}

async fn update(who: &Actor, id: &str, input: Value, expected: Option<i32>) -> Answer {
    let document = format!(
        "mutation($id: ID!, $input: ShippingRateUpdateInput!, $expected: Int) {{
            shippingRateUpdate(id: $id, input: $input, expectedVersion: $expected) {{
                shippingRate {{ {FIELDS} }} userErrors {{ code field message }} }} }}"
    );
    who.query(&document, json!({ "id": id, "input": input, "expected": expected })).await
}

async fn zone(shop: &Shop) -> String {
    let profile = shop.shipping_profile(&shop.owner(), &shop.word()).await;
    shop.shipping_zone(&shop.owner(), &profile, json!([{ "country": "DE" }])).await
}

both! {
    async fn a_rate_costs_the_same_or_by_weight_or_by_price(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let zone = zone(&shop).await;
        let usd = json!({ "amount": "5.50", "currencyCode": "USD" });
        let before = shop.ledger().await;
        let input = json!({ "zoneId": zone, "name": "Post", "pricing": { "flat": [eur("4.90"), usd] }, "freeFrom": [eur("50")] });
        let flat = create(&owner, input).await.ok();
        assert_eq!(shop.told_since(&before).await, told("shipping_rate.create", &["shipping_rate.created"]));
        let rate = flat.data("shippingRateCreate.shippingRate");
        assert_eq!(rate["prices"], json!([
            { "upToGrams": null, "atLeast": null, "price": eur("4.90") },
            { "upToGrams": null, "atLeast": null, "price": usd },
        ]));
        assert_eq!((&rate["pricing"], &rate["freeFrom"]), (&json!("FLAT"), &json!([eur("50.00")])));

        let id = flat.text("shippingRateCreate.shippingRate.id");
        let before = shop.ledger().await;
        let steps = json!([{ "upToGrams": 5000, "prices": [eur("9")] }, { "upToGrams": 1000, "prices": [eur("4")] }]);
        let location = shop.location(&owner, "Shop floor").await;
        let input = json!({ "pricing": { "byWeight": steps }, "minGrams": 10, "maxGrams": 5000, "pickupLocationId": location });
        let changed = update(&owner, id, input, Some(1)).await.ok();
        let rate = changed.data("shippingRateUpdate.shippingRate");
        let step = |grams: i32, price: &str| json!({ "upToGrams": grams, "atLeast": null, "price": eur(price) });
        assert_eq!(rate["prices"], json!([step(1000, "4.00"), step(5000, "9.00")]));
        assert_eq!(rate["freeFrom"], json!([eur("50.00")]), "what is left out stays");
        assert_eq!((&rate["minGrams"], &rate["maxGrams"], &rate["pickupLocation"]["name"]), (&json!(10), &json!(5000), &json!("Shop floor")));
        assert!(shop.told_since(&before).await.events.contains(&"shipping_rate.updated".to_owned()));

        let steps = json!([{ "atLeast": eur("10"), "price": eur("5") }, { "atLeast": eur("50"), "price": eur("0") }]);
        let input = json!({ "pricing": { "byPrice": steps }, "freeFrom": null, "minGrams": null, "pickupLocationId": null });
        let changed = update(&owner, id, input, Some(2)).await.ok();
        let rate = changed.data("shippingRateUpdate.shippingRate");
        let step = |least: &str, price: &str| json!({ "upToGrams": null, "atLeast": { "amount": least }, "price": eur(price) });
        assert_eq!(rate["prices"], json!([step("10.00", "5.00"), step("50.00", "0.00")]));
        assert_eq!((&rate["freeFrom"], &rate["minGrams"], &rate["pickupLocation"]), (&json!([]), &json!(null), &json!(null)));
        let before = shop.ledger().await;
        let document = "mutation($id: ID!) { shippingRateDelete(id: $id) { userErrors { code } } }";
        owner.query(document, json!({ "id": id })).await.ok();
        assert_eq!(shop.told_since(&before).await, told("shipping_rate.delete", &["shipping_rate.deleted"]));
        assert_eq!(shop.number("SELECT COUNT(*) FROM shipping_rate_prices").await, 0);
    }

    async fn a_rate_that_makes_no_sense_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let zone = zone(&shop).await;
        let post = shop.shipping_rate(&owner, &zone, "Post", json!({ "maxGrams": 1000 })).await;
        shop.shipping_rate(&owner, &zone, "Express", json!({})).await;
        let before = shop.fingerprint().await;
        let jpy = json!({ "amount": "500", "currencyCode": "JPY" });
        let weight = |grams: i32, prices: Value| json!({ "byWeight": [{ "upToGrams": grams, "prices": prices }] });
        for (wrong, expected) in [
            (json!({ "name": " " }), vec!["REQUIRED name"]),
            (json!({ "name": "Post" }), vec!["TAKEN name"]),
            (json!({ "pricing": { "flat": [] } }), vec!["REQUIRED pricing.flat"]),
            (json!({ "pricing": { "flat": [jpy] } }), vec!["CURRENCY_NOT_ENABLED pricing.flat"]),
            (json!({ "pricing": { "flat": [eur("1"), eur("2")] } }), vec!["DUPLICATE pricing.flat.1"]),
            (json!({ "pricing": { "flat": [eur("-1")] } }), vec!["OUT_OF_RANGE pricing.flat.0"]),
            (json!({ "pricing": { "flat": [eur("1.999")] } }), vec!["INVALID pricing.flat.0.amount"]),
            (json!({ "pricing": { "byWeight": [] } }), vec!["REQUIRED pricing.byWeight"]),
            (json!({ "pricing": weight(-1, json!([eur("1")])) }), vec!["OUT_OF_RANGE pricing.byWeight.0.upToGrams"]),
            (json!({ "pricing": weight(1, json!([])) }), vec!["REQUIRED pricing.byWeight.0.prices"]),
            (json!({ "pricing": { "byPrice": [{ "atLeast": eur("1"), "price": jpy }] } }), vec!["INVALID pricing.byPrice.0.price"]),
            (json!({ "freeFrom": [jpy] }), vec!["CURRENCY_NOT_ENABLED freeFrom"]),
            (json!({ "minGrams": -1 }), vec!["OUT_OF_RANGE minGrams"]),
            (json!({ "minGrams": 2, "maxGrams": 1 }), vec!["INVALID maxGrams"]),
            (json!({ "zoneId": shop.id::<rules::ids::ShippingZoneId>().to_string() }), vec!["NOT_FOUND zoneId"]),
            (json!({ "pickupLocationId": shop.id::<rules::ids::LocationId>().to_string() }), vec!["NOT_FOUND pickupLocationId"]),
        ] {
            let mut input = json!({ "zoneId": zone, "name": "New", "pricing": { "flat": [eur("4.90")] } });
            for (field, value) in wrong.as_object().expect("an object") {
                input[field] = value.clone();
            }
            assert_eq!(problems(&create(&owner, input).await, "shippingRateCreate"), expected, "{wrong}");
        }
        assert_eq!(problems(&update(&owner, &post, json!({ "name": "Express" }), None).await, "shippingRateUpdate"), ["TAKEN name"]);
        assert_eq!(problems(&update(&owner, &post, json!({ "minGrams": 1001 }), None).await, "shippingRateUpdate"), ["INVALID maxGrams"]);
        assert_eq!(problems(&update(&owner, &post, json!({ "name": "Late" }), Some(7)).await, "shippingRateUpdate"), ["STALE expectedVersion"]);
        shop.assert_unchanged(&before).await;
    }
}
