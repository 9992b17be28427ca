//! `promotionCreate`.

use rules::ids::{PromotionId, SegmentId, ShippingRateId};
use rules::permission::Permission::{PromotionsManage, PromotionsRead};
use serde_json::Value;

use super::{create, promotion, variant};
use crate::harness::{Shop, json};

/// Everything of a promotion's terms, three levels deep.
const TERMS: &str = "query($id: ID!) { promotion(id: $id) { condition { ...C ... on AllCondition { conditions { ...C
        ... on NotCondition { condition { ...C } } ... on AnyCondition { conditions { ...C } } } } } action { ...A } } }
    fragment S on LineSelection { summary anyOf { ...T } except { ...T } }
    fragment T on PromotionTarget { variantId productId brandId categoryId collectionId tagId
        variant { id } product { id } brand { id } category { id } collection { id } tag { id } }
    fragment C on PromotionCondition { __typename summary
        ... on SubtotalCondition { least: atLeast { amount currencyCode } of { ...S } }
        ... on QuantityCondition { units: atLeast of { ...S } } ... on ContainsCondition { of { ...S } }
        ... on CurrenciesCondition { currencies } ... on CountriesCondition { countries } ... on ChannelsCondition { channels }
        ... on DuringCondition { from until } }
    fragment P on PriceChange { percent amount { amount } price { amount } }
    fragment A on PromotionAction { __typename summary
        ... on OrderDiscount { change { ...P } } ... on OrderTiersDiscount { orders: tiers { least: atLeast { amount } change { ...P } } }
        ... on UnitsDiscount { of { ...S } change { ...P } spread groups }
        ... on UnitTiersDiscount { of { ...S } units: tiers { atLeast change { ...P } } }
        ... on BuyGetDiscount { buy { ...S } buyQuantity get { ...S } getQuantity percent }
        ... on CheapestFreeDiscount { of { ...S } outOf } ... on ShippingDiscount { change { ...P } rateIds }
        ... on PromotionGift { variantId variant { id } quantity } }";

/// An amount in euros, as it is sent.
fn eur(amount: &str) -> Value {
    json!([{ "amount": amount, "currencyCode": "EUR" }])
}

both! {
    async fn a_promotion_is_created_and_told_of(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.ledger().await;
        let input = json!({
            "name": "  Spring sale ", "priority": -3, "validFrom": "2026-04-01T00:00:00Z", "validTo": "2026-05-01T00:00:00Z",
            "caps": { "maximumDiscount": eur("20"), "maximumApplications": 3, "budget": eur("1000"), "maximumUses": 50 },
            "stacking": { "combinesWith": ["SHIPPING", "LINE", "LINE"], "exclusiveGroup": "spring" },
        });
        let answer = create(&shop.staff([PromotionsManage]).await, input).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["promotion.create".to_owned()], vec!["promotion.created".to_owned()]));
        let made = answer.data("promotionCreate.promotion");
        assert_eq!((made["name"].as_str(), made["priority"].as_i64()), (Some("Spring sale"), Some(-3)));
        assert_eq!((made["status"].as_str(), made["phase"].as_str()), (Some("SCHEDULED"), Some("ORDER")));
        assert_eq!(made["condition"], json!({ "__typename": "AllCondition", "summary": "always" }));
        assert_eq!(made["action"]["summary"], "10 % off the order");
        assert_eq!(made["stacking"], json!({ "combinesWith": ["LINE", "SHIPPING"], "exclusiveGroup": "spring" }));
        let caps = json!({ "maximumDiscount": [{ "amount": "20.00" }], "maximumApplications": 3,
            "budget": [{ "amount": "1000.00", "currencyCode": "EUR" }], "maximumUses": 50 });
        assert_eq!(made["caps"], caps);
    }

    async fn rule_p3_every_condition_goes_in_and_comes_back(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let variant = variant(&shop, "5").await;
        let (brand, category) = (shop.brand("Acme").await, shop.category(&owner, "Lamps", None).await);
        let collection = shop.collection(&owner, "Spring").await;
        let product = shop.product_row(shop.linden.store(), "Kettle").await;
        let tag = shop.tag_row(shop.linden.store(), "Soft", &[product]).await.to_string();
        let of = json!({
            "anyOf": [{ "variantId": variant }, { "productId": product.to_string() }, { "brandId": brand }],
            "except": [{ "categoryId": category }, { "collectionId": collection }, { "tagId": tag }],
        });
        let conditions = json!([
            { "any": [{ "firstOrder": true }, { "codeGiven": true }] },
            { "not": { "contains": { "anyOf": [{ "tagId": tag }] } } },
            { "subtotal": { "atLeast": eur("50"), "of": of } },
            { "quantity": { "atLeast": 3 } },
            { "currencies": ["EUR"] },
            { "countries": [" de", "AT"] },
            { "channels": ["web"] },
            { "during": { "from": "2026-04-01T00:00:00Z" } },
            { "firstOrder": false },
        ]);
        let id = promotion(&owner, json!({ "condition": { "all": conditions } })).await;
        let answer = owner.query(TERMS, json!({ "id": id })).await.ok();
        let all = answer.data("promotion.condition.conditions").as_array().expect("a list");
        let kinds: Vec<&str> = all.iter().map(|condition| condition["__typename"].as_str().expect("a type")).collect();
        assert_eq!(kinds, ["AnyCondition", "NotCondition", "SubtotalCondition", "QuantityCondition", "CurrenciesCondition",
            "CountriesCondition", "ChannelsCondition", "DuringCondition", "NotCondition"]);
        assert_eq!(all[0]["conditions"][1]["__typename"], "CodeGivenCondition");
        assert_eq!(all[1]["condition"]["of"]["anyOf"][0]["tag"]["id"], json!(tag));
        assert_eq!(all[2]["least"], json!([{ "amount": "50.00", "currencyCode": "EUR" }]));
        let chosen = &all[2]["of"];
        for (list, place, field, id) in [
            ("anyOf", 0, "variant", &variant), ("anyOf", 1, "product", &product.to_string()), ("anyOf", 2, "brand", &brand),
            ("except", 0, "category", &category), ("except", 1, "collection", &collection), ("except", 2, "tag", &tag),
        ] {
            assert_eq!(chosen[list][place][field]["id"], json!(id), "{field}");
            assert_eq!(chosen[list][place][format!("{field}Id")], json!(id), "{field}");
        }
        assert_eq!((&all[3]["units"], &all[3]["of"]["anyOf"]), (&json!(3), &json!([])));
        assert_eq!((&all[5]["countries"], &all[6]["channels"]), (&json!(["DE", "AT"]), &json!(["web"])));
        assert_eq!((&all[7]["from"], &all[7]["until"]), (&json!("2026-04-01T00:00:00Z"), &Value::Null));
        assert_eq!(all[8]["condition"]["__typename"], "FirstOrderCondition");
    }

    async fn rule_p3_every_benefit_goes_in_and_comes_back(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let gift = variant(&shop, "5").await;
        for (sent, kind, phase, sentence) in [
            (json!({ "order": { "amount": eur("5") } }), "OrderDiscount", "ORDER", "5.00 EUR off the order"),
            (
                json!({ "orderTiers": [{ "atLeast": eur("50"), "change": { "percent": "5" } }, { "atLeast": eur("100"), "change": { "percent": "12.5" } }] }),
                "OrderTiersDiscount", "ORDER", "from 50.00 EUR on 5 % off the order; from 100.00 EUR on 12.5 % off the order",
            ),
            (json!({ "units": { "change": { "price": eur("9.99") } } }), "UnitsDiscount", "LINE", "9.99 EUR for each of all lines"),
            (
                json!({ "units": { "change": { "price": eur("10") }, "spread": { "groups": 3 } } }),
                "UnitsDiscount", "LINE", "10.00 EUR for every 3 of all lines",
            ),
            (
                json!({ "units": { "change": { "amount": eur("10") }, "spread": { "over": "ACROSS" } } }),
                "UnitsDiscount", "LINE", "10.00 EUR off all lines together",
            ),
            (
                json!({ "unitTiers": { "tiers": [{ "atLeast": 5, "change": { "percent": "10" } }] } }),
                "UnitTiersDiscount", "LINE", "from 5 units on 10 % off each of all lines",
            ),
            (
                json!({ "buyGet": { "buyQuantity": 2, "getQuantity": 1, "percent": 100 } }),
                "BuyGetDiscount", "LINE", "for 2 of all lines, 100 % off 1 of all lines",
            ),
            (json!({ "cheapestFree": { "outOf": 3 } }), "CheapestFreeDiscount", "LINE", "the cheapest of every 3 of all lines is free"),
            (json!({ "shipping": { "change": { "percent": 100 } } }), "ShippingDiscount", "SHIPPING", "100 % off shipping"),
            (json!({ "gift": { "variantId": gift } }), "PromotionGift", "LINE", "a gift of 1 unit"),
        ] {
            let answer = create(&owner, json!({ "action": sent })).await.ok();
            assert_eq!(answer.text("promotionCreate.promotion.phase"), phase, "{sent}");
            let id = answer.text("promotionCreate.promotion.id");
            let terms = owner.query(TERMS, json!({ "id": id })).await.ok();
            let action = terms.data("promotion.action");
            assert_eq!((action["__typename"].as_str(), action["summary"].as_str()), (Some(kind), Some(sentence)));
            if kind == "PromotionGift" {
                assert_eq!(action["variant"]["id"], json!(gift));
            }
        }
    }

    async fn what_is_wrong_is_told_at_its_place_and_nothing_is_written(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let deep = (0..6).fold(json!({ "firstOrder": true }), |inner, _| json!({ "not": inner }));
        let before = shop.fingerprint().await;
        let percent = json!({ "percent": "5" });
        for (input, problem) in [
            (json!({ "name": " " }), "REQUIRED name"),
            (json!({ "validFrom": "2026-05-01T00:00:00Z", "validTo": "2026-05-01T00:00:00Z" }), "OUT_OF_RANGE validTo"),
            (json!({ "validTo": "+10000-01-01T00:00:00Z" }), "OUT_OF_RANGE validTo"),
            (json!({ "condition": { "any": [] } }), "REQUIRED condition"),
            (json!({ "condition": deep }), "LIMIT_REACHED condition.not.not.not.not.not.not"),
            (json!({ "condition": { "all": [{ "countries": ["DE", "XX"] }] } }), "INVALID condition.all.0.countries.1"),
            (json!({ "condition": { "channels": ["\u{7}"] } }), "INVALID condition.channels.0"),
            (json!({ "condition": { "currencies": ["JPY"] } }), "CURRENCY_NOT_ENABLED condition.currencies.0"),
            (
                json!({ "condition": { "subtotal": { "atLeast": [{ "amount": "5.001", "currencyCode": "EUR" }] } } }),
                "INVALID condition.subtotal.atLeast.0.amount",
            ),
            (
                json!({ "condition": { "subtotal": { "atLeast": [{ "amount": "1", "currencyCode": "EUR" }, { "amount": "2", "currencyCode": "EUR" }] } } }),
                "DUPLICATE condition.subtotal.atLeast.1",
            ),
            (json!({ "condition": { "subtotal": { "atLeast": [] } } }), "REQUIRED condition.subtotal.atLeast"),
            (json!({ "condition": { "quantity": { "atLeast": -1 } } }), "OUT_OF_RANGE condition.quantity.atLeast"),
            (json!({ "action": { "order": { "percent": "100.01" } } }), "OUT_OF_RANGE action.order.percent"),
            (json!({ "action": { "order": { "amount": [{ "amount": "-1", "currencyCode": "EUR" }] } } }), "OUT_OF_RANGE action.order.amount.0"),
            (json!({ "action": { "orderTiers": [] } }), "REQUIRED action.orderTiers"),
            (
                json!({ "action": { "unitTiers": { "tiers": [{ "atLeast": 2, "change": percent }, { "atLeast": 2, "change": percent }] } } }),
                "DUPLICATE action.unitTiers.tiers.1",
            ),
            (json!({ "action": { "units": { "change": percent, "spread": { "groups": 0 } } } }), "OUT_OF_RANGE action.units.spread.groups"),
            (json!({ "action": { "buyGet": { "buyQuantity": 0, "getQuantity": 1, "percent": 50 } } }), "OUT_OF_RANGE action.buyGet.buyQuantity"),
            (json!({ "action": { "cheapestFree": { "outOf": 0 } } }), "OUT_OF_RANGE action.cheapestFree.outOf"),
            (json!({ "caps": { "maximumApplications": 0 } }), "OUT_OF_RANGE caps.maximumApplications"),
            (json!({ "caps": { "budget": [] } }), "REQUIRED caps.budget"),
            (json!({ "caps": { "maximumUses": -1 } }), "OUT_OF_RANGE caps.maximumUses"),
            (json!({ "stacking": { "exclusiveGroup": "x".repeat(61) } }), "TOO_LONG stacking.exclusiveGroup"),
        ] {
            let answer = create(&owner, input.clone()).await;
            assert_eq!(answer.user_error("promotionCreate"), problem, "{input}: {answer}");
        }
        // More than one of a `@oneOf`, and none, are no input at all.
        for action in [json!({}), json!({ "order": { "percent": 5 }, "cheapestFree": { "outOf": 2 } }), json!({ "order": null })] {
            assert_eq!(create(&owner, json!({ "action": action })).await.status, 400, "{action}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn what_terms_name_must_be_there(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let theirs = shop.brand_of_rival("Acme").await;
        let (rate, their_rate) = (shop.any_shipping_rate(&owner).await, shop.any_shipping_rate(&shop.rival()).await);
        let deleted = shop.category(&owner, "Lamps", None).await;
        let delete = "mutation($id: ID!) { categoryDelete(id: $id) { userErrors { code } } }";
        owner.query(delete, json!({ "id": deleted })).await.ok();
        let before = shop.fingerprint().await;
        let never = shop.id::<rules::ids::ProductVariantId>().to_string();
        let contains = |target: Value| json!({ "condition": { "all": [{ "contains": { "except": [target] } }] } });
        let free = |rates: &[&str]| json!({ "action": { "shipping": { "change": { "percent": 100 }, "rateIds": rates } } });
        for (input, path) in [
            (contains(json!({ "brandId": theirs })), "condition.all.0.contains.except.0.brandId"),
            (contains(json!({ "categoryId": deleted })), "condition.all.0.contains.except.0.categoryId"),
            (contains(json!({ "variantId": never })), "condition.all.0.contains.except.0.variantId"),
            (json!({ "condition": { "segmentIds": [shop.id::<SegmentId>().to_string()] } }), "condition.segmentIds.0"),
            (json!({ "action": { "gift": { "variantId": never } } }), "action.gift.variantId"),
            (free(&[&shop.id::<ShippingRateId>().to_string()]), "action.shipping.rateIds.0"),
            (free(&[&rate, &their_rate]), "action.shipping.rateIds.1"),
        ] {
            let answer = create(&owner, input).await;
            assert_eq!(answer.user_error("promotionCreate"), format!("NOT_FOUND {path}"), "{answer}");
        }
        shop.assert_unchanged(&before).await;
        promotion(&owner, free(&[&rate])).await;
    }

    async fn who_may_read_may_not_write(db: Database) {
        let shop = Shop::open(db).await;
        let reader = shop.staff([PromotionsRead]).await;
        assert_eq!(create(&reader, json!({})).await.code(), "FORBIDDEN");
        let never = shop.id::<PromotionId>().to_string();
        let answer = reader.query("query($id: ID!) { promotion(id: $id) { id } }", json!({ "id": never })).await.ok();
        assert!(answer.data("promotion").is_null());
    }

    async fn a_store_has_500_promotions_that_count(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let one = promotion(&owner, json!({})).await;
        let ended = promotion(&owner, json!({ "enabled": false })).await;
        // As many as there may be, made of the one.
        let columns = "name, sort_name, enabled, priority, valid_from, valid_to, rules_version, condition, action, caps, stacking, version, \
            created_at, updated_at, deleted_at";
        for _ in 0..499 {
            let id = shop.literal(shop.id::<PromotionId>());
            let sql = format!("INSERT INTO promotions (store_id, id, {columns}) SELECT store_id, {id}, {columns} FROM promotions WHERE id = {}", shop.literal_of(&one));
            shop.execute(&sql).await;
        }
        assert_eq!(create(&owner, json!({})).await.user_error("promotionCreate"), "LIMIT_REACHED enabled");
        let enable = "mutation($id: ID!) { promotionUpdate(id: $id, input: { enabled: true }) { userErrors { code field } } }";
        assert_eq!(owner.query(enable, json!({ "id": ended })).await.user_error("promotionUpdate"), "LIMIT_REACHED enabled");
        create(&owner, json!({ "enabled": false })).await.ok();
        // One of them that changes stays among them, and one that ends makes room.
        let end = "mutation($id: ID!, $to: DateTime) { promotionUpdate(id: $id, input: { priority: 3, validTo: $to }) { userErrors { code field } } }";
        owner.query(end, json!({ "id": one })).await.ok();
        owner.query(end, json!({ "id": one, "to": "2020-01-01T00:00:00Z" })).await.ok();
        create(&owner, json!({})).await.ok();
    }
}
