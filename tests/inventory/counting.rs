//! Stock that is counted: set to what is there, from what was there.

use chrono::TimeDelta;
use rules::ids::{LocationId, ProductVariantId};
use rules::permission::Permission::{InventoryManage, InventoryRead};
use serde_json::Value;

use super::{ITEM, MOVEMENTS, UPDATE_ITEM, UPDATE_LOCATION, set};
use crate::harness::{Shop, json};

both! {
    async fn rule_i3_the_sum_of_the_movements_is_what_is_on_hand(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let variant = shop.variant_row(shop.linden.store()).await;
        let before = shop.ledger().await;
        let answer = set(&owner, json!({ "variantId": variant, "onHand": 10, "expectedOnHand": 0 })).await.ok();
        assert_eq!(answer.text("inventorySet.inventoryLevel.location.name"), "Main location");
        assert_eq!(answer.data("inventorySet.inventoryLevel.location.isDefault"), &json!(true));
        shop.wait(TimeDelta::seconds(1));
        let input = json!({
            "variantId": variant, "onHand": 7, "expectedOnHand": 10, "reason": "DAMAGED", "reference": "Report 7"
        });
        set(&owner, input).await.ok();
        shop.wait(TimeDelta::seconds(1));
        set(&owner, json!({ "variantId": variant, "onHand": 7, "ignoreExpected": true })).await.ok();
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, vec!["inventory.set".to_owned(); 3]);
        let mut events = told.events;
        events.sort();
        assert_eq!(events, ["inventory.set", "inventory.set", "inventory.set", "location.created"]);

        let answer = owner.query(MOVEMENTS, json!({ "id": variant })).await.ok();
        let moved: Vec<_> = answer.data("inventoryMovements.nodes").as_array().unwrap().iter()
            .map(|row| (row["delta"].as_i64().unwrap(), row["onHandAfter"].as_i64().unwrap(), row["reason"].as_str().unwrap()))
            .collect();
        assert_eq!(moved, [(0, 7, "COUNTED"), (-3, 7, "DAMAGED"), (10, 10, "INITIAL")]);
        assert_eq!(answer.text("inventoryMovements.nodes.1.reference"), "Report 7");
        assert_eq!(answer.text("inventoryMovements.nodes.0.actor"), owner.user.expect("a person").to_string());
        assert_eq!(answer.number("inventoryMovements.totalCount"), 3);
        let answer = owner.query(ITEM, json!({ "id": variant })).await.ok();
        assert_eq!((answer.number("inventoryItem.onHand"), answer.number("inventoryItem.available")), (7, 7));
    }

    async fn rule_i4_a_set_from_another_quantity_is_stale(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let variant = shop.variant_row(shop.linden.store()).await;
        let fresh = shop.variant_row(shop.linden.store()).await;
        shop.stock(&owner, &variant.to_string(), 10).await;
        let before = shop.fingerprint().await;
        let answer = set(&owner, json!({ "variantId": variant, "onHand": 5, "expectedOnHand": 9 })).await;
        assert_eq!(answer.user_error("inventorySet"), "STALE expectedOnHand");
        let answer = set(&owner, json!({ "variantId": fresh, "onHand": 5, "expectedOnHand": 1 })).await;
        assert_eq!(answer.user_error("inventorySet"), "STALE expectedOnHand");
        let answer = set(&owner, json!({ "variantId": variant, "onHand": 5 })).await;
        assert_eq!(answer.user_error("inventorySet"), "REQUIRED expectedOnHand");
        let both = json!({ "variantId": variant, "onHand": 5, "expectedOnHand": 10, "ignoreExpected": true });
        assert_eq!(set(&owner, both).await.user_error("inventorySet"), "INVALID ignoreExpected");
        for on_hand in [-1, 1_000_000_001] {
            let answer = set(&owner, json!({ "variantId": variant, "onHand": on_hand, "expectedOnHand": 10 })).await;
            assert_eq!(answer.user_error("inventorySet"), "OUT_OF_RANGE onHand");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn rule_i2_of_many_sets_from_one_quantity_one_wins(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let variant = shop.variant_row(shop.linden.store()).await;
        for from in [0, 100] {
            let sent = (1..=8).map(|number| {
                set(&owner, json!({ "variantId": variant, "onHand": 1000 + number, "expectedOnHand": from }))
            });
            let answers = futures::future::join_all(sent).await;
            let won = answers.iter().filter(|answer| answer.is_ok()).count();
            assert_eq!(won, 1, "from {from}: {answers:?}");
            for lost in answers.iter().filter(|answer| !answer.is_ok()) {
                assert_eq!(lost.user_error("inventorySet"), "STALE expectedOnHand");
            }
            set(&owner, json!({ "variantId": variant, "onHand": 100, "ignoreExpected": true })).await.ok();
        }
        let sent = (0..6).map(|number| set(&owner, json!({ "variantId": variant, "onHand": number, "ignoreExpected": true })));
        for answer in futures::future::join_all(sent).await {
            answer.ok();
        }
        assert_eq!(shop.number("SELECT COUNT(*) FROM inventory_levels").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM locations").await, 1);
    }

    async fn stock_is_kept_apart_by_location(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let variant = shop.variant_row(shop.linden.store()).await;
        let first = shop.location(&owner, "Warehouse").await;
        let second = shop.location(&owner, "Shop").await;
        for (location, units) in [(&first, 3), (&second, 4)] {
            shop.wait(TimeDelta::seconds(1));
            set(&owner, json!({ "variantId": variant, "locationId": location, "onHand": units, "expectedOnHand": 0 }))
                .await
                .ok();
        }
        let answer = owner.query(ITEM, json!({ "id": variant })).await.ok();
        assert_eq!(answer.number("inventoryItem.onHand"), 7);
        assert_eq!(answer.text("inventoryItem.levels.1.location.name"), "Shop");
    }

    async fn how_stock_is_counted_is_changed(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let variant = shop.variant_row(shop.linden.store()).await;
        let update = |input: Value, version: i32| {
            owner.query(UPDATE_ITEM, json!({ "id": variant, "input": input, "version": version }))
        };
        let answer = update(json!({ "policy": "CONTINUE" }), 1).await.ok();
        assert_eq!(answer.data("inventoryItemUpdate.inventoryItem"), &json!({ "tracked": true, "policy": "CONTINUE", "version": 2 }));
        update(json!({ "tracked": false }), 2).await.ok();
        let before = shop.fingerprint().await;
        let late = update(json!({ "tracked": true }), 2).await;
        assert_eq!(late.user_error("inventoryItemUpdate"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t06_variants_and_locations_of_another_store_are_not_there(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let own = shop.variant_row(shop.linden.store()).await;
        let theirs = shop.variant_row(shop.rival.store()).await;
        let place = shop.location(&shop.rival(), "Warehouse").await;
        let before = shop.fingerprint().await;
        for variant in [theirs, shop.id::<ProductVariantId>()] {
            let answer = set(&owner, json!({ "variantId": variant, "onHand": 5, "expectedOnHand": 0 })).await;
            assert_eq!(answer.user_error("inventorySet"), "NOT_FOUND variantId");
            let answer = owner.query(UPDATE_ITEM, json!({ "id": variant, "input": { "tracked": false } })).await;
            assert_eq!(answer.code(), "NOT_FOUND");
            assert_eq!(owner.query(ITEM, json!({ "id": variant })).await.ok().data("inventoryItem"), &Value::Null);
        }
        for location in [place, shop.id::<LocationId>().to_string()] {
            let input = json!({ "variantId": own, "locationId": location, "onHand": 5, "expectedOnHand": 0 });
            assert_eq!(set(&owner, input).await.user_error("inventorySet"), "NOT_FOUND locationId");
            let answer = owner.query(UPDATE_LOCATION, json!({ "id": location, "input": { "name": "Mine" } })).await;
            assert_eq!(answer.code(), "NOT_FOUND");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t17_stock_is_for_those_who_may_see_it(db: Database) {
        let shop = Shop::open(db).await;
        let variant = shop.variant_row(shop.linden.store()).await;
        shop.stock(&shop.owner(), &variant.to_string(), 10).await;
        for caller in [shop.anonymous(), shop.storefront_token(), shop.powerless().await, shop.staff([InventoryManage]).await] {
            for document in [ITEM, MOVEMENTS] {
                let answer = caller.query(document, json!({ "id": variant })).await;
                assert!(["FORBIDDEN", "UNAUTHENTICATED"].contains(&answer.code()), "{answer}");
            }
            assert!(!caller.query("{ locations { nodes { name } } }", json!({})).await.is_ok());
        }
        let staff = shop.staff([InventoryRead]).await;
        assert_eq!(staff.query(ITEM, json!({ "id": variant })).await.ok().number("inventoryItem.onHand"), 10);
        let before = shop.fingerprint().await;
        let answer = set(&staff, json!({ "variantId": variant, "onHand": 5, "expectedOnHand": 10 })).await;
        assert_eq!(answer.code(), "FORBIDDEN");
        shop.assert_unchanged(&before).await;
    }

    async fn staff_see_the_stock_of_a_variant_beside_it(db: Database) {
        let shop = Shop::open(db).await;
        let product = shop.product_in_sizes(&shop.owner()).await;
        shop.stock(&shop.owner(), &product.variants[0], 7).await;
        let document = "query($id: ID!) { product(id: $id) { variants { inventoryItem { id tracked onHand available levels { onHand } } } } }";
        let staff = shop.staff([InventoryRead]).await;
        let answer = staff.query(document, json!({ "id": product.id })).await.ok();
        let stocked = answer.data("product.variants.0.inventoryItem");
        assert_eq!((&stocked["onHand"], &stocked["levels"]), (&json!(7), &json!([{ "onHand": 7 }])));
        assert!(answer.data("product.variants.1.inventoryItem").is_null(), "its stock was never set");
        // It is the item that the id gives.
        let by_id = staff.query("query($id: ID!) { inventoryItem(id: $id) { onHand } }", json!({ "id": stocked["id"] })).await.ok();
        assert_eq!(by_id.number("inventoryItem.onHand"), 7);
        assert_eq!(shop.anonymous().query(document, json!({ "id": product.id })).await.code(), "UNAUTHENTICATED");
        assert_eq!(shop.storefront_token().query(document, json!({ "id": product.id })).await.code(), "FORBIDDEN");
    }
}
