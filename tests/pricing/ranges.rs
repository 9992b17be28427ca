//! The ranges that the storefront filters and sorts by.

use super::{Stock, moment, ranges};
use crate::harness::world::start;
use crate::harness::{Shop, json};

both! {
    /// A week's sale of one variant: the range before, during and after it stands there at once.
    async fn rule_m5_the_ranges_know_what_is_to_come(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 2).await;
        let prices = json!([
            { "currency": "EUR", "amount": "20" },
            { "currency": "EUR", "amount": "30", "variantId": mug.variants[1] },
            { "currency": "EUR", "amount": "5", "minimumQuantity": 10 },
            { "currency": "USD", "amount": "25" },
        ]);
        mug.set(&shop.owner(), prices).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2000-3000", "USD 2500-2500"]);
        let sale = json!([{
            "currency": "EUR", "amount": "10", "variantId": mug.variants[1],
            "validFrom": "2026-06-01T00:00:00Z", "validTo": "2026-06-08T00:00:00Z",
        }]);
        mug.set(&shop.owner(), sale).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2000-3000", "EUR 1000-2000", "EUR 2000-3000", "USD 2500-2500"]);

        let visitor = shop.anonymous();
        assert_eq!(mug.range(&visitor).await, "20.00-30.00");
        assert_eq!(mug.range(&visitor.clone().with_header("x-currency", "USD")).await, "25.00-25.00");
        shop.wait(moment("2026-06-01T00:00:00Z") - start());
        assert_eq!(mug.range(&visitor).await, "10.00-20.00");
        shop.wait(chrono::TimeDelta::days(7) - chrono::TimeDelta::microseconds(1));
        assert_eq!(mug.range(&visitor).await, "10.00-20.00");
        shop.wait(chrono::TimeDelta::microseconds(1));
        assert_eq!(mug.range(&visitor).await, "20.00-30.00");
    }

    /// The price of a variant that is gone must not stay in the storefront, and that of a new one comes in.
    async fn variants_that_come_and_go_change_the_range_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 2).await;
        let prices = json!([
            { "currency": "EUR", "amount": "30", "variantId": mug.variants[0] },
            { "currency": "EUR", "amount": "31", "variantId": mug.variants[1] },
        ]);
        mug.set(&shop.owner(), prices).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 3000-3100"]);

        let delete = "mutation($id: ID!) { productVariantDelete(id: $id) { userErrors { code } } }";
        shop.owner().query(delete, json!({ "id": mug.variants[1] })).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 3000-3000"]);
        let gone = json!([{ "currency": "EUR", "amount": "1", "variantId": mug.variants[1] }]);
        assert_eq!(mug.set(&shop.owner(), gone).await.user_error("pricesSet"), "NOT_FOUND prices.0.variantId");

        // Nobody has the price of the product, until a variant comes that has none of its own.
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "20" }])).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 3000-3000"]);
        let create = "mutation($id: ID!, $input: ProductVariantCreateInput!) {
            productVariantCreate(productId: $id, input: $input) { userErrors { code } }
        }";
        let input = json!({ "selectedOptions": [{ "name": "Size", "value": "Size 1" }] });
        shop.owner().query(create, json!({ "id": mug.product, "input": input })).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2000-3000"]);
    }

    /// A product that comes back has the range it went with.
    async fn a_deleted_product_keeps_its_prices(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let answer = mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "30" }])).await.ok();
        let id = json!({ "id": mug.product });
        let ask = async |verb: &str| {
            let document = format!("mutation($id: ID!) {{ {verb}(id: $id) {{ userErrors {{ code }} }} }}");
            shop.owner().query(&document, id.clone()).await.ok();
        };
        ask("productDelete").await;
        let delete = "mutation($id: ID!) { priceDelete(id: $id) { userErrors { code } } }";
        let price = json!({ "id": answer.text("pricesSet.prices.0.id") });
        assert_eq!(shop.owner().query(delete, price).await.code(), "NOT_FOUND");
        ask("productRestore").await;
        assert_eq!(ranges(&shop, &mug).await, ["EUR 3000-3000"]);
        assert_eq!(mug.range(&shop.anonymous()).await, "30.00-30.00");
    }

    /// As many statements for a hundred prices as for one.
    async fn the_number_of_statements_does_not_grow_with_the_prices(db: Database) {
        let shop = Shop::open(db).await;
        let (mug, cup) = (Stock::of_linden(&shop, 50).await, Stock::of_linden(&shop, 1).await);
        let price = |stock: &Stock, place: usize| {
            json!({ "currency": "EUR", "amount": place + 1, "variantId": stock.variants[place] })
        };
        let many: Vec<_> = (0..50).map(|place| price(&mug, place)).collect();
        let one = cup.set(&shop.owner(), json!([price(&cup, 0)])).await.ok();
        let many = mug.set(&shop.owner(), json!(many)).await.ok();
        assert_eq!(one.statements(), many.statements());
    }
}
