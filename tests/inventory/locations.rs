//! Locations come, change and go.

use rules::ids::LocationId;
use rules::permission::Permission::{InventoryManage, InventoryRead};
use serde_json::Value;

use super::{ITEM, MOVEMENTS, UPDATE_LOCATION, set};
use crate::harness::{Actor, Answer, Shop, json};

const CREATE_LOCATION: &str = "mutation($input: LocationCreateInput!) { locationCreate(input: $input) {
    location { id isDefault } userErrors { code field } } }";
const DELETE_LOCATION: &str = "mutation($id: ID!, $version: Int) {
    locationDelete(id: $id, expectedVersion: $version) { deletedLocationId userErrors { code field } } }";

async fn turn(owner: &Actor, location: &str, mutation: &str) -> Answer {
    let document = format!(
        "mutation($id: ID!) {{ {mutation}(id: $id) {{ location {{ isActive version }} userErrors {{ code field }} }} }}"
    );
    owner.query(&document, json!({ "id": location })).await
}

async fn delete(owner: &Actor, location: &str, version: Option<i32>) -> Answer {
    owner.query(DELETE_LOCATION, json!({ "id": location, "version": version })).await
}

both! {
    async fn there_is_always_one_default_location(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let create = |name: &'static str, default: bool| {
            owner.query(CREATE_LOCATION, json!({ "input": { "name": name, "isDefault": default } }))
        };
        let made = futures::future::join_all((0..6).map(|_| create("Warehouse", true))).await;
        for answer in &made {
            assert!(answer.is_ok(), "{answer}");
        }
        let defaults = "SELECT COUNT(*) FROM locations WHERE is_default";
        assert_eq!(shop.number(defaults).await, 1);
        let second = create("Shop", false).await.ok();
        assert_eq!(second.data("locationCreate.location.isDefault"), &json!(false));
        let second = second.text("locationCreate.location.id").to_owned();
        let update = |input: Value| owner.query(UPDATE_LOCATION, json!({ "id": second, "input": input }));
        update(json!({ "isDefault": true, "country": "de", "name": "Corner shop" })).await.ok();
        assert_eq!(shop.number(defaults).await, 1);
        let before = shop.fingerprint().await;
        assert_eq!(update(json!({ "isDefault": false })).await.user_error("locationUpdate"), "NOT_ALLOWED isDefault");
        assert_eq!(update(json!({ "country": "Germany" })).await.user_error("locationUpdate"), "INVALID country");
        let late = json!({ "id": second, "input": { "name": "Late" }, "version": 1 });
        assert_eq!(owner.query(UPDATE_LOCATION, late).await.user_error("locationUpdate"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
        for (input, field) in [
            (json!({ "priority": -1 }), "priority"),
            (json!({ "coordinates": { "latitude": "90.000001", "longitude": "0" } }), "coordinates"),
            (json!({ "coordinates": { "latitude": "0", "longitude": "1.2345678" } }), "coordinates.longitude"),
        ] {
            let refused = update(input).await.user_error("locationUpdate");
            assert_eq!(refused.split(' ').nth(1), Some(field), "{refused}");
        }
        shop.assert_unchanged(&before).await;
        let answer = update(json!({ "country": null })).await.ok();
        assert_eq!(answer.data("locationUpdate.location.country"), &Value::Null);
    }

    async fn a_location_goes_once_it_is_empty_and_not_the_default(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([InventoryManage, InventoryRead]).await;
        let (main, barn) = (shop.location(&shop.owner(), "Main").await, shop.location(&shop.owner(), "Barn").await);
        let variant = shop.variant_row(shop.linden.store()).await.to_string();
        let at_barn = |on_hand: i32| json!({ "variantId": variant, "locationId": barn, "onHand": on_hand, "ignoreExpected": true });
        set(&staff, at_barn(3)).await.ok();
        let before = shop.fingerprint().await;
        assert_eq!(delete(&staff, &main, None).await.user_error("locationDelete"), "NOT_ALLOWED");
        assert_eq!(delete(&staff, &barn, None).await.user_error("locationDelete"), "IN_USE");
        assert_eq!(delete(&staff, &barn, Some(7)).await.user_error("locationDelete"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
        // Nothing is there, but something is promised; or less than nothing is there.
        for (on_hand, reserved) in [(0, 1), (-2, 0)] {
            shop.execute(&format!("UPDATE inventory_levels SET owes = true, on_hand = {on_hand}, reserved = {reserved}")).await;
            assert_eq!(delete(&staff, &barn, None).await.user_error("locationDelete"), "IN_USE", "{on_hand}, {reserved}");
        }
        shop.execute("UPDATE inventory_levels SET owes = false, on_hand = 3, reserved = 0").await;
        set(&staff, at_barn(0)).await.ok();

        let ledger = shop.ledger().await;
        let answer = delete(&staff, &barn, Some(1)).await.ok();
        assert_eq!(answer.text("locationDelete.deletedLocationId"), barn);
        let told = shop.told_since(&ledger).await;
        assert_eq!((told.audit, told.events), (vec!["location.delete".to_owned()], vec!["location.deleted".to_owned()]));
        // It is nowhere any more, and takes nothing; what moved there stays in the books.
        let seen = "query($id: ID!) { location(id: $id) { id } node(id: $id) { id } locations { nodes { name } totalCount } }";
        let answer = staff.query(seen, json!({ "id": barn })).await.ok();
        assert_eq!((answer.data("location"), answer.data("node")), (&Value::Null, &Value::Null));
        assert_eq!((answer.texts("locations.nodes", "name"), answer.number("locations.totalCount")), (vec!["Main"], 1));
        let answer = staff.query(ITEM, json!({ "id": variant })).await.ok();
        assert_eq!((answer.number("inventoryItem.onHand"), answer.data("inventoryItem.levels")), (0, &json!([])));
        assert_eq!(set(&staff, at_barn(1)).await.user_error("inventorySet"), "NOT_FOUND locationId");
        assert_eq!(staff.query(MOVEMENTS, json!({ "id": variant })).await.ok().number("inventoryMovements.totalCount"), 2);
        assert_eq!(delete(&staff, &barn, None).await.code(), "NOT_FOUND");
        // Another one may be the default, and then the former may go.
        let attic = shop.location(&shop.owner(), "Attic").await;
        staff.query(UPDATE_LOCATION, json!({ "id": attic, "input": { "isDefault": true } })).await.ok();
        delete(&staff, &main, None).await.ok();
    }

    async fn attack_t03_a_location_of_another_store_is_not_there_to_be_deleted(db: Database) {
        let shop = Shop::open(db).await;
        shop.location(&shop.rival(), "Main").await;
        let theirs = shop.location(&shop.rival(), "Barn").await;
        let never = shop.id::<LocationId>().to_string();
        let before = shop.fingerprint().await;
        let (real, fake) = (delete(&shop.owner(), &theirs, None).await, delete(&shop.owner(), &never, None).await);
        assert_eq!((real.code(), real.refusal(), real.statements()), ("NOT_FOUND", fake.refusal(), fake.statements()));
        shop.assert_unchanged(&before).await;
    }

    async fn no_stock_is_left_at_a_location_that_goes_at_the_same_moment(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.location(&owner, "Main").await;
        for _ in 0..12 {
            let barn = shop.location(&owner, "Barn").await;
            let variant = shop.variant_row(shop.linden.store()).await.to_string();
            let input = json!({ "variantId": variant, "locationId": barn, "onHand": 5, "ignoreExpected": true });
            let (put, gone) = tokio::join!(set(&owner, input), delete(&owner, &barn, None));
            // Whoever comes first keeps the other out.
            assert!(put.is_ok() != gone.is_ok(), "{put}\n{gone}");
            let refused = if put.is_ok() { gone.user_error("locationDelete") } else { put.user_error("inventorySet") };
            assert!(["IN_USE", "NOT_FOUND locationId"].contains(&refused.as_str()), "{refused}");
        }
        let lost = "SELECT COUNT(*) FROM inventory_levels l JOIN locations p ON p.store_id = l.store_id AND p.id = l.location_id \
            WHERE p.deleted_at IS NOT NULL AND l.on_hand <> 0";
        assert_eq!(shop.number(lost).await, 0);
    }

    async fn a_location_is_closed_and_opened_again(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([InventoryManage, InventoryRead]).await;
        let main = shop.location(&shop.owner(), "Main").await;
        assert_eq!(turn(&staff, &main, "locationDeactivate").await.user_error("locationDeactivate"), "LAST_LOCATION");
        // Locations stand in the order in which they were made.
        shop.wait(chrono::TimeDelta::milliseconds(1));
        let barn = shop.location(&shop.owner(), "Barn").await;
        assert_eq!(turn(&staff, &main, "locationDeactivate").await.user_error("locationDeactivate"), "NOT_ALLOWED");
        let variant = shop.variant_row(shop.linden.store()).await.to_string();
        let at_barn = |on_hand: i32| json!({ "variantId": variant, "locationId": barn, "onHand": on_hand, "ignoreExpected": true });
        set(&staff, at_barn(3)).await.ok();
        assert_eq!(turn(&staff, &barn, "locationDeactivate").await.user_error("locationDeactivate"), "IN_USE");
        for (on_hand, reserved) in [(0, 1), (-2, 0)] {
            shop.execute(&format!("UPDATE inventory_levels SET owes = true, on_hand = {on_hand}, reserved = {reserved}")).await;
            assert_eq!(turn(&staff, &barn, "locationDeactivate").await.user_error("locationDeactivate"), "IN_USE");
        }
        shop.execute("UPDATE inventory_levels SET owes = false, on_hand = 3, reserved = 0").await;
        set(&staff, at_barn(0)).await.ok();
        let ledger = shop.ledger().await;
        let closed = turn(&staff, &barn, "locationDeactivate").await.ok();
        assert_eq!(closed.data("locationDeactivate.location.isActive"), &json!(false));
        let told = shop.told_since(&ledger).await;
        assert_eq!((told.audit, told.events), (vec!["location.deactivate".to_owned()], vec!["location.deactivated".to_owned()]));
        let again = turn(&staff, &barn, "locationDeactivate").await.ok();
        assert_eq!(again.data("locationDeactivate.location.version"), closed.data("locationDeactivate.location.version"));
        // It takes nothing, is no default, and the last one that is open stays so.
        assert_eq!(set(&staff, at_barn(1)).await.user_error("inventorySet"), "NOT_ALLOWED locationId");
        let default = json!({ "id": barn, "input": { "isDefault": true } });
        assert_eq!(staff.query(UPDATE_LOCATION, default).await.user_error("locationUpdate"), "NOT_ALLOWED isDefault");
        assert_eq!(turn(&staff, &main, "locationDeactivate").await.user_error("locationDeactivate"), "LAST_LOCATION");
        let seen = staff.query("{ locations { nodes { name isActive } } }", json!({})).await.ok();
        assert_eq!(seen.data("locations.nodes"), &json!([{ "name": "Main", "isActive": true }, { "name": "Barn", "isActive": false }]));
        let opened = turn(&staff, &barn, "locationActivate").await.ok();
        assert_eq!(opened.data("locationActivate.location.isActive"), &json!(true));
        set(&staff, at_barn(1)).await.ok();
        let theirs = shop.location(&shop.rival(), "Main").await;
        for mutation in ["locationActivate", "locationDeactivate"] {
            assert_eq!(turn(&staff, &theirs, mutation).await.code(), "NOT_FOUND");
        }
    }

    async fn no_stock_is_left_at_a_location_that_is_closed_at_the_same_moment(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.location(&owner, "Main").await;
        for _ in 0..12 {
            let barn = shop.location(&owner, "Barn").await;
            let variant = shop.variant_row(shop.linden.store()).await.to_string();
            let input = json!({ "variantId": variant, "locationId": barn, "onHand": 5, "ignoreExpected": true });
            let (put, closed) = tokio::join!(set(&owner, input), turn(&owner, &barn, "locationDeactivate"));
            assert!(put.is_ok() != closed.is_ok(), "{put}\n{closed}");
        }
        let lost = "SELECT COUNT(*) FROM inventory_levels l JOIN locations p ON p.store_id = l.store_id AND p.id = l.location_id \
            WHERE NOT p.active AND l.on_hand <> 0";
        assert_eq!(shop.number(lost).await, 0);
    }

    async fn two_locations_that_are_closed_at_once_never_leave_a_store_without_one(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (main, barn) = (shop.location(&owner, "Main").await, shop.location(&owner, "Barn").await);
        let (one, other) = tokio::join!(turn(&owner, &main, "locationDeactivate"), turn(&owner, &barn, "locationDeactivate"));
        assert!(!one.is_ok() && other.is_ok(), "{one}\n{other}");
        assert_eq!(shop.number("SELECT COUNT(*) FROM locations WHERE active").await, 1);
    }
}
