//! What visitors are told of stock, out of memory too.

use chrono::{DateTime, TimeDelta, Utc};
use rules::ids::ProductVariantId;
use serde_json::Value;

use super::{Till, put, set, somebody, update_item, update_settings};
use crate::cache::{is_remembered, remember};
use crate::harness::{Actor, Shop, json};

const AVAILABILITY: &str =
    "query($id: ID!) { product(id: $id) { variants { availability { status expectedAt quantity } } } }";

/// A product that visitors see, with one variant.
struct Mug {
    product: String,
    variant: ProductVariantId,
}

impl Mug {
    async fn of(shop: &Shop, units: i32) -> Self {
        let product = shop.product(&shop.owner(), json!({})).await;
        shop.stock(&shop.owner(), &product.variants[0], units).await;
        Self { variant: product.variants[0].parse().expect("a variant"), product: product.id }
    }

    fn variables(&self) -> Value {
        json!({ "id": self.product })
    }

    /// What a visitor is told.
    async fn told(&self, visitor: &Actor) -> Value {
        let answer = visitor.query(AVAILABILITY, self.variables()).await.ok();
        answer.data("product.variants.0.availability").clone()
    }

    async fn status(&self, visitor: &Actor) -> String {
        self.told(visitor).await["status"].as_str().expect("a status").to_owned()
    }

    /// Asks until the answer is remembered.
    async fn remember(&self, visitor: &Actor) {
        remember(visitor, AVAILABILITY, &self.variables()).await;
    }

    async fn is_remembered(&self, visitor: &Actor) -> bool {
        is_remembered(&visitor.query(AVAILABILITY, self.variables()).await.ok())
    }
}

fn now(shop: &Shop) -> DateTime<Utc> {
    stoa::kernel::Clock::now(shop.clock())
}

both! {
    async fn visitors_are_told_whether_it_can_be_bought_and_not_how_many_there_are(db: Database) {
        let shop = Shop::open(db).await;
        let (mug, visitor) = (Mug::of(&shop, 9).await, shop.anonymous());
        assert_eq!(mug.told(&visitor).await, json!({ "status": "IN_STOCK", "expectedAt": null, "quantity": null }));
        for (units, status) in [(6, "IN_STOCK"), (5, "LOW"), (1, "LOW"), (0, "OUT")] {
            shop.stock(&shop.owner(), &mug.variant.to_string(), units).await;
            assert_eq!(mug.status(&visitor).await, status, "{units}");
        }
        let next_week = now(&shop) + TimeDelta::days(7);
        update_item(&shop, mug.variant, json!({ "policy": "CONTINUE", "backorderLimit": 2, "expectedAt": next_week })).await;
        let told = mug.told(&visitor).await;
        assert_eq!((&told["status"], &told["expectedAt"]), (&json!("BACKORDER"), &json!(next_week)));
        Till::of(&shop).hold(&somebody(&shop), &[(mug.variant, 2)]).await;
        assert_eq!(mug.status(&visitor).await, "OUT", "no more may be owed");
        update_item(&shop, mug.variant, json!({ "tracked": false })).await;
        assert_eq!(mug.status(&visitor).await, "IN_STOCK");
        // Whose stock was never set has none.
        let never = shop.product(&shop.owner(), json!({})).await;
        let answer = visitor.query(AVAILABILITY, json!({ "id": never.id })).await.ok();
        assert_eq!(answer.text("product.variants.0.availability.status"), "OUT");
        // A partner who may not see stock is told no more than a visitor.
        for caller in [shop.storefront_token(), shop.powerless().await] {
            assert_eq!(mug.told(&caller).await["quantity"], Value::Null);
        }
    }

    async fn a_store_that_says_so_tells_how_many_there_are(db: Database) {
        let shop = Shop::open(db).await;
        let (mug, visitor) = (Mug::of(&shop, 9).await, shop.anonymous());
        update_settings(&shop, json!({ "showsCounts": true, "lowStock": 0 })).await;
        Till::of(&shop).hold(&somebody(&shop), &[(mug.variant, 2)]).await;
        update_item(&shop, mug.variant, json!({ "safetyStock": 3 })).await;
        assert_eq!(mug.told(&visitor).await, json!({ "status": "IN_STOCK", "expectedAt": null, "quantity": 4 }));
        // What is owed at one place is paid by the others.
        let barn = shop.location(&shop.owner(), "Barn").await;
        put(&shop, mug.variant, &barn, 5).await;
        assert_eq!(mug.told(&visitor).await["quantity"], json!(6));
        update_settings(&shop, json!({ "showsCounts": false })).await;
        assert_eq!(mug.told(&visitor).await["quantity"], Value::Null);
    }

    async fn a_write_that_changes_nothing_that_visitors_are_told_leaves_memory_alone(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let (mug, visitor) = (Mug::of(&shop, 30).await, shop.anonymous());
        let (till, owner) = (Till::of(&shop), shop.owner());
        mug.remember(&visitor).await;
        // Stock goes up and down, and is held and sold: there are many all the while.
        set(&owner, json!({ "variantId": mug.variant, "onHand": 25, "expectedOnHand": 30 })).await.ok();
        let ann = somebody(&shop);
        till.hold(&ann, &[(mug.variant, 4)]).await;
        till.sell(&ann, &somebody(&shop), &[(mug.variant, 4)]).await;
        shop.node.system.signals.until_caught_up().await;
        assert!(mug.is_remembered(&visitor).await);
        // Now few are left.
        set(&owner, json!({ "variantId": mug.variant, "onHand": 9, "expectedOnHand": 25 })).await.ok();
        assert_eq!(mug.status(&visitor).await, "LOW");
        mug.remember(&visitor).await;
        till.sell(&somebody(&shop), &somebody(&shop), &[(mug.variant, 5)]).await;
        assert_eq!(mug.status(&visitor).await, "OUT");
        mug.remember(&visitor).await;
        // Where the quantity is told, each write is seen.
        update_settings(&shop, json!({ "showsCounts": true })).await;
        set(&owner, json!({ "variantId": mug.variant, "onHand": 29, "expectedOnHand": 9 })).await.ok();
        mug.remember(&visitor).await;
        set(&owner, json!({ "variantId": mug.variant, "onHand": 28, "expectedOnHand": 29 })).await.ok();
        assert_eq!(mug.told(&visitor).await["quantity"], json!(19));
    }

    async fn attack_c12_a_hold_that_ends_by_the_clock_is_seen_out_of_memory_too(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let (mug, visitor) = (Mug::of(&shop, 8).await, shop.anonymous());
        let till = Till::of(&shop);
        till.hold(&somebody(&shop), &[(mug.variant, 8)]).await;
        let step = TimeDelta::microseconds(1);
        let mut told = Vec::new();
        for wait in [TimeDelta::minutes(15) - step, step] {
            mug.remember(&visitor).await;
            shop.wait(wait);
            told.push(mug.status(&visitor).await);
        }
        assert_eq!(told, ["OUT", "IN_STOCK"]);
    }

    /// A hold that changed nothing when it began can change something when it ends: what came in meanwhile
    /// makes the difference, and whoever took it in has to say so.
    async fn a_hold_whose_end_will_be_seen_is_scheduled_by_the_write_that_makes_it_so(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let (mug, visitor) = (Mug::of(&shop, 4).await, shop.anonymous());
        mug.remember(&visitor).await;
        Till::of(&shop).try_hold(&somebody(&shop), &[(mug.variant, 2)], &rules::stock::Destination::default(), 1).await.expect("a hold");
        assert!(mug.is_remembered(&visitor).await, "two of four are few, too");
        shop.stock(&shop.owner(), &mug.variant.to_string(), 7).await;
        assert_eq!(mug.status(&visitor).await, "LOW", "five can be bought");
        shop.wait(TimeDelta::seconds(30));
        mug.remember(&visitor).await;
        shop.wait(TimeDelta::seconds(30));
        assert_eq!(mug.status(&visitor).await, "IN_STOCK");
    }

    async fn what_was_expected_is_expected_no_longer_once_its_day_has_come(db: Database) {
        let shop = Shop::open_remembering(db, |_| {}).await;
        let (mug, visitor) = (Mug::of(&shop, 0).await, shop.anonymous());
        let soon = now(&shop) + TimeDelta::seconds(20);
        mug.remember(&visitor).await;
        update_item(&shop, mug.variant, json!({ "expectedAt": soon })).await;
        assert_eq!(mug.told(&visitor).await["expectedAt"], json!(soon));
        mug.remember(&visitor).await;
        shop.wait(TimeDelta::seconds(20));
        assert_eq!(mug.told(&visitor).await["expectedAt"], Value::Null);
    }
}
