//! What a variant costs, for whoever asks.

use rules::permission::Permission;

use super::{Stock, moment};
use crate::harness::world::start;
use crate::harness::{Shop, json};

const VARIANTS: &str = "query($first: Int) {
    products(first: $first) {
        nodes {
            priceRange { min { amount } max { amount } }
            variants { price { amount { amount } compareAt { amount } } priceLadder { minimumQuantity price { amount } } }
        }
    }
}";

both! {
    /// No currency is made out of another one.
    async fn rule_m1_no_price_in_the_currency_is_no_price(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let visitor = shop.anonymous();
        assert_eq!(mug.price(&visitor, "").await, "none");
        assert_eq!(mug.range(&visitor).await, "none");
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "0" }])).await.ok();
        assert_eq!(mug.price(&visitor, "").await, "0.00 EUR");
        let dollars = visitor.with_header("x-currency", "USD");
        assert_eq!(mug.price(&dollars, "").await, "none");
        assert_eq!(mug.range(&dollars).await, "none");
        mug.set(&shop.owner(), json!([{ "currency": "USD", "amount": "3" }])).await.ok();
        assert_eq!(mug.price(&dollars, "").await, "3.00 USD");
    }

    async fn rule_m2_the_most_specific_price_holds(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let visitor = shop.anonymous();
        mug.set(&shop.owner(), json!([
            { "currency": "EUR", "amount": "20" },
            { "currency": "EUR", "amount": "15", "minimumQuantity": 10 },
        ])).await.ok();
        assert_eq!(mug.price(&visitor, "").await, "20.00 EUR");
        assert_eq!(mug.price(&visitor, "(quantity: 9)").await, "20.00 EUR");
        assert_eq!(mug.price(&visitor, "(quantity: 10)").await, "15.00 EUR");
        assert_eq!(mug.price(&visitor, "(quantity: 2147483647)").await, "15.00 EUR");

        // The variant's own goes before the product's, whatever the quantity.
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "21", "variantId": mug.variants[0] }])).await.ok();
        assert_eq!(mug.price(&visitor, "(quantity: 10)").await, "21.00 EUR");

        // Two windows of one price meet: the lower amount holds.
        mug.set(&shop.owner(), json!([
            { "currency": "EUR", "amount": "19", "variantId": mug.variants[0], "validFrom": "2026-02-01T00:00:00Z" },
            { "currency": "EUR", "amount": "18", "variantId": mug.variants[0], "validFrom": "2026-01-01T00:00:00Z" },
        ])).await.ok();
        assert_eq!(mug.price(&visitor, "").await, "18.00 EUR");
    }

    async fn rule_m2_the_ladder_shows_every_step(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        mug.set(&shop.owner(), json!([
            { "currency": "EUR", "amount": "20", "compareAt": "25" },
            { "currency": "EUR", "amount": "15", "minimumQuantity": 10 },
            { "currency": "EUR", "amount": "12", "minimumQuantity": 100, "validFrom": "2027-01-01T00:00:00Z" },
            { "currency": "USD", "amount": "1", "minimumQuantity": 5 },
        ])).await.ok();
        let document = "query($id: ID!) { productVariant(id: $id) { priceLadder { minimumQuantity price { amount } compareAt { amount } } } }";
        let answer = shop.anonymous().query(document, json!({ "id": mug.variants[0] })).await.ok();
        let ladder = json!([
            { "minimumQuantity": 1, "price": { "amount": "20.00" }, "compareAt": { "amount": "25.00" } },
            { "minimumQuantity": 10, "price": { "amount": "15.00" }, "compareAt": null },
        ]);
        assert_eq!(answer.data("productVariant.priceLadder"), &ladder);
    }

    /// A sale that is planned can be looked at by those who plan it, and by nobody else.
    async fn rule_m5_a_planned_price_is_shown_to_those_who_may_see_all(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        mug.set(&shop.owner(), json!([
            { "currency": "EUR", "amount": "20" },
            { "currency": "EUR", "amount": "10", "variantId": mug.variants[0], "validFrom": "2026-06-01T00:00:00Z", "validTo": "2026-06-08T00:00:00Z" },
        ])).await.ok();
        let planner = shop.token([Permission::PricesRead]).await;
        for (at, price) in [
            ("2026-05-31T23:59:59.999999Z", "20.00 EUR"),
            ("2026-06-01T00:00:00Z", "10.00 EUR"),
            ("2026-06-07T23:59:59Z", "10.00 EUR"),
            ("2026-06-08T00:00:00Z", "20.00 EUR"),
            ("1999-12-31T00:00:00Z", "20.00 EUR"),
        ] {
            assert_eq!(mug.price(&planner, &format!("(at: \"{at}\")")).await, price, "{at}");
        }
        let others = [shop.anonymous(), shop.storefront_token(), shop.powerless().await, shop.token([Permission::PricesManage]).await];
        for (place, other) in others.iter().enumerate() {
            for field in ["price(at: \"2026-06-01T00:00:00Z\") { amount { amount } }", "priceLadder(at: \"2026-06-01T00:00:00Z\") { price { amount } }"] {
                let document = format!("query($id: ID!) {{ productVariant(id: $id) {{ {field} }} }}");
                let answer = other.query(&document, json!({ "id": mug.variants[0] })).await;
                assert_eq!(answer.code(), "FORBIDDEN", "{place} {field}: {answer}");
                assert!(!answer.body.to_string().contains("10.00"), "{answer}");
            }
        }
        shop.wait(moment("2026-06-01T00:00:00Z") - start());
        assert_eq!(mug.price(&shop.anonymous(), "").await, "10.00 EUR");
    }

    async fn attack_t17_stored_prices_are_hidden_from_storefronts(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        mug.set(&shop.owner(), json!([
            { "currency": "EUR", "amount": "20" },
            { "currency": "EUR", "amount": "10", "variantId": mug.variants[0], "validFrom": "2026-06-01T00:00:00Z" },
        ])).await.ok();
        let document = "query($id: ID!) { product(id: $id) { prices { amount { amount } } variants { prices { amount { amount } } } } }";
        let answer = shop.token([Permission::PricesRead]).await.query(document, json!({ "id": mug.product })).await.ok();
        assert_eq!(answer.text("product.prices.0.amount.amount"), "20.00");
        assert_eq!(answer.text("product.variants.0.prices.0.amount.amount"), "10.00");
        for other in [shop.storefront_token(), shop.powerless().await] {
            let answer = other.query(document, json!({ "id": mug.product })).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{answer}");
        }
        assert_eq!(shop.anonymous().query(document, json!({ "id": mug.product })).await.code(), "UNAUTHENTICATED");
    }

    async fn attack_g20_quantities_and_moments_beyond_reason_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "20" }])).await.ok();
        for arguments in [
            "(quantity: 0)",
            "(quantity: -1)",
            "(quantity: 2147483648)",
            "(quantity: 1.5)",
            "(at: \"+99999-01-01T00:00:00Z\")",
            "(at: \"0000-01-01T00:00:00Z\")",
            "(at: \"yesterday\")",
        ] {
            let document = format!("query($id: ID!) {{ productVariant(id: $id) {{ price{arguments} {{ amount {{ amount }} }} }} }}");
            let answer = shop.owner().query(&document, json!({ "id": mug.variants[0] })).await;
            assert!(!answer.is_ok(), "{arguments}: {answer}");
            assert_ne!(answer.code(), "INTERNAL_SERVER_ERROR", "{arguments}: {answer}");
        }
    }

    async fn a_page_takes_as_many_statements_for_20_products_as_for_2(db: Database) {
        let shop = Shop::open(db).await;
        for _ in 0..20 {
            let mug = Stock::of_linden(&shop, 3).await;
            let prices = json!([
                { "currency": "EUR", "amount": "20", "compareAt": "30" },
                { "currency": "EUR", "amount": "19", "variantId": mug.variants[1] },
                { "currency": "EUR", "amount": "15", "minimumQuantity": 10 },
            ]);
            mug.set(&shop.owner(), prices).await.ok();
        }
        let few = shop.anonymous().query(VARIANTS, json!({ "first": 2 })).await.ok();
        let many = shop.anonymous().query(VARIANTS, json!({ "first": 20 })).await.ok();
        assert_eq!(many.data("products.nodes").as_array().map(Vec::len), Some(20));
        assert_eq!(many.text("products.nodes.19.priceRange.min.amount"), "19.00");
        assert_eq!(few.statements(), many.statements());
    }
}
