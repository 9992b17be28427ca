//! `promotionPreview`: what promotions do to a basket, and why.

use rules::permission::Permission::{PricesRead, ProductsRead, PromotionsRead};
use serde_json::Value;

use super::{ask, beside_all, create_code, preview, promotion, promotion_with_code, variant};
use crate::harness::{Shop, json};
use crate::pricing::Stock;

/// An amount in euros, as it is sent.
fn eur(amount: &str) -> Value {
    json!([{ "amount": amount, "currencyCode": "EUR" }])
}

both! {
    async fn rule_p1_phases_go_one_after_the_other_and_inside_them_priorities(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "100").await;
        for (name, priority, action) in [
            ("Shipping", -9, json!({ "shipping": { "change": { "percent": 50 } } })),
            ("Order late", 2, json!({ "order": { "percent": 10 } })),
            ("Order early", 1, json!({ "order": { "amount": eur("10") } })),
            ("Line", 9, json!({ "units": { "change": { "percent": 50 } } })),
        ] {
            promotion(&owner, json!({ "name": name, "priority": priority, "action": action, "stacking": beside_all() })).await;
        }
        let seen = preview(&owner, &[(&mug, 1)], json!({ "shippingPrice": "4.90" })).await;
        let order: Vec<&str> = seen.list("promotions").iter().filter_map(|verdict| verdict["name"].as_str()).collect();
        assert_eq!(order, ["Line", "Order early", "Order late", "Shipping"]);
        let outcomes: Vec<String> = order.iter().map(|name| seen.outcome(name)).collect();
        assert_eq!(outcomes, ["50.00", "10.00", "4.00", "2.45"], "each on what the one before left");
        assert_eq!((seen.cents("total"), seen.lines()), (3_600 + 245, vec![3_600]));
    }

    async fn rule_p2_an_order_discount_is_shared_over_the_lines_and_leaves_shipping_alone(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (one, two) = (variant(&shop, "3.33").await, variant(&shop, "3.34").await);
        promotion(&owner, json!({ "action": { "order": { "amount": eur("1") } } })).await;
        let seen = preview(&owner, &[(&one, 1), (&one, 1), (&two, 1)], json!({ "shippingPrice": 5 })).await;
        assert_eq!(seen.lines(), [300, 300, 300]);
        assert_eq!((seen.cents("discount"), seen.cents("shippingDiscount")), (100, 0));
        // Never more than the order costs.
        promotion(&owner, json!({ "name": "Hundred", "action": { "order": { "amount": eur("100") } } })).await;
        let seen = preview(&owner, &[(&one, 1)], json!({ "shippingPrice": 5 })).await;
        assert_eq!((seen.cents("total"), seen.outcome("Hundred")), (500, "3.33".to_owned()));
    }

    async fn rule_p3_a_line_is_chosen_by_all_that_it_is_and_lies_in(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (other, brand) = (variant(&shop, "10").await, shop.brand("Acme").await);
        let top = shop.category(&owner, "Home", None).await;
        let below = shop.category(&owner, "Lamps", Some(&top)).await;
        let lamp = shop.product(&owner, json!({ "brandId": brand, "categoryId": below, "tags": ["Soft"] })).await;
        let stock = Stock { product: lamp.id.clone(), variants: lamp.variants.clone() };
        stock.set(&owner, json!([{ "currency": "EUR", "amount": "10" }])).await.ok();
        let collection = shop.collection(&owner, "Spring").await;
        let set = "mutation($id: ID!, $products: [ID!]!) { collectionProductsSet(id: $id, productIds: $products) { userErrors { code } } }";
        owner.query(set, json!({ "id": collection, "products": [lamp.id] })).await.ok();
        let tag = owner.query("{ tags { nodes { id } } }", json!({})).await.ok().text("tags.nodes.0.id").to_owned();
        for (name, target) in [
            ("variant", json!({ "variantId": lamp.variants[0] })), ("product", json!({ "productId": lamp.id })),
            ("brand", json!({ "brandId": brand })), ("category", json!({ "categoryId": below })),
            ("the category above", json!({ "categoryId": top })), ("collection", json!({ "collectionId": collection })),
            ("tag", json!({ "tagId": tag })),
        ] {
            let of = json!({ "anyOf": [target] });
            let id = promotion(&owner, json!({ "name": name, "action": { "units": { "of": of, "change": { "amount": eur("1") } } } })).await;
            let seen = preview(&owner, &[(&lamp.variants[0], 2), (&other, 1)], json!({})).await;
            assert_eq!((seen.outcome(name), seen.lines()), ("2.00".to_owned(), vec![1_800, 1_000]));
            super::update::update(&owner, &id, json!({ "action": { "units": { "of": { "except": [target] }, "change": { "amount": eur("1") } } } })).await.ok();
            let seen = preview(&owner, &[(&lamp.variants[0], 2), (&other, 1)], json!({})).await;
            assert_eq!((seen.outcome(name), seen.lines()), ("1.00".to_owned(), vec![2_000, 900]));
            super::update::update(&owner, &id, json!({ "enabled": false })).await.ok();
        }
    }

    async fn rule_p3_each_condition_says_what_is_missing(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        for (name, condition) in [
            ("subtotal", json!({ "subtotal": { "atLeast": eur("50") } })),
            ("quantity", json!({ "quantity": { "atLeast": 3 } })),
            ("first order", json!({ "firstOrder": true })),
            ("country", json!({ "countries": ["DE"] })),
            ("channel", json!({ "channels": ["web"] })),
            ("currency", json!({ "currencies": ["USD"] })),
            ("time", json!({ "during": { "from": "2030-01-01T00:00:00Z" } })),
            ("code", json!({ "codeGiven": true })),
            ("either", json!({ "any": [{ "quantity": { "atLeast": 9 } }, { "firstOrder": true }] })),
            ("not", json!({ "not": { "quantity": { "atLeast": 1 } } })),
        ] {
            promotion(&owner, json!({ "name": name, "condition": condition, "stacking": beside_all() })).await;
        }
        let seen = preview(&owner, &[(&mug, 2)], json!({ "country": "US" })).await;
        let told = [
            ("subtotal", "SUBTOTAL"), ("quantity", "QUANTITY"), ("first order", "FIRST_ORDER"), ("country", "COUNTRY"), ("channel", "CHANNEL"),
            ("currency", "CURRENCY"), ("time", "TIME"), ("code", "CODE"), ("either", "ANY"), ("not", "NOT"),
        ];
        for (name, unmet) in told {
            assert_eq!(seen.outcome(name), format!("CONDITION {unmet}"));
        }
        let subtotal = seen.list("promotions").iter().find(|verdict| verdict["name"] == "subtotal").expect("a verdict");
        assert_eq!(subtotal["skipped"]["missing"]["amount"], "30.00");
        assert_eq!(subtotal["skipped"]["message"], "30.00 EUR are missing to 50.00 EUR");
        let facts = json!({ "country": "de", "channel": "web", "buyer": { "firstOrder": true } });
        let seen = preview(&owner, &[(&mug, 20)], facts).await;
        for met in ["subtotal", "quantity", "first order", "country", "channel", "either"] {
            assert!(!seen.outcome(met).contains("CONDITION"), "{met}: {}", seen.outcome(met));
        }
    }

    async fn rule_p3_a_gift_is_given_while_there_is_enough(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (mug, gift) = (variant(&shop, "10").await, variant(&shop, "3").await);
        shop.stock(&owner, &gift, 1).await;
        promotion(&owner, json!({ "name": "Gift", "action": { "gift": { "variantId": gift } } })).await;
        let seen = preview(&owner, &[(&mug, 1)], json!({})).await;
        assert_eq!((seen.outcome("Gift"), seen.lines()), ("0.00".to_owned(), vec![1_000, 0]));
        assert_eq!(seen.list("lines")[1]["variantId"], json!(gift));
        assert!(seen.list("lines")[1]["giftOf"].is_string());
        // The buyer takes the only one: none is left to give.
        assert_eq!(preview(&owner, &[(&gift, 1)], json!({})).await.outcome("Gift"), "GIFT_OUT_OF_STOCK");
        shop.stock(&owner, &gift, 0).await;
        assert_eq!(preview(&owner, &[(&mug, 1)], json!({})).await.outcome("Gift"), "GIFT_OUT_OF_STOCK");
    }

    async fn rule_p3_caps_and_budgets_cut_a_discount_down(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "100").await;
        let half = json!({ "order": { "percent": 50 } });
        let cap = json!({ "maximumDiscount": eur("20") });
        promotion(&owner, json!({ "name": "Capped", "action": half, "caps": cap })).await;
        let seen = preview(&owner, &[(&mug, 1)], json!({})).await;
        assert_eq!((seen.outcome("Capped"), seen.limit("Capped")), ("20.00".to_owned(), json!("MAXIMUM_DISCOUNT")));
        promotion(&owner, json!({ "name": "Budget", "action": half, "caps": { "budget": eur("30") } })).await;
        let seen = preview(&owner, &[(&mug, 1)], json!({})).await;
        assert_eq!((seen.outcome("Budget"), seen.limit("Budget")), ("30.00".to_owned(), json!("BUDGET")));
    }

    async fn rule_p4_of_two_that_exclude_each_other_the_better_one_is_applied(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "100").await;
        let off = |percent: i32| json!({ "order": { "percent": percent } });
        promotion(&owner, json!({ "name": "Alone", "priority": -1, "action": off(10) })).await;
        let better = promotion(&owner, json!({ "name": "Better", "action": off(20) })).await;
        let seen = preview(&owner, &[(&mug, 1)], json!({})).await;
        assert_eq!((seen.outcome("Alone"), seen.outcome("Better")), ("OUTDONE".to_owned(), "20.00".to_owned()));
        assert_eq!(seen.list("promotions")[0]["skipped"]["outdoneBy"], json!(better));
        let group = json!({ "combinesWith": ["ORDER"], "exclusiveGroup": "spring" });
        for (name, percent) in [("Small", 1), ("Large", 30)] {
            promotion(&owner, json!({ "name": name, "action": off(percent), "stacking": group })).await;
        }
        let seen = preview(&owner, &[(&mug, 1)], json!({})).await;
        assert_eq!((seen.outcome("Small"), seen.outcome("Large")), ("OUTDONE".to_owned(), "30.00".to_owned()));
    }

    async fn rule_p5_each_refusal_of_a_code_has_its_own_reason(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        let code = async |promotion: Value, code: Value| promotion_with_code(&owner, promotion, code).await;
        code(json!({}), json!({ "code": "SOON", "validFrom": "2030-01-01T00:00:00Z" })).await;
        code(json!({}), json!({ "code": "OVER", "validTo": "2026-01-01T00:00:00Z" })).await;
        code(json!({ "validFrom": "2030-01-01T00:00:00Z" }), json!({ "code": "OPENS" })).await;
        code(json!({ "validTo": "2026-01-01T00:00:00Z" }), json!({ "code": "CLOSED" })).await;
        code(json!({ "caps": { "maximumUses": 0 } }), json!({ "code": "SPENT" })).await;
        code(json!({ "condition": { "all": [{ "codeGiven": true }, { "firstOrder": true }] } }), json!({ "code": "NEW" })).await;
        code(json!({ "condition": { "all": [{ "codeGiven": true }, { "quantity": { "atLeast": 9 } }] } }), json!({ "code": "MANY" })).await;
        let (good, _) = code(json!({ "stacking": beside_all() }), json!({ "code": "Good" })).await;
        create_code(&owner, &good, json!({ "code": "Twin" })).await.ok();
        let codes = ["nosuch", "soon", "over", "opens", "closed", "spent", "new", "many", " GOOD", "good ", "twin"];
        let seen = preview(&owner, &[(&mug, 1)], json!({ "codes": codes })).await;
        assert_eq!(seen.codes(), [
            "REFUSED UNKNOWN", "REFUSED NOT_STARTED", "REFUSED EXPIRED", "REFUSED NOT_STARTED", "REFUSED EXPIRED", "REFUSED USED_UP",
            "REFUSED NOT_FOR_YOU", "REFUSED NOT_FOR_THIS_CART", "APPLIED", "OUTDONE",
        ]);
        assert_eq!(seen.list("codes")[0]["message"], "there is no such code: check how it is written");
        assert_eq!(seen.list("codes")[8]["promotionId"], json!(good));
    }

    async fn rule_p6_every_promotion_is_answered_for_and_the_answer_is_always_the_same(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (mug, cup) = (variant(&shop, "12.34").await, variant(&shop, "5.67").await);
        for (name, input) in [
            ("Scheduled", json!({ "validFrom": "2030-01-01T00:00:00Z" })),
            ("Thirds", json!({ "action": { "order": { "percent": "33.3333" } }, "stacking": beside_all() })),
            ("Cheapest", json!({ "action": { "cheapestFree": { "outOf": 3 } }, "stacking": beside_all() })),
            ("No way to ship", json!({ "action": { "shipping": { "change": { "percent": 100 } } }, "stacking": beside_all() })),
            ("Dollars", json!({ "action": { "order": { "amount": [{ "amount": "5", "currencyCode": "USD" }] } }, "stacking": beside_all() })),
        ] {
            let mut input = input;
            input["name"] = json!(name);
            promotion(&owner, input).await;
        }
        let lines = [(mug.as_str(), 2), (cup.as_str(), 3)];
        let seen = preview(&owner, &lines, json!({})).await;
        let reasons: Vec<(&str, String)> = seen.outcomes().into_iter().collect();
        assert_eq!(reasons, [
            ("Cheapest", "5.67".to_owned()), ("Dollars", "NO_AMOUNT_IN_CURRENCY".to_owned()), ("No way to ship", "NO_SHIPPING".to_owned()),
            ("Scheduled", "NOT_STARTED".to_owned()), ("Thirds", "12.01".to_owned()),
        ]);
        let before = shop.fingerprint().await;
        for _ in 0..3 {
            assert_eq!(preview(&owner, &lines, json!({})).await.0.body, seen.0.body);
        }
        shop.assert_unchanged(&before).await;
    }

    async fn rule_m5_promotions_can_be_looked_at_before_their_time(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = variant(&shop, "10").await;
        promotion(&owner, json!({ "name": "Later", "validFrom": "2030-01-01T00:00:00Z", "validTo": "2030-02-01T00:00:00Z" })).await;
        let outcome = async |at: &str| preview(&owner, &[(&mug, 1)], json!({ "at": at })).await.outcomes().get("Later").cloned();
        assert_eq!(outcome("2029-12-31T23:59:59Z").await.as_deref(), Some("NOT_STARTED"));
        assert_eq!(outcome("2030-01-01T00:00:00Z").await.as_deref(), Some("1.00"));
        assert_eq!(outcome("2030-02-01T00:00:00Z").await, None, "what is over is no offer any more");
        let reader = shop.staff([PromotionsRead]).await;
        assert_eq!(ask(&reader, &[(&mug, 1)], json!({ "at": "2030-01-01T00:00:00Z" })).await.code(), "FORBIDDEN");
        let both = shop.staff([PromotionsRead, PricesRead]).await;
        ask(&both, &[(&mug, 1)], json!({ "at": "2030-01-01T00:00:00Z" })).await.ok();
    }

    async fn rule_m2_quantity_breaks_count_all_lines_of_a_variant(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let stock = Stock::of_linden(&shop, 1).await;
        stock.set(&owner, json!([{ "currency": "EUR", "amount": "10" }, { "currency": "EUR", "amount": "8", "minimumQuantity": 5 }])).await.ok();
        let mug = &stock.variants[0];
        assert_eq!(preview(&owner, &[(mug, 4)], json!({})).await.lines(), [4_000]);
        assert_eq!(preview(&owner, &[(mug, 2), (mug, 3)], json!({})).await.lines(), [1_600, 2_400]);
    }

    async fn what_can_not_be_bought_is_told_line_by_line(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (mug, unpriced) = (variant(&shop, "10").await, Stock::of_linden(&shop, 1).await.variants[0].clone());
        let theirs = shop.variant_row(shop.rival.store()).await.to_string();
        let draft = shop.product(&owner, json!({ "status": "DRAFT", "publishedAt": null })).await;
        Stock { product: draft.id, variants: draft.variants.clone() }.set(&owner, json!([{ "currency": "EUR", "amount": "1" }])).await.ok();
        let refused = async |lines: &[(&str, i32)], input: Value| {
            let answer = ask(&owner, lines, input).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{answer}");
            answer.message().to_owned()
        };
        let both = refused(&[(&mug, 1), (&unpriced, 1), (&theirs, 1)], json!({})).await;
        assert_eq!(both, "lines.1.variantId: It has no price in EUR for this quantity at this time.; lines.2.variantId: There is no such variant here.");
        assert!(refused(&[(&mug, 0)], json!({})).await.starts_with("lines.0.quantity"));
        assert!(refused(&[(&mug, 1_000_001)], json!({})).await.starts_with("lines.0.quantity"));
        assert!(refused(&[(&mug, 1)], json!({ "currency": "JPY" })).await.starts_with("currency"));
        assert!(refused(&[(&mug, 1)], json!({ "country": "XX" })).await.starts_with("country"));
        assert!(refused(&[(&mug, 1)], json!({ "shippingPrice": "-1" })).await.starts_with("shippingPrice"));
        assert!(refused(&[(&mug, 1)], json!({ "codes": vec!["x"; 21] })).await.starts_with("codes"));
        assert!(refused(&[(mug.as_str(), 1); 101], json!({})).await.starts_with("lines"));
        // Those who see drafts can try them.
        assert_eq!(preview(&owner, &[(&draft.variants[0], 1)], json!({})).await.lines(), [100]);
        let blind = shop.staff([PromotionsRead]).await;
        assert!(ask(&blind, &[(&draft.variants[0], 1)], json!({})).await.message().contains("no such variant"));
        let seeing = shop.staff([PromotionsRead, ProductsRead]).await;
        ask(&seeing, &[(&draft.variants[0], 1)], json!({})).await.ok();
    }

    async fn the_number_of_statements_grows_with_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut variants = Vec::new();
        let mut counts = Vec::new();
        for _ in 0..3 {
            for _ in 0..4 {
                variants.push(variant(&shop, "10").await);
                promotion_with_code(&owner, json!({ "stacking": beside_all() }), json!({ "code": shop.word() })).await;
            }
            let lines: Vec<(&str, i32)> = variants.iter().map(|variant| (variant.as_str(), 2)).collect();
            counts.push(ask(&owner, &lines, json!({ "codes": ["one", "two"] })).await.ok().statements());
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    }
}
