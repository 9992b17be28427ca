//! What changes by the clock alone.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{Mug, PRODUCT, is_remembered, remember};
use crate::harness::{Shop, json};

const LISTS: &str = "{ products { nodes { id } } collections { nodes { id } } }";

fn now(shop: &Shop) -> DateTime<Utc> {
    stoa::kernel::Clock::now(shop.clock())
}

fn after(shop: &Shop, seconds: i64) -> Value {
    json!(now(shop) + TimeDelta::seconds(seconds))
}

both! {
    async fn rule_m2_a_scheduled_price_begins_and_ends_on_time_out_of_memory_too(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let sale = json!([{ "currency": "EUR", "amount": "4.00", "validFrom": after(&shop, 10), "validTo": after(&shop, 20) }]);
        mug.stock.set(&shop.owner(), sale).await.ok();
        let visitor = shop.anonymous();
        let step = TimeDelta::microseconds(1);
        let mut told = Vec::new();
        // Just before it begins, as it begins, just before it ends, as it ends.
        for wait in [TimeDelta::seconds(10) - step, step, TimeDelta::seconds(10) - step, step] {
            remember(&visitor, PRODUCT, &mug.variables()).await;
            shop.wait(wait);
            told.push(mug.price(&visitor).await);
        }
        assert_eq!(told, ["5.00", "4.00", "4.00", "5.00"]);
    }

    async fn what_is_published_later_appears_on_time(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let product = shop.product(&shop.owner(), json!({ "publishedAt": after(&shop, 10) })).await.id;
        let document = "mutation($input: CollectionCreateInput!) { collectionCreate(input: $input) \
            { collection { id } userErrors { message } } }";
        let input = json!({ "title": "Later", "publishedAt": after(&shop, 20) });
        shop.owner().query(document, json!({ "input": input })).await.ok();
        let visitor = shop.anonymous();
        let mut counts = Vec::new();
        for wait in [0, 9, 1, 9, 1] {
            shop.wait(TimeDelta::seconds(wait));
            let answer = visitor.query(LISTS, json!({})).await.ok();
            let count = |path: &str| answer.data(path).as_array().map_or(0, Vec::len);
            counts.push((count("products.nodes"), count("collections.nodes")));
            remember(&visitor, LISTS, &json!({})).await;
        }
        assert_eq!(counts, [(0, 0), (0, 0), (1, 0), (1, 0), (1, 1)]);
        let one = visitor.query("query($id: ID!) { product(id: $id) { id } }", json!({ "id": product })).await.ok();
        assert_eq!(one.text("product.id"), product);
    }

    async fn a_moment_that_is_set_later_is_kept_too(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
        // Nothing was scheduled so far; now something is.
        let sale = json!([{ "currency": "EUR", "amount": "4.00", "validFrom": after(&shop, 5) }]);
        mug.stock.set(&shop.owner(), sale).await.ok();
        remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
        shop.wait(TimeDelta::seconds(5));
        assert_eq!(mug.price(&shop.anonymous()).await, "4.00");
    }

    async fn nothing_is_remembered_for_longer_than_the_schema_says(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
        shop.wait(TimeDelta::seconds(59));
        assert!(is_remembered(&mug.ask(&shop.anonymous()).await));
        shop.wait(TimeDelta::seconds(1));
        assert!(!is_remembered(&mug.ask(&shop.anonymous()).await));
    }

    async fn fault_f13_a_clock_that_is_set_back_shows_nothing_too_early(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let mug = Mug::of(&shop).await;
        let sale = json!([{ "currency": "EUR", "amount": "4.00", "validFrom": after(&shop, 10) }]);
        mug.stock.set(&shop.owner(), sale).await.ok();
        shop.wait(TimeDelta::seconds(15));
        remember(&shop.anonymous(), PRODUCT, &mug.variables()).await;
        assert_eq!(mug.price(&shop.anonymous()).await, "4.00");
        shop.wait(TimeDelta::seconds(-10));
        assert_eq!(mug.price(&shop.anonymous()).await, "5.00");
    }
}
