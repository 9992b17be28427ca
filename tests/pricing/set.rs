//! `pricesSet`.

use rules::permission::Permission;

use super::{SET, Stock};
use crate::harness::{Shop, json};

both! {
    async fn prices_are_set_and_told_of(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let before = shop.ledger().await;
        let prices = json!([
            { "currency": "EUR", "amount": "12.90", "compareAt": "15" },
            { "currency": "EUR", "amount": "11.5", "minimumQuantity": 10, "variantId": mug.variants[0] },
            { "currency": "USD", "amount": 0, "validFrom": "2026-04-01T00:00:00Z", "validTo": "2026-05-01T00:00:00Z" },
        ]);
        let answer = mug.set(&shop.owner(), prices).await.ok();
        assert_eq!(answer.text("pricesSet.prices.0.amount.amount"), "12.90");
        assert_eq!(answer.text("pricesSet.prices.0.compareAt.amount"), "15.00");
        assert!(answer.data("pricesSet.prices.0.validFrom").is_null());
        assert_eq!(answer.text("pricesSet.prices.1.variantId"), mug.variants[0]);
        assert_eq!(answer.number("pricesSet.prices.1.minimumQuantity"), 10);
        assert_eq!(answer.text("pricesSet.prices.2.amount.amount"), "0.00");
        assert_eq!(answer.text("pricesSet.prices.2.validFrom"), "2026-04-01T00:00:00Z");
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["prices.set".to_owned()], vec!["prices.set".to_owned()]));
    }

    async fn setting_what_is_set_writes_no_row(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 2).await;
        let prices = json!([
            { "currency": "EUR", "amount": "12.90", "validTo": "2027-01-01T00:00:00.123456789Z" },
            { "currency": "EUR", "amount": "11", "variantId": mug.variants[1] },
        ]);
        mug.set(&shop.owner(), prices.clone()).await.ok();
        let before = shop.fingerprint().await;
        let ids = mug.set(&shop.owner(), prices.clone()).await.ok();
        let again = mug.set_only(&shop.owner(), prices).await.ok();
        assert_eq!(ids.texts("pricesSet.prices", "id"), again.texts("pricesSet.prices", "id"));
        mug.set(&shop.owner(), json!([])).await.ok();
        shop.assert_unchanged(&before).await;
    }

    async fn a_changed_price_keeps_its_id_and_the_others_go_only_when_told(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let first = json!([{ "currency": "EUR", "amount": "10" }, { "currency": "USD", "amount": "11" }]);
        let first = mug.set(&shop.owner(), first).await.ok();
        let euro = json!([{ "currency": "EUR", "amount": "9" }]);
        let second = mug.set(&shop.owner(), euro.clone()).await.ok();
        assert_eq!(first.texts("pricesSet.prices", "id")[0], second.texts("pricesSet.prices", "id")[0]);
        assert_eq!(shop.number("SELECT COUNT(*) FROM prices").await, 2);
        mug.set_only(&shop.owner(), euro).await.ok();
        assert_eq!(shop.number("SELECT COUNT(*) FROM prices").await, 1);
        mug.set_only(&shop.owner(), json!([])).await.ok();
        assert_eq!(shop.number("SELECT COUNT(*) FROM prices").await, 0);
    }

    async fn the_same_price_twice_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let before = shop.fingerprint().await;
        let twice = json!([{ "currency": "EUR", "amount": "10" }, { "currency": "EUR", "amount": "11" }]);
        assert_eq!(mug.set(&shop.owner(), twice).await.user_error("pricesSet"), "DUPLICATE prices.1");
        shop.assert_unchanged(&before).await;
    }

    async fn too_many_prices_at_once_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let many: Vec<_> =
            (1..=251).map(|from| json!({ "currency": "EUR", "amount": "1", "minimumQuantity": from })).collect();
        let answer = mug.set(&shop.owner(), json!(many)).await;
        assert!(!answer.is_ok(), "{answer}");
        let answer = mug.set(&shop.owner(), json!(many[..101])).await;
        assert_eq!(answer.user_error("pricesSet"), "LIMIT_REACHED prices");
        assert_eq!(shop.number("SELECT COUNT(*) FROM prices").await, 0);
    }

    /// One bad row of many: nothing of the list is written, and each problem says where it is.
    async fn rule_m1_decimals_beyond_the_currency_are_refused_whole(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let before = shop.fingerprint().await;
        let prices = json!([
            { "currency": "EUR", "amount": "12.90" },
            { "currency": "EUR", "amount": "12.905", "minimumQuantity": 2 },
            { "currency": "USD", "amount": "1", "compareAt": "0.001" },
            { "currency": "USD", "amount": "-1", "minimumQuantity": 0 },
        ]);
        let answer = mug.set(&shop.owner(), prices).await;
        let told: Vec<String> = answer.data("pricesSet.userErrors").as_array().expect("a list").iter().map(|error| {
            let path: Vec<&str> = error["field"].as_array().expect("a path").iter().filter_map(|part| part.as_str()).collect();
            format!("{} {}", error["code"].as_str().expect("a code"), path.join("."))
        }).collect();
        assert_eq!(told, [
            "INVALID prices.1.amount",
            "INVALID prices.2.compareAt",
            "OUT_OF_RANGE prices.3.amount",
            "OUT_OF_RANGE prices.3.minimumQuantity",
        ]);
        shop.assert_unchanged(&before).await;
    }

    async fn attack_c04_a_currency_that_the_store_does_not_sell_in_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let before = shop.fingerprint().await;
        let answer = mug.set(&shop.owner(), json!([{ "currency": "JPY", "amount": "10" }])).await;
        assert_eq!(answer.user_error("pricesSet"), "CURRENCY_NOT_ENABLED prices.0.currency");
        let answer = shop.anonymous().with_header("x-currency", "JPY").query("{ brands { nodes { id } } }", json!({})).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT");
        shop.assert_unchanged(&before).await;
    }

    /// Yen have no decimals and dinars three: the amounts go in and come back exactly.
    async fn attack_c05_amounts_keep_the_decimals_of_their_currency(db: Database) {
        let shop = Shop::open(db).await;
        for currency in ["JPY", "KWD"] {
            let row = entity::tenancy::store_currencies::Model {
                store_id: shop.linden.store(),
                currency: currency.parse().expect("a currency"),
            };
            shop.writer().put(row).await;
        }
        let mug = Stock::of_linden(&shop, 1).await;
        let prices = json!([
            { "currency": "JPY", "amount": "1290" },
            { "currency": "KWD", "amount": "1.29" },
            { "currency": "EUR", "amount": "0.01" },
        ]);
        let answer = mug.set(&shop.owner(), prices).await.ok();
        let amounts: Vec<&str> = (0..3).map(|place| answer.data("pricesSet.prices")[place]["amount"]["amount"].as_str().expect("an amount")).collect();
        assert_eq!(amounts, ["1290", "1.290", "0.01"]);
        let answer = mug.set(&shop.owner(), json!([{ "currency": "JPY", "amount": "0.5" }])).await;
        assert_eq!(answer.user_error("pricesSet"), "INVALID prices.0.amount");
    }

    async fn attack_c06_amounts_beyond_what_can_be_counted_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let before = shop.fingerprint().await;
        for amount in ["1000000000000", "92233720368547758.08", "9999999999999999999999999999", "-0.01"] {
            let answer = mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": amount }])).await;
            assert_eq!(answer.user_error("pricesSet"), "OUT_OF_RANGE prices.0.amount", "{amount}");
        }
        shop.assert_unchanged(&before).await;
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "999999999999.99" }])).await.ok();
        assert_eq!(shop.number("SELECT amount FROM prices").await, 99_999_999_999_999);
    }

    async fn attack_g20_numbers_and_moments_beyond_reason_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let before = shop.fingerprint().await;
        for (field, value) in [
            ("amount", json!(12.9)),
            ("amount", json!("NaN")),
            ("amount", json!("1e3")),
            ("amount", json!("-0.0.1")),
            ("amount", json!("1".repeat(40))),
            ("amount", json!(1e300)),
            ("amount", json!(null)),
            ("minimumQuantity", json!(2_147_483_648_i64)),
            ("minimumQuantity", json!("1")),
            ("minimumQuantity", json!(0)),
            ("minimumQuantity", json!(-2_147_483_648_i64)),
            ("validFrom", json!("+99999-01-01T00:00:00Z")),
            ("validTo", json!("99999-01-01T00:00:00Z")),
            ("validTo", json!("1969-12-31T23:59:59Z")),
            ("validTo", json!("2026-02-30T00:00:00Z")),
            ("currency", json!("eur")),
            ("currency", json!("XXX")),
            ("variantId", json!("x".repeat(10_000))),
        ] {
            let mut price = json!({ "currency": "EUR", "amount": "1" });
            price[field] = value.clone();
            let answer = mug.set(&shop.owner(), json!([price])).await;
            assert!(!answer.is_ok(), "{field} {value}: {answer}");
            assert_ne!(answer.code(), "INTERNAL_SERVER_ERROR", "{field} {value}: {answer}");
        }
        shop.assert_unchanged(&before).await;
    }

    /// Both ends of a window at once, and a window that begins where the other ends.
    async fn rule_m2_windows_end_before_they_begin_again(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let backwards = json!([{ "currency": "EUR", "amount": "1", "validFrom": "2026-05-01T00:00:00Z", "validTo": "2026-05-01T00:00:00Z" }]);
        assert_eq!(mug.set(&shop.owner(), backwards).await.user_error("pricesSet"), "INVALID prices.0.validTo");
        let overlapping = json!([
            { "currency": "EUR", "amount": "2", "validFrom": "2026-05-01T00:00:00Z", "validTo": "2026-06-01T00:00:00Z" },
            { "currency": "EUR", "amount": "1", "validFrom": "2026-05-15T00:00:00Z" },
        ]);
        mug.set(&shop.owner(), overlapping).await.ok();
    }

    async fn attack_t06_the_variant_of_another_product_or_store_is_absent(db: Database) {
        let shop = Shop::open(db).await;
        let (mug, cup, theirs) = (Stock::of_linden(&shop, 1).await, Stock::of_linden(&shop, 1).await, Stock::of_rival(&shop).await);
        let before = shop.fingerprint().await;
        let made_up = shop.id::<rules::ids::ProductVariantId>().to_string();
        let mut messages = Vec::new();
        for variant in [&cup.variants[0], &theirs.variants[0], &made_up] {
            let prices = json!([{ "currency": "EUR", "amount": "1" }, { "currency": "EUR", "amount": "1", "variantId": variant }]);
            let answer = mug.set(&shop.owner(), prices).await;
            assert_eq!(answer.user_error("pricesSet"), "NOT_FOUND prices.1.variantId");
            messages.push(answer.body.to_string());
        }
        assert!(messages.windows(2).all(|pair| pair[0] == pair[1]));
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t05_the_product_of_another_store_is_absent(db: Database) {
        let shop = Shop::open(db).await;
        let theirs = Stock::of_rival(&shop).await;
        let gone = Stock::of_linden(&shop, 1).await;
        shop.execute(&format!("UPDATE products SET deleted_at = created_at WHERE id = {}", shop.literal_of(&gone.product))).await;
        let before = shop.fingerprint().await;
        for product in [theirs.product, gone.product, shop.id::<rules::ids::ProductId>().to_string()] {
            let prices = json!([{ "currency": "EUR", "amount": "1" }]);
            let answer = shop.owner().query(SET, json!({ "product": product, "prices": prices })).await;
            assert_eq!(answer.code(), "NOT_FOUND", "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn who_may_not_set_prices_is_refused_and_nothing_changes(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let others = Permission::ALL.iter().copied().filter(|permission| *permission != Permission::PricesManage);
        let store_wide = others.clone().filter(|permission| permission.reach() == rules::permission::Reach::Store);
        let callers = [
            (shop.token(store_wide).await, "FORBIDDEN"),
            (shop.staff(others).await, "FORBIDDEN"),
            (shop.rival().in_store("linden"), "FORBIDDEN"),
            (shop.storefront_token(), "FORBIDDEN"),
            (shop.anonymous(), "UNAUTHENTICATED"),
        ];
        let before = shop.fingerprint().await;
        for (place, (caller, code)) in callers.into_iter().enumerate() {
            let answer = mug.set(&caller, json!([{ "currency": "EUR", "amount": "1" }])).await;
            assert_eq!(answer.code(), code, "{place}: {answer}");
        }
        shop.assert_unchanged(&before).await;
        let may = shop.token([Permission::PricesManage]).await;
        mug.set(&may, json!([{ "currency": "EUR", "amount": "1" }])).await.ok();
    }

    /// Two staff members set different prices of one product at the same moment: both are there, and so is
    /// the range over both.
    async fn two_writers_meet_at_the_product(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 2).await;
        let (one, other) = (shop.owner(), shop.again(&shop.owner()).await);
        let price = |variant: usize, amount: &str| {
            json!([{ "currency": "EUR", "amount": amount, "variantId": mug.variants[variant] }])
        };
        for round in 1..=5 {
            let (low, high) = (format!("{round}"), format!("{}", round + 10));
            let (one, other) = tokio::join!(mug.set(&one, price(0, &low)), mug.set(&other, price(1, &high)));
            one.ok();
            other.ok();
            assert_eq!(super::ranges(&shop, &mug).await, [format!("EUR {round}00-{}00", round + 10)]);
        }
    }
}
