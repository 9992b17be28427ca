//! `cartSettings` and `cartSettingsUpdate`.

use rules::permission::Permission::{OrdersManage, OrdersRead};
use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};

async fn set(who: &Actor, minutes: Value, version: Value) -> Answer {
    let document = "mutation($input: CartSettingsUpdateInput!, $version: Int) { \
        cartSettingsUpdate(input: $input, expectedVersion: $version) \
        { cartSettings { abandonedAfterMinutes version } userErrors { code field } } }";
    who.query(document, json!({ "input": { "abandonedAfterMinutes": minutes }, "version": version })).await
}

both! {
    async fn a_store_says_after_how_long_a_cart_counts_as_left(db: Database) {
        let shop = Shop::open(db).await;
        let (reads, manages) = (shop.staff([OrdersRead]).await, shop.staff([OrdersManage]).await);
        let look = async || {
            let answer = reads.query("{ cartSettings { abandonedAfterMinutes version } }", json!({})).await.ok();
            (answer.number("cartSettings.abandonedAfterMinutes"), answer.number("cartSettings.version"))
        };
        assert_eq!(look().await, (60, 0));
        set(&manages, json!(10), json!(0)).await.ok();
        set(&manages, json!(null), json!(1)).await.ok();
        assert_eq!(look().await, (10, 2));
        for wrong in [0, 9, -1, 41_761, i32::MAX] {
            assert_eq!(set(&manages, json!(wrong), json!(null)).await.user_error("cartSettingsUpdate"), "OUT_OF_RANGE abandonedAfterMinutes");
        }
        assert_eq!(set(&manages, json!(60), json!(1)).await.user_error("cartSettingsUpdate"), "STALE expectedVersion");
        assert_eq!(set(&reads, json!(60), json!(null)).await.code(), "FORBIDDEN");
        assert_eq!(look().await, (10, 2));
    }
}
