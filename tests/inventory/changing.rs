//! Stock that is changed by so much, moved, taken in, and running low.

use rules::ids::{LocationId, ProductVariantId};
use serde_json::Value;

use super::{ITEM, MOVEMENTS, Till, UPDATE_ITEM, UPDATE_SETTINGS, level, put, set, somebody, stocked, update_item};
use crate::harness::{Actor, Answer, Shop, json};

const ADJUST: &str = "mutation($input: InventoryAdjustInput!) { inventoryAdjust(input: $input) {
    inventoryLevel { onHand } userErrors { code field } } }";
const TRANSFER: &str = "mutation($input: InventoryTransferInput!) { inventoryTransfer(input: $input) {
    inventoryItem { onHand levels { onHand location { name } } } userErrors { code field } } }";
const RECEIVE: &str = "mutation($input: InventoryReceiveInput!) { inventoryReceive(input: $input) {
    inventoryLevels { onHand } userErrors { code field } } }";

async fn adjust(owner: &Actor, variant: ProductVariantId, delta: i32) -> Answer {
    let input = json!({ "variantId": variant, "delta": delta, "reason": "DAMAGED", "reference": "Report 7" });
    owner.query(ADJUST, json!({ "input": input })).await
}

async fn transfer(owner: &Actor, variant: ProductVariantId, from: &str, to: &str, quantity: i32) -> Answer {
    let input = json!({ "variantId": variant, "fromLocationId": from, "toLocationId": to, "quantity": quantity });
    owner.query(TRANSFER, json!({ "input": input })).await
}

async fn receive(owner: &Actor, lines: Value) -> Answer {
    owner.query(RECEIVE, json!({ "input": { "lines": lines, "reference": "Note 9" } })).await
}

both! {
    async fn stock_is_adjusted_by_what_broke_or_was_found(db: Database) {
        let shop = Shop::open(db).await;
        let mug = stocked(&shop, 10).await;
        let ledger = shop.ledger().await;
        let answer = adjust(&shop.owner(), mug, -4).await.ok();
        assert_eq!(answer.number("inventoryAdjust.inventoryLevel.onHand"), 6);
        let told = shop.told_since(&ledger).await;
        assert_eq!((told.audit, told.events), (vec!["inventory.adjust".to_owned()], vec!["inventory.adjusted".to_owned()]));
        assert_eq!(adjust(&shop.owner(), mug, 3).await.ok().number("inventoryAdjust.inventoryLevel.onHand"), 9);
        let before = shop.fingerprint().await;
        assert_eq!(adjust(&shop.owner(), mug, 0).await.user_error("inventoryAdjust"), "OUT_OF_RANGE delta");
        assert_eq!(adjust(&shop.owner(), mug, -10).await.user_error("inventoryAdjust"), "OUT_OF_RANGE delta");
        assert_eq!(adjust(&shop.owner(), mug, 1_000_000_000).await.user_error("inventoryAdjust"), "OUT_OF_RANGE delta");
        shop.assert_unchanged(&before).await;
        // What is promised has to be there.
        Till::of(&shop).sell(&somebody(&shop), &somebody(&shop), &[(mug, 7)]).await;
        assert_eq!(adjust(&shop.owner(), mug, -3).await.user_error("inventoryAdjust"), "OUT_OF_RANGE delta");
        adjust(&shop.owner(), mug, -2).await.ok();
        assert_eq!(level(&shop, mug).await, (7, 7));
    }

    async fn attack_c25_of_two_adjustments_that_do_not_fit_together_one_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let mug = stocked(&shop, 50).await;
        let owner = shop.owner();
        for _ in 0..8 {
            let (one, other) = tokio::join!(adjust(&owner, mug, -30), adjust(&owner, mug, -30));
            assert!(one.is_ok() != other.is_ok(), "{one}\n{other}");
            let refused = if one.is_ok() { other } else { one };
            assert_eq!(refused.user_error("inventoryAdjust"), "OUT_OF_RANGE delta");
            adjust(&owner, mug, 30).await.ok();
        }
    }

    async fn attack_c25_a_count_that_races_with_sales_never_takes_what_is_promised(db: Database) {
        let shop = Shop::open(db).await;
        let (till, owner) = (Till::of(&shop), shop.owner());
        for round in 0..6 {
            let mug = stocked(&shop, 10).await;
            let (ann, order) = (somebody(&shop), somebody(&shop));
            till.hold(&ann, &[(mug, 8)]).await;
            let counted = json!({ "variantId": mug, "onHand": round, "expectedOnHand": 10 });
            let lines = [(mug, 8)];
            let (count, sale) = tokio::join!(set(&owner, counted), till.promise(&ann, &order, &lines));
            let sold = matches!(sale, stoa::inventory::reservations::Outcome::Kept(_));
            assert!(count.is_ok() != sold, "{count}\n{sale:?}");
            assert_eq!(level(&shop, mug).await, if sold { (10, 8) } else { (round, 0) });
        }
    }

    async fn units_are_moved_as_a_whole_or_not_at_all(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (main, barn) = (shop.location(&owner, "Main").await, shop.location(&owner, "Barn").await);
        let mug = shop.variant_row(shop.linden.store()).await;
        put(&shop, mug, &main, 10).await;
        Till::of(&shop).sell(&somebody(&shop), &somebody(&shop), &[(mug, 4)]).await;
        let ledger = shop.ledger().await;
        let answer = transfer(&owner, mug, &main, &barn, 5).await.ok();
        assert_eq!(answer.number("inventoryTransfer.inventoryItem.onHand"), 10);
        let levels = answer.data("inventoryTransfer.inventoryItem.levels");
        assert_eq!((&levels[0]["onHand"], &levels[1]["onHand"]), (&json!(5), &json!(5)));
        let told = shop.told_since(&ledger).await;
        assert_eq!(told.events, vec!["inventory.transferred".to_owned(); 2]);
        let before = shop.fingerprint().await;
        // Four of those that are there are promised.
        assert_eq!(transfer(&owner, mug, &main, &barn, 2).await.user_error("inventoryTransfer"), "OUT_OF_RANGE quantity");
        assert_eq!(transfer(&owner, mug, &main, &barn, 0).await.user_error("inventoryTransfer"), "OUT_OF_RANGE quantity");
        assert_eq!(transfer(&owner, mug, &barn, &barn, 1).await.user_error("inventoryTransfer"), "INVALID toLocationId");
        shop.assert_unchanged(&before).await;
        // Both ways at once: neither waits for the other in a circle.
        let (there, back) = tokio::join!(transfer(&owner, mug, &main, &barn, 1), transfer(&owner, mug, &barn, &main, 5));
        there.ok();
        back.ok();
        assert_eq!(level(&shop, mug).await, (10, 4));
    }

    async fn goods_come_in_line_by_line_all_or_none(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (mug, cup) = (stocked(&shop, 2).await, shop.variant_row(shop.linden.store()).await);
        let line = |variant: ProductVariantId, quantity: i32| json!({ "variantId": variant, "quantity": quantity });
        let answer = receive(&owner, json!([line(mug, 5), line(cup, 7)])).await.ok();
        let levels = answer.data("inventoryReceive.inventoryLevels");
        assert_eq!((&levels[0]["onHand"], &levels[1]["onHand"]), (&json!(7), &json!(7)));
        let answer = owner.query(MOVEMENTS, json!({ "id": cup })).await.ok();
        assert_eq!(answer.text("inventoryMovements.nodes.0.reason"), "RECEIVED");
        assert_eq!(answer.text("inventoryMovements.nodes.0.reference"), "Note 9");
        let before = shop.fingerprint().await;
        let never = shop.id::<ProductVariantId>();
        for (lines, refused) in [
            (json!([]), "REQUIRED lines"),
            (json!([line(mug, 0)]), "OUT_OF_RANGE lines.0.quantity"),
            (json!([line(mug, 1), line(mug, 1)]), "DUPLICATE lines.1.variantId"),
            (json!([line(mug, 1), line(never, 1)]), "NOT_FOUND lines.1.variantId"),
            (json!([line(cup, 1), line(mug, 1_000_000_000)]), "OUT_OF_RANGE lines.1.quantity"),
        ] {
            let answer = receive(&owner, lines).await;
            let told = answer.data("inventoryReceive.userErrors.0").clone();
            let field: Vec<&str> = told["field"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
            assert_eq!(format!("{} {}", told["code"].as_str().unwrap(), field.join(".")), refused);
        }
        shop.assert_unchanged(&before).await;
    }

    async fn rule_i5_running_low_is_told_once_and_again_only_after_there_was_more(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (main, barn) = (shop.location(&owner, "Main").await, shop.location(&owner, "Barn").await);
        let mug = shop.variant_row(shop.linden.store()).await;
        put(&shop, mug, &main, 6).await;
        put(&shop, mug, &barn, 6).await;
        update_item(&shop, mug, json!({ "reorderLevel": 5 })).await;
        let low = "SELECT COUNT(*) FROM domain_events WHERE topic = 'inventory.low'";
        let till = Till::of(&shop);
        // What counts is what both have together, without what is promised.
        put(&shop, mug, &barn, 1).await;
        assert_eq!(shop.number(low).await, 0);
        let order = somebody(&shop);
        till.sell(&somebody(&shop), &order, &[(mug, 2)]).await;
        assert_eq!(shop.number(low).await, 1, "five are left");
        let answer = owner.query(ITEM, json!({ "id": mug })).await.ok();
        assert_eq!(answer.data("inventoryItem.isLow"), &json!(true));
        put(&shop, mug, &barn, 0).await;
        assert_eq!(shop.number(low).await, 1, "it was told");
        till.release(&order, None).await.expect("nothing against it");
        assert_eq!(shop.number(low).await, 1, "there are six again");
        adjust(&owner, mug, -1).await.ok();
        assert_eq!(shop.number(low).await, 2);
        // A level that is raised over what is there is crossed, too; one that is taken away is not.
        update_item(&shop, mug, json!({ "reorderLevel": null })).await;
        update_item(&shop, mug, json!({ "reorderLevel": 4 })).await;
        assert_eq!(shop.number(low).await, 2);
        update_item(&shop, mug, json!({ "reorderLevel": 50 })).await;
        assert_eq!(shop.number(low).await, 3);
    }

    async fn rule_i5_whoever_listens_hears_that_it_is_promised_and_that_it_is_low(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, 6).await;
        update_item(&shop, mug, json!({ "reorderLevel": 2 })).await;
        let document = "subscription($ids: [ID!]) { inventoryChanged(variantIds: $ids) { \
            topic onHand reserved reservedDelta available inventoryItem { isLow } } }";
        let mut heard = owner.listen(document, json!({ "ids": [mug] })).await;
        Till::of(&shop).sell(&somebody(&shop), &somebody(&shop), &[(mug, 4)]).await;
        let event = heard.data().await["inventoryChanged"].take();
        let numbers = ["onHand", "reserved", "reservedDelta", "available"].map(|field| event[field].as_i64());
        assert_eq!((&event["topic"], numbers), (&json!("RESERVED"), [Some(6), Some(4), Some(4), None]));
        let event = heard.data().await["inventoryChanged"].take();
        assert_eq!((&event["topic"], &event["available"]), (&json!("LOW"), &json!(2)));
        assert_eq!(event["inventoryItem"]["isLow"], true);
    }

    async fn rule_i5_of_many_sales_at_once_one_crosses_the_level(db: Database) {
        let shop = Shop::open(db).await;
        let mug = stocked(&shop, 20).await;
        update_item(&shop, mug, json!({ "reorderLevel": 10 })).await;
        let owner = shop.owner();
        futures::future::join_all((0..15).map(|_| adjust(&owner, mug, -1))).await.into_iter().for_each(|answer| drop(answer.ok()));
        assert_eq!(shop.number("SELECT COUNT(*) FROM domain_events WHERE topic = 'inventory.low'").await, 1);
    }

    async fn how_a_variant_is_sold_has_its_bounds(db: Database) {
        let shop = Shop::open(db).await;
        let mug = stocked(&shop, 2).await;
        let owner = shop.owner();
        let before = shop.fingerprint().await;
        for field in ["safetyStock", "reorderLevel", "backorderLimit"] {
            for units in [-1, 1_000_000_001] {
                let answer = owner.query(UPDATE_ITEM, json!({ "id": mug, "input": { field: units } })).await;
                assert_eq!(answer.user_error("inventoryItemUpdate"), format!("OUT_OF_RANGE {field}"));
            }
        }
        let answer = owner.query(UPDATE_ITEM, json!({ "id": mug, "input": { "expectedAt": "1969-12-31T23:59:59Z" } })).await;
        assert_eq!(answer.user_error("inventoryItemUpdate"), "OUT_OF_RANGE expectedAt");
        let answer = owner.query(UPDATE_SETTINGS, json!({ "input": { "lowStock": -1 } })).await;
        assert_eq!(answer.user_error("inventorySettingsUpdate"), "OUT_OF_RANGE lowStock");
        shop.assert_unchanged(&before).await;
        let update = |version: i32| owner.query(UPDATE_SETTINGS, json!({ "input": { "lowStock": 3 }, "version": version }));
        assert_eq!(update(1).await.ok().number("inventorySettingsUpdate.inventorySettings.version"), 2);
        assert_eq!(update(1).await.user_error("inventorySettingsUpdate"), "STALE expectedVersion");
        let rival = shop.rival().query("{ inventorySettings { lowStock strategy showsCounts } }", json!({})).await.ok();
        assert_eq!(rival.data("inventorySettings"), &json!({ "lowStock": 5, "strategy": "PRIORITY", "showsCounts": false }));
    }

    async fn attack_t06_nothing_of_another_store_is_moved(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mug = stocked(&shop, 5).await;
        let theirs = shop.variant_row(shop.rival.store()).await;
        let (here, there) = (shop.location(&owner, "Barn").await, shop.location(&shop.rival(), "Barn").await);
        let never = shop.id::<LocationId>().to_string();
        let before = shop.fingerprint().await;
        for variant in [theirs, shop.id::<ProductVariantId>()] {
            assert_eq!(adjust(&owner, variant, 1).await.user_error("inventoryAdjust"), "NOT_FOUND variantId");
            assert_eq!(transfer(&owner, variant, &here, &never, 1).await.user_error("inventoryTransfer"), "NOT_FOUND variantId");
        }
        for location in [&there, &never] {
            assert_eq!(transfer(&owner, mug, location, &here, 1).await.user_error("inventoryTransfer"), "NOT_FOUND fromLocationId");
            assert_eq!(transfer(&owner, mug, &here, location, 1).await.user_error("inventoryTransfer"), "NOT_FOUND toLocationId");
        }
        shop.assert_unchanged(&before).await;
    }
}
