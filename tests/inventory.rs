//! Stories of locations and stock.

use chrono::TimeDelta;
use rules::ids::{LocationId, ProductVariantId};
use rules::permission::Permission::{InventoryManage, InventoryRead};
use rules::states::{DocumentPolicy, InventoryPolicy, StorePlan};
use serde_json::Value;
use stoa::inventory::{FirstLevel, FirstLevels, set_first_levels};
use stoa::kernel::ctx::{Caller, StoreContext};
use stoa::kernel::{Action, Actor as Acting, Audit, Ctx};

use crate::harness::{Actor, Answer, Shop, json};

const SET: &str = "mutation($input: InventorySetInput!) { inventorySet(input: $input) {
    inventoryLevel { id onHand available location { name isDefault } } userErrors { code field } } }";
const ITEM: &str = "query($id: ID!) { inventoryItem(variantId: $id) {
    tracked policy onHand available levels { onHand location { name } } } }";
const MOVEMENTS: &str = "query($id: ID!) { inventoryMovements(filter: { variantId: $id }) {
    nodes { delta onHandAfter reason reference actor } totalCount } }";
const CREATE_LOCATION: &str = "mutation($input: LocationCreateInput!) { locationCreate(input: $input) {
    location { id isDefault } userErrors { code field } } }";
const UPDATE_LOCATION: &str = "mutation($id: ID!, $input: LocationUpdateInput!, $version: Int) {
    locationUpdate(id: $id, input: $input, expectedVersion: $version) {
        location { name country isDefault } userErrors { code field } } }";
const UPDATE_ITEM: &str = "mutation($id: ID!, $input: InventoryItemUpdateInput!, $version: Int) {
    inventoryItemUpdate(variantId: $id, input: $input, expectedVersion: $version) {
        inventoryItem { tracked policy version } userErrors { code field } } }";

const DELETE_LOCATION: &str = "mutation($id: ID!, $version: Int) {
    locationDelete(id: $id, expectedVersion: $version) { deletedLocationId userErrors { code field } } }";

async fn delete(owner: &Actor, location: &str, version: Option<i32>) -> Answer {
    owner.query(DELETE_LOCATION, json!({ "id": location, "version": version })).await
}

async fn set(owner: &Actor, input: Value) -> Answer {
    owner.query(SET, json!({ "input": input })).await
}

/// Rule I3, for every level there is.
async fn assert_movements_sum_up(shop: &Shop) {
    let sql = "SELECT COUNT(*) FROM inventory_levels l WHERE l.on_hand <> \
        (SELECT COALESCE(SUM(m.delta), 0) FROM inventory_movements m WHERE m.store_id = l.store_id AND m.level_id = l.id)";
    assert_eq!(shop.number(sql).await, 0, "the sum of the movements is what is on hand");
}

/// The operator in Linden's first store, as an import works.
fn operator(shop: &Shop) -> Ctx {
    let mut caller = Caller::anonymous("import");
    caller.actor = Acting::Operator;
    caller.store = Some(StoreContext {
        id: shop.linden.store(),
        organization: shop.linden.id,
        handle: "linden".to_owned(),
        currency: "EUR".parse().expect("a currency"),
        currencies: vec!["EUR".parse().expect("a currency")],
        locale: "en".to_owned(),
        plan: StorePlan::Standard,
        document_policy: DocumentPolicy::Any,
    });
    Ctx::new(std::sync::Arc::clone(&shop.node.system), caller, None, std::sync::Arc::default())
}

/// Runs the import's door, and answers what it did and how many statements it took.
async fn import(shop: &Shop, levels: &[FirstLevel]) -> (FirstLevels, u32) {
    let ctx = operator(shop);
    let mut tx = ctx.begin_store(Action::ProductsImport).await.expect("a transaction");
    let before = ctx.statements();
    let done = set_first_levels(&mut tx, levels).await.expect("levels");
    let statements = ctx.statements() - before;
    if done.unchanged < levels.len() {
        tx.commit(Audit::done("import", &levels.len())).await.expect("a commit");
    }
    (done, statements)
}

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
        assert_movements_sum_up(&shop).await;
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
            assert_movements_sum_up(&shop).await;
            set(&owner, json!({ "variantId": variant, "onHand": 100, "ignoreExpected": true })).await.ok();
        }
        let sent = (0..6).map(|number| set(&owner, json!({ "variantId": variant, "onHand": number, "ignoreExpected": true })));
        for answer in futures::future::join_all(sent).await {
            answer.ok();
        }
        assert_movements_sum_up(&shop).await;
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
        let answer = update(json!({ "country": null })).await.ok();
        assert_eq!(answer.data("locationUpdate.location.country"), &Value::Null);
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

    async fn an_import_writes_what_differs_and_nothing_else(db: Database) {
        let shop = Shop::open(db).await;
        let mut levels = Vec::new();
        for number in 0..20 {
            let variant = shop.variant_row(shop.linden.store()).await;
            let (policy, tracked) = (InventoryPolicy::Deny, number % 2 == 0);
            levels.push(FirstLevel { variant, on_hand: Some(i64::from(number)), policy: Some(policy), tracked: Some(tracked) });
        }
        let (done, first) = import(&shop, &levels).await;
        assert_eq!(done, FirstLevels { created: 20, changed: 0, unchanged: 0 });
        assert_movements_sum_up(&shop).await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM inventory_movements").await, 20);

        let before = shop.fingerprint().await;
        let (done, again) = import(&shop, &levels).await;
        assert_eq!(done, FirstLevels { created: 0, changed: 0, unchanged: 20 });
        assert!(first <= 8 && again <= 3, "{first} statements, then {again}");
        shop.assert_unchanged(&before).await;

        shop.wait(TimeDelta::seconds(1));
        levels[3].on_hand = Some(-4);
        levels[5].policy = Some(InventoryPolicy::Continue);
        levels[7].on_hand = None;
        let (done, _) = import(&shop, &levels).await;
        assert_eq!(done, FirstLevels { created: 0, changed: 2, unchanged: 18 });
        assert_movements_sum_up(&shop).await;
        let answer = shop.owner().query(MOVEMENTS, json!({ "id": levels[3].variant })).await.ok();
        assert_eq!(answer.number("inventoryMovements.nodes.0.delta"), -7);
        assert_eq!(answer.text("inventoryMovements.nodes.0.reason"), "CORRECTED");
        assert_eq!(answer.text("inventoryMovements.nodes.0.actor"), "SYSTEM");
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
            shop.execute(&format!("UPDATE inventory_levels SET on_hand = {on_hand}, reserved = {reserved}")).await;
            assert_eq!(delete(&staff, &barn, None).await.user_error("locationDelete"), "IN_USE", "{on_hand}, {reserved}");
        }
        shop.execute("UPDATE inventory_levels SET on_hand = 3, reserved = 0").await;
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
        assert_movements_sum_up(&shop).await;
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
