//! Stories of `taxPreview`: what taxes lie on what (rules T1 to T4).

use rules::permission::Permission::TaxesRead;
use serde_json::Value;

use super::{eur, germany, line, preview, set_store, set_taxes, variant};
use crate::harness::{Answer, Shop, json};

fn tax(answer: &Answer) -> &str {
    answer.text("taxPreview.tax.amount")
}

/// Net, tax and gross in minor units.
fn parts(value: &Value) -> (i64, i64, i64) {
    let minor = |name: &str| -> i64 {
        let text = value[name]["amount"].as_str().unwrap_or_else(|| panic!("no {name} in {value}"));
        text.replace('.', "").parse().expect("an amount")
    };
    (minor("net"), minor("tax"), minor("gross"))
}

/// The equations of rule T4, as far as they can be seen from outside.
fn assert_adds_up(answer: &Answer) {
    let whole = answer.data("taxPreview");
    let lines = whole["lines"].as_array().expect("lines").iter().map(|line| line["amount"].clone());
    let all: Vec<Value> = lines.chain(Some(whole["shipping"].clone()).filter(|shipping| !shipping.is_null())).collect();
    let mut sum = (0, 0, 0);
    for amount in &all {
        let (net, tax, gross) = parts(amount);
        assert_eq!(net + tax, gross, "{amount}");
        let taxes = amount["taxes"].as_array().expect("taxes").iter();
        let of_parts: i64 =
            taxes.map(|part| part["tax"]["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap()).sum();
        assert_eq!(of_parts, tax, "{amount}");
        sum = (sum.0 + net, sum.1 + tax, sum.2 + gross);
    }
    assert_eq!(sum, parts(whole), "{answer}");
    let taxes = whole["taxes"].as_array().expect("taxes").iter();
    let summary: i64 =
        taxes.map(|part| part["tax"]["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap()).sum();
    assert_eq!(summary, sum.1, "the summary sums to the tax");
}

both! {
    async fn rule_t1_the_shipping_address_goes_before_billing_and_billing_before_the_store(db: Database) {
        let shop = Shop::open(db).await;
        let books = super::books(&shop).await;
        let zone = germany(&shop, &books).await;
        let (mug, _) = variant(&shop, json!({})).await;
        let staff = shop.staff([TaxesRead]).await;
        let ask = async |to: Option<&str>, at: Option<&str>| {
            let place = |code: Option<&str>| code.map(|code| json!({ "country": code }));
            let input = json!({ "lines": [line(&mug, 1, "119.00")], "shippingTo": place(to), "billingAt": place(at) });
            preview(&staff, input).await
        };
        let nowhere = ask(None, None).await;
        assert_eq!((nowhere.code(), nowhere.message().contains("country")), ("BAD_USER_INPUT", true));
        set_store(&shop, json!({ "country": "DE" })).await;
        let home = ask(None, None).await.ok();
        assert_eq!((tax(&home), home.text("taxPreview.zone.id"), home.text("taxPreview.source")), ("19.00", zone.as_str(), "OWN_RATES"));
        assert_eq!(tax(&ask(Some("DE"), Some("FR")).await.ok()), "19.00");
        let abroad = ask(Some("FR"), Some("DE")).await.ok();
        assert_eq!((tax(&abroad), abroad.data("taxPreview.zone")), ("0.00", &json!(null)));
        assert_eq!(tax(&ask(None, Some("FR")).await.ok()), "0.00");
        set_taxes(&shop, json!({ "origin": { "country": "FR" } })).await.ok();
        assert_eq!(tax(&ask(None, None).await.ok()), "0.00", "the store is where its tax settings say");
    }

    async fn rule_t1_the_closest_zone_holds(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let zone = async |territory: Value, rate: &str| {
            let zone = shop.tax_zone(&owner, json!([territory])).await;
            shop.tax_rate(&owner, &zone, None, rate).await;
        };
        zone(json!({ "country": "US", "postalCodes": [{ "from": "94100", "to": "94199" }] }), "0.08").await;
        zone(json!({ "country": "US" }), "0.02").await;
        zone(json!({ "country": "US", "region": "CA" }), "0.07").await;
        zone(json!({}), "0.01").await;
        let (mug, _) = variant(&shop, json!({})).await;
        set_store(&shop, json!({ "taxMode": "NET" })).await;
        for (place, expected) in [
            (json!({ "country": "us", "region": "ca", "postalCode": "94 103" }), "8.00"),
            (json!({ "country": "US", "region": "CA", "postalCode": "90001" }), "7.00"),
            (json!({ "country": "US", "region": "CA" }), "7.00"),
            (json!({ "country": "US", "region": "NY" }), "2.00"),
            (json!({ "country": "DE", "region": "CA" }), "1.00"),
        ] {
            let input = json!({ "lines": [line(&mug, 1, "100.00")], "shippingTo": place });
            assert_eq!(tax(&preview(&owner, input).await.ok()), expected, "{place}");
        }
        let wrong = preview(&owner, json!({ "lines": [line(&mug, 1, "1")], "shippingTo": { "country": "Germany" } })).await;
        assert!(wrong.message().contains("shippingTo.country"), "{wrong}");
    }

    async fn rule_t1_a_category_has_its_own_rate_else_the_ordinary_one_else_none(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        // The first is the default: what names no category belongs to it.
        let goods = shop.tax_category(&owner, "Goods").await;
        let books = shop.tax_category(&owner, "Books").await;
        let food = shop.tax_category(&owner, "Food").await;
        let zone = germany(&shop, &books).await;
        let to = json!({ "country": "DE" });
        let cost = async |variant: &str| {
            let input = json!({ "lines": [line(variant, 1, "107.00")], "shippingTo": to });
            tax(&preview(&owner, input).await.ok()).to_owned()
        };
        let (mug, _) = variant(&shop, json!({})).await;
        let (novel, _) = variant(&shop, json!({ "taxCategoryId": books })).await;
        let (bread, _) = variant(&shop, json!({ "taxCategoryId": food })).await;
        let (map, _) = variant(&shop, json!({ "taxCategoryId": food, "variants": [{ "taxCategoryId": books }] })).await;
        let (gift, _) = variant(&shop, json!({ "taxCategoryId": books, "variants": [{ "taxable": false }] })).await;
        assert_eq!(cost(&novel).await, "7.00", "its own");
        assert_eq!(cost(&bread).await, "17.08", "the ordinary one: food has none of its own");
        assert_eq!(cost(&map).await, "7.00", "the variant's goes before the product's");
        assert_eq!(cost(&mug).await, "17.08");
        assert_eq!(cost(&gift).await, "0.00", "what is not taxable bears no tax");
        shop.tax_rate(&owner, &zone, Some(&goods), "0").await;
        assert_eq!(cost(&mug).await, "0.00", "what names no category belongs to the default");
    }

    async fn rule_t1_net_and_gross_stores_and_who_pays_no_tax(db: Database) {
        let shop = Shop::open(db).await;
        let books = super::books(&shop).await;
        germany(&shop, &books).await;
        let (mug, _) = variant(&shop, json!({})).await;
        let ask = async |exempt: bool| {
            let input = json!({ "lines": [line(&mug, 2, "59.50")], "shippingTo": { "country": "DE" }, "exempt": exempt });
            preview(&shop.owner(), input).await.ok()
        };
        let gross = ask(false).await;
        assert_eq!((parts(gross.data("taxPreview")), gross.text("taxPreview.taxMode")), ((10_000, 1_900, 11_900), "GROSS"));
        let exempt = ask(true).await;
        assert_eq!((parts(exempt.data("taxPreview")), exempt.text("taxPreview.exempted.amount")), ((10_000, 0, 10_000), "19.00"));
        set_store(&shop, json!({ "taxMode": "NET" })).await;
        assert_eq!(parts(ask(false).await.data("taxPreview")), (11_900, 2_261, 14_161));
        assert_eq!(parts(ask(true).await.data("taxPreview")), (11_900, 0, 11_900));
    }

    async fn rule_t2_shipping_has_its_category_or_is_weighted_by_the_lines(db: Database) {
        let shop = Shop::open(db).await;
        let books = super::books(&shop).await;
        germany(&shop, &books).await;
        set_store(&shop, json!({ "taxMode": "NET" })).await;
        let (mug, _) = variant(&shop, json!({})).await;
        let (novel, _) = variant(&shop, json!({ "taxCategoryId": books })).await;
        let shipping = async || {
            let lines = json!([line(&novel, 1, "10.00"), line(&mug, 1, "30.00")]);
            let answer = preview(&shop.owner(), json!({ "lines": lines, "shipping": eur("4.00"), "shippingTo": { "country": "DE" } })).await.ok();
            assert_adds_up(&answer);
            answer.text("taxPreview.shipping.tax.amount").to_owned()
        };
        assert_eq!(shipping().await, "0.76");
        set_taxes(&shop, json!({ "shippingCategoryId": books })).await.ok();
        assert_eq!(shipping().await, "0.28");
        set_taxes(&shop, json!({ "shippingTax": "LINES" })).await.ok();
        assert_eq!(shipping().await, "0.64", "a quarter at 7 per cent, the rest at 19");
    }

    async fn rule_t3_moving_the_address_away_and_back_returns_to_the_same(db: Database) {
        let shop = Shop::open(db).await;
        let books = super::books(&shop).await;
        germany(&shop, &books).await;
        let (mug, _) = variant(&shop, json!({})).await;
        let ask = async |country: &str| {
            let input = json!({ "lines": [line(&mug, 7, "3.33")], "shipping": eur("4.99"), "shippingTo": { "country": country } });
            preview(&shop.owner(), input).await.ok().body
        };
        let home = ask("DE").await;
        assert_ne!(ask("FR").await, home);
        assert_eq!(ask("DE").await, home);
    }

    async fn rule_t4_whatever_is_sold_adds_up(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let books = super::books(&shop).await;
        let zone = germany(&shop, &books).await;
        let document = "mutation($input: TaxRateCreateInput!) { taxRateCreate(input: $input) { userErrors { code } } }";
        let second = json!({ "zoneId": zone, "name": "Levy", "rate": "0.013333" });
        owner.query(document, json!({ "input": second })).await.ok();
        let (mug, _) = variant(&shop, json!({})).await;
        let (novel, _) = variant(&shop, json!({ "taxCategoryId": books })).await;
        for (mode, level) in [("NET", "LINE"), ("NET", "UNIT"), ("GROSS", "LINE"), ("GROSS", "UNIT")] {
            set_store(&shop, json!({ "taxMode": mode, "roundingLevel": level })).await;
            for (quantity, price) in [(1, "0.01"), (3, "0.99"), (7, "3.33"), (999, "17.77"), (1_000_000, "99999.99"), (2, "0.00")] {
                let lines = json!([line(&mug, quantity, price), line(&novel, 1, "12.34"), line(&mug, 1, "5.55")]);
                let input = json!({ "lines": lines, "shipping": eur("4.99"), "shippingTo": { "country": "DE" } });
                assert_adds_up(&preview(&owner, input).await.ok());
            }
        }
    }

    async fn a_preview_prices_as_a_listing_does_and_refuses_what_it_can_not_count(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = crate::pricing::Stock::of_linden(&shop, 1).await;
        mug.set(&owner, json!([{ "currency": "EUR", "amount": "5.00" }, { "currency": "EUR", "amount": "4.00", "minimumQuantity": 10 }])).await.ok();
        let id = &mug.variants[0];
        let ask = async |lines: Value| preview(&owner, json!({ "lines": lines, "shippingTo": { "country": "DE" } })).await;
        let listed = |quantity: i32| json!({ "variantId": id, "quantity": quantity });
        // All lines of a variant count together.
        let answer = ask(json!([listed(4), listed(6)])).await.ok();
        assert_eq!(answer.text("taxPreview.gross.amount"), "40.00");
        assert_eq!(ask(json!([listed(9)])).await.ok().text("taxPreview.gross.amount"), "45.00");
        let theirs = shop.variant_row(shop.rival.store()).await.to_string();
        let (unpriced, gone) = (variant(&shop, json!({})).await, variant(&shop, json!({})).await);
        let delete = "mutation($id: ID!) { productDelete(id: $id) { userErrors { code } } }";
        owner.query(delete, json!({ "id": gone.1 })).await.ok();
        for (lines, message) in [
            (json!([]), "lines:"),
            (json!([listed(0)]), "lines.0.quantity"),
            (json!([listed(1_000_001)]), "lines.0.quantity"),
            (json!([line(&theirs, 1, "1")]), "lines.0.variantId"),
            (json!([line(&gone.0, 1, "1")]), "lines.0.variantId"),
            (json!([{ "variantId": unpriced.0, "quantity": 1 }]), "no price in EUR"),
            (json!([line(&unpriced.0, 1, "1.999")]), "lines.0.unitPrice.amount"),
            (json!([line(&unpriced.0, 1, "-1")]), "below nothing"),
            (json!([{ "variantId": unpriced.0, "quantity": 1, "unitPrice": { "amount": "1", "currencyCode": "USD" } }]), "currency"),
            (json!([line(&unpriced.0, 1_000_000, "90000000000000000")]), "beyond"),
        ] {
            let answer = ask(lines).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{answer}");
            assert!(answer.message().contains(message), "{message}: {answer}");
        }
    }

    async fn a_preview_takes_as_many_statements_for_many_lines_as_for_one(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let books = super::books(&shop).await;
        germany(&shop, &books).await;
        let mut lines = Vec::new();
        for _ in 0..30 {
            lines.push(line(&shop.variant_row(shop.linden.store()).await.to_string(), 1, "1.00"));
        }
        let ask = async |lines: &[Value]| {
            let input = json!({ "lines": lines, "shippingTo": { "country": "DE" } });
            preview(&owner, input).await.ok().statements()
        };
        assert_eq!(ask(&lines[..1]).await, ask(&lines).await);
    }
}
