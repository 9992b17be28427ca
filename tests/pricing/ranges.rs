//! The ranges that the storefront filters and sorts by.

use super::{Stock, ranges};
use crate::harness::{Shop, json};

both! {
    /// A week's sale of one variant: the range before, during and after it stands there at once.
    async fn rule_m5_the_ranges_know_what_is_to_come(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 2).await;
        let prices = json!([
            { "currency": "EUR", "amount": "20" },
            { "currency": "EUR", "amount": "30", "variantId": mug.variants[1].to_string() },
            { "currency": "EUR", "amount": "5", "minimumQuantity": 10 },
            { "currency": "USD", "amount": "25" },
        ]);
        mug.set(&shop.owner(), prices).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2000-3000", "USD 2500-2500"]);
        let sale = json!([{
            "currency": "EUR", "amount": "10", "variantId": mug.variants[1].to_string(),
            "validFrom": "2026-06-01T00:00:00Z", "validTo": "2026-06-08T00:00:00Z",
        }]);
        mug.set(&shop.owner(), sale).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2000-3000", "EUR 1000-2000", "EUR 2000-3000", "USD 2500-2500"]);
    }

    /// A variant that is gone is not asked for its price.
    async fn a_deleted_variant_does_not_count(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 2).await;
        let variant = mug.variants[1].to_string();
        let prices = |amount: &str| {
            json!([{ "currency": "EUR", "amount": "20" }, { "currency": "EUR", "amount": amount, "variantId": variant }])
        };
        mug.set(&shop.owner(), prices("30")).await.ok();
        let gone = format!("UPDATE product_variants SET deleted_at = created_at WHERE id = {}", shop.literal(mug.variants[1]));
        shop.execute(&gone).await;
        assert_eq!(mug.set(&shop.owner(), prices("31")).await.user_error("pricesSet"), "NOT_FOUND prices.1.variantId");
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "21" }])).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2100-2100"]);
    }

    /// As many statements for a hundred prices as for one.
    async fn the_number_of_statements_does_not_grow_with_the_prices(db: Database) {
        let shop = Shop::open(db).await;
        let (mug, cup) = (Stock::of_linden(&shop, 50).await, Stock::of_linden(&shop, 1).await);
        let price = |stock: &Stock, place: usize| {
            json!({ "currency": "EUR", "amount": place + 1, "variantId": stock.variants[place].to_string() })
        };
        let many: Vec<_> = (0..50).map(|place| price(&mug, place)).collect();
        let one = cup.set(&shop.owner(), json!([price(&cup, 0)])).await.ok();
        let many = mug.set(&shop.owner(), json!(many)).await.ok();
        assert_eq!(one.statements(), many.statements());
    }
}
