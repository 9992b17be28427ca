//! `prices`, `price` and `node`.

use rules::permission::Permission;

use super::Stock;
use crate::harness::{Shop, json};

const LIST: &str = "query($filter: PriceFilterInput, $first: Int, $after: String) {
    prices(filter: $filter, first: $first, after: $after) {
        nodes { id amount { amount currencyCode } }
        pageInfo { hasNextPage endCursor }
        totalCount
    }
}";

both! {
    async fn prices_are_listed_by_product_variant_currency_and_time(db: Database) {
        let shop = Shop::open(db).await;
        let (mug, cup) = (Stock::of_linden(&shop, 1).await, Stock::of_linden(&shop, 1).await);
        let variant = mug.variants[0].as_str();
        let prices = json!([
            { "currency": "EUR", "amount": "1" },
            { "currency": "EUR", "amount": "2", "variantId": variant },
            { "currency": "USD", "amount": "3", "validFrom": "2026-06-01T00:00:00Z" },
        ]);
        mug.set(&shop.owner(), prices).await.ok();
        cup.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "4", "validTo": "2026-06-01T00:00:00Z" }])).await.ok();
        Stock::of_rival(&shop).await.set(&shop.rival(), json!([{ "currency": "EUR", "amount": "5" }])).await.ok();

        let reader = shop.token([Permission::PricesRead]).await;
        for (filter, amounts) in [
            (json!({}), vec!["1.00", "2.00", "3.00", "4.00"]),
            (json!({ "productId": cup.product }), vec!["4.00"]),
            (json!({ "variantId": variant }), vec!["2.00"]),
            (json!({ "currency": "USD" }), vec!["3.00"]),
            (json!({ "holdsAt": "2026-05-31T23:59:59.999Z" }), vec!["1.00", "2.00", "4.00"]),
            (json!({ "holdsAt": "2026-06-01T00:00:00Z", "productId": mug.product }), vec!["1.00", "2.00", "3.00"]),
        ] {
            let answer = reader.query(LIST, json!({ "filter": filter })).await.ok();
            let nodes = answer.data("prices.nodes").as_array().expect("a list").clone();
            let mut found: Vec<&str> = nodes.iter().filter_map(|price| price["amount"]["amount"].as_str()).collect();
            found.sort_unstable();
            assert_eq!(found, amounts, "{filter}");
            assert_eq!(answer.number("prices.totalCount"), i64::try_from(amounts.len()).expect("few"));
        }

        let page = reader.query(LIST, json!({ "first": 3 })).await.ok();
        let cursor = page.text("prices.pageInfo.endCursor").to_owned();
        let rest = reader.query(LIST, json!({ "first": 3, "after": cursor })).await.ok();
        assert_eq!(rest.data("prices.nodes").as_array().map(Vec::len), Some(1));
    }

    async fn who_may_not_read_prices_sees_none_by_any_way(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let answer = mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "1" }])).await.ok();
        let id = json!({ "id": answer.text("pricesSet.prices.0.id") });
        let node = "query($id: ID!) { node(id: $id) { ... on Price { amount { amount } } } }";
        let price = "query($id: ID!) { price(id: $id) { amount { amount } } }";
        assert_eq!(shop.owner().query(node, id.clone()).await.ok().text("node.amount.amount"), "1.00");
        assert_eq!(shop.owner().query(price, id.clone()).await.ok().text("price.amount.amount"), "1.00");
        for caller in [shop.powerless().await, shop.storefront_token(), shop.token([Permission::PricesManage]).await] {
            assert!(caller.query(node, id.clone()).await.ok().data("node").is_null());
            assert_eq!(caller.query(price, id.clone()).await.code(), "FORBIDDEN");
            assert_eq!(caller.query(LIST, json!({})).await.code(), "FORBIDDEN");
        }
        assert!(shop.rival().query(node, id.clone()).await.ok().data("node").is_null());
        assert!(shop.rival().query(price, id).await.ok().data("price").is_null());
    }

    async fn a_moment_beyond_reason_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let answer = shop.owner().query(LIST, json!({ "filter": { "holdsAt": "+99999-01-01T00:00:00Z" } })).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{answer}");
    }
}
