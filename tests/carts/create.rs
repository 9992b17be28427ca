//! `cartCreate`: the first thing that is put into a cart makes it.

use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($input: CartCreateInput!) { cartCreate(input: $input) {
    cart { id state currency totalQuantity email note attributes { key value } attribution { utmSource referrer }
        lines { variantId quantity attributes { key value } addedUnitPrice { amount } } expiresAt }
    token warnings { code requestedQuantity addedQuantity availableQuantity }
    userErrors { code field message ... on StockError { availableQuantity } } } }";

async fn create(buyer: &Actor, input: Value) -> Answer {
    buyer.query(CREATE, json!({ "input": input })).await
}

fn line(variant: &str, quantity: i64) -> Value {
    json!({ "variantId": variant, "quantity": quantity })
}

both! {
    async fn rule_c1_the_first_add_makes_the_cart_and_gives_its_secret_once(db: Database) {
        let shop = Shop::open(db).await;
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let before = shop.ledger().await;
        let input = json!({
            "lines": [line(&mug, 2), { "variantId": mug, "quantity": 1, "attributes": [{ "key": "Engraving", "value": "Ann" }] }, line(&mug, 1)],
            "email": " Ann@People.example ", "note": "Ring twice\nplease", "attributes": [{ "key": "gift", "value": "yes" }],
            "attribution": { "utmSource": "letter", "referrer": "https://search.example/?q=mug" },
        });
        let answer = create(&shop.anonymous(), input).await.ok();
        let cart = answer.data("cartCreate.cart");
        assert_eq!((cart["state"].as_str(), cart["currency"].as_str(), cart["totalQuantity"].as_i64()), (Some("OPEN"), Some("EUR"), Some(4)));
        assert_eq!(super::quantities(cart), [3, 1], "the same variant with the same attributes adds up");
        assert_eq!(cart["lines"][1]["attributes"], json!([{ "key": "Engraving", "value": "Ann" }]));
        assert_eq!(cart["lines"][0]["addedUnitPrice"]["amount"], "5.00");
        assert_eq!((cart["email"].as_str(), cart["note"].as_str()), (Some("Ann@People.example"), Some("Ring twice\nplease")));
        assert_eq!(cart["attribution"], json!({ "utmSource": "letter", "referrer": "https://search.example/?q=mug" }));
        assert!(cart["expiresAt"].as_str().is_some_and(|at| at > "2026-03-30"), "{cart}");
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit.len(), told.events.len()), (1, 1), "{told:?}");

        // The secret stands nowhere but in the answer.
        let token = answer.text("cartCreate.token").to_owned();
        assert!(token.starts_with("stoa_ct_"), "{token}");
        for column in ["payload AS TEXT) FROM domain_events", "after AS TEXT) FROM audit_logs WHERE after IS NOT NULL"] {
            let rows = shop.texts(&format!("SELECT CAST({column}")).await;
            assert!(!rows.is_empty() && !format!("{rows:?}").contains(&token), "{column}");
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM cart_tokens").await, 1);
    }

    async fn rule_c2_what_fits_is_kept_and_without_anything_that_fits_there_is_no_cart(db: Database) {
        let shop = Shop::open(db).await;
        let (mug, gone) = (shop.for_sale(&shop.owner(), "5.00", 3).await, shop.for_sale(&shop.owner(), "5.00", 0).await);
        let answer = create(&shop.anonymous(), json!({ "lines": [line(&mug, 5), line(&gone, 1)] })).await.ok();
        assert_eq!(super::quantities(answer.data("cartCreate.cart")), [3]);
        let warnings = json!([
            { "code": "QUANTITY_REDUCED", "requestedQuantity": 5, "addedQuantity": 3, "availableQuantity": 3 },
            { "code": "QUANTITY_REDUCED", "requestedQuantity": 1, "addedQuantity": 0, "availableQuantity": 0 },
        ]);
        assert_eq!(answer.data("cartCreate.warnings"), &warnings);
        let before = shop.fingerprint().await;
        let answer = create(&shop.anonymous(), json!({ "lines": [line(&gone, 1)] })).await;
        assert_eq!(answer.user_error("cartCreate"), "OUT_OF_STOCK lines");
        assert_eq!(answer.data("cartCreate.userErrors.0.availableQuantity"), &json!(0));
        shop.assert_unchanged(&before).await;
    }

    async fn attack_c01_quantities_that_are_none_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let before = shop.fingerprint().await;
        for quantity in [json!(-5), json!(0), json!(i32::MAX), json!(1_000_001), json!(1.5), json!(1e9), json!(4_000_000_000_u64)] {
            let answer = create(&shop.anonymous(), json!({ "lines": [{ "variantId": mug, "quantity": quantity }] })).await;
            assert!(!answer.is_ok(), "{quantity}: {answer}");
            if quantity.as_i64().is_some_and(|quantity| i32::try_from(quantity).is_ok()) {
                assert_eq!(answer.user_error("cartCreate"), "OUT_OF_RANGE lines.0.quantity", "{quantity}");
            }
        }
        // Each is within the cap; together they are not.
        let answer = create(&shop.anonymous(), json!({ "lines": [line(&mug, 600_000), line(&mug, 600_000)] })).await;
        assert_eq!(answer.user_error("cartCreate"), "OUT_OF_RANGE lines.1.quantity");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_c02_nobody_sends_a_price_or_buys_what_is_not_for_sale(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, buyer) = (shop.owner(), shop.anonymous());
        let mug = shop.for_sale(&owner, "5.00", 9).await;
        let theirs = shop.for_sale(&shop.rival(), "5.00", 9).await;
        let draft = shop.product(&owner, json!({ "status": "DRAFT", "publishedAt": null })).await.variants[0].clone();
        let unpriced = shop.product(&owner, json!({})).await.variants[0].clone();
        for variant in [&draft, &unpriced] {
            shop.stock(&owner, variant, 5).await;
        }
        let before = shop.fingerprint().await;
        for field in ["price", "unitPrice", "total", "discount", "customerId", "orderId", "state"] {
            let mut wrong = line(&mug, 1);
            wrong[field] = json!("0.01");
            let answer = create(&buyer, json!({ "lines": [wrong] })).await;
            assert!(answer.message().contains(field), "{answer}");
        }
        for (variant, code) in [(&theirs, "NOT_FOUND"), (&draft, "NOT_FOUND"), (&unpriced, "NO_PRICE")] {
            let answer = create(&buyer, json!({ "lines": [line(&mug, 1), line(variant, 1)] })).await;
            assert_eq!(answer.user_error("cartCreate"), format!("{code} lines.1.variantId"));
        }
        let never: rules::ids::ProductVariantId = shop.id();
        let answer = create(&buyer, json!({ "lines": [line(&never.to_string(), 1)] })).await;
        assert_eq!(answer.user_error("cartCreate"), "NOT_FOUND lines.0.variantId");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_c04_attack_c06_the_currency_is_the_stores_and_no_sum_wraps(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let dear = shop.for_sale(&shop.owner(), "999999999999.99", 1_000_000).await;
        let before = shop.fingerprint().await;
        let answer = create(&buyer, json!({ "lines": [line(&mug, 1)], "currency": "JPY" })).await;
        assert_eq!(answer.user_error("cartCreate"), "CURRENCY_NOT_ENABLED currency");
        let answer = create(&buyer, json!({ "lines": [line(&mug, 1)], "currency": "USD" })).await;
        assert_eq!(answer.user_error("cartCreate"), "NO_PRICE lines.0.variantId");
        let other = json!({ "variantId": dear, "quantity": 60_000, "attributes": [{ "key": "a", "value": "b" }] });
        for lines in [json!([line(&dear, 1_000_000)]), json!([line(&dear, 60_000), other])] {
            let answer = create(&buyer, json!({ "lines": lines })).await;
            assert_eq!(answer.user_error_codes("cartCreate"), ["OUT_OF_RANGE"], "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn what_is_wrong_with_the_input_is_told_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let mug = shop.for_sale(&shop.owner(), "5.00", 9).await;
        let before = shop.fingerprint().await;
        let input = json!({
            "lines": [line(&mug, 1)], "email": "ann", "note": "x".repeat(2_001), "attributes": [{ "key": "", "value": "v" }],
            "attribution": { "utmSource": "x".repeat(201) }, "currency": "KWD",
        });
        let answer = create(&shop.anonymous(), input).await;
        let codes = answer.user_error_codes("cartCreate");
        assert_eq!(codes, ["CURRENCY_NOT_ENABLED", "INVALID", "TOO_LONG", "REQUIRED", "TOO_LONG"]);
        assert_eq!(create(&shop.anonymous(), json!({ "lines": [] })).await.user_error("cartCreate"), "REQUIRED lines");
        let many: Vec<Value> = (0..1_000).map(|_| line(&mug, 1)).collect();
        assert!(!create(&shop.anonymous(), json!({ "lines": many })).await.is_ok());
        shop.assert_unchanged(&before).await;
    }
}
