//! What the staff sees of carts.

use chrono::TimeDelta;
use rules::permission::Permission::OrdersRead;
use stoa::carts::abandonment;

use super::edit;
use crate::harness::{Answer, Shop, json};
use crate::inventory::operator;

async fn list(shop: &Shop, filter: serde_json::Value) -> Answer {
    let document = "query($filter: CartFilterInput) { carts(filter: $filter, sort: OLDEST) { totalCount nodes { id email \
        state abandonedAt totalQuantity pricing { total { amount } } } } }";
    shop.staff([OrdersRead]).await.query(document, json!({ "filter": filter })).await.ok()
}

both! {
    async fn the_staff_lists_carts_and_sees_no_secret(db: Database) {
        let shop = Shop::open(db).await;
        let buyer = shop.anonymous();
        let mug = shop.for_sale(&shop.owner(), "5.00", 99).await;
        let one = shop.cart(&buyer, &[(&mug, 1)]).await;
        shop.wait(TimeDelta::milliseconds(1));
        let two = shop.cart(&buyer, &[(&mug, 2)]).await;
        shop.any_cart(&shop.rival()).await;
        shop.wait(TimeDelta::hours(2));
        let ctx = operator(&shop.node.system, &shop, shop.linden.store());
        abandonment::notice(&ctx, 100).await.expect("noticed");
        let identity = json!({ "email": "Ann@People.example" });
        edit(&buyer, &two, "cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", identity)]).await.ok();
        let all = list(&shop, json!({})).await;
        assert_eq!((all.number("carts.totalCount"), all.text("carts.nodes.1.pricing.total.amount")), (2, "10.00"));
        assert!(!all.body.to_string().contains("stoa_ct_"), "{all}");
        for (filter, found) in [
            (json!({ "abandoned": true }), vec![&one.id]),
            (json!({ "abandoned": false }), vec![&two.id]),
            (json!({ "state": "OPEN" }), vec![&one.id, &two.id]),
            (json!({ "state": "COMPLETED" }), vec![]),
            (json!({ "email": "ann@people.EXAMPLE" }), vec![&two.id]),
        ] {
            assert_eq!(list(&shop, filter.clone()).await.texts("carts.nodes", "id"), found, "{filter}");
        }
        shop.wait(TimeDelta::days(30) - TimeDelta::hours(1));
        assert_eq!(list(&shop, json!({})).await.texts("carts.nodes", "id"), [&two.id], "what is over is not listed");
        let refused = shop.powerless().await.query("{ carts { nodes { id } } }", json!({})).await;
        assert_eq!(refused.code(), "FORBIDDEN");
    }
}
