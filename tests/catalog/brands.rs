//! Stories of brands; the example for other domains.

use rules::ids::{BrandId, TagId};
use rules::permission::Permission::{CollectionsManage, CollectionsRead, ProductsManage};
use serde_json::Value;

use crate::harness::ledger::Told;
use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($input: BrandCreateInput!) { brandCreate(input: $input) {
    brand { id name slug descriptionHtml version createdAt updatedAt } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: BrandUpdateInput!, $expectedVersion: Int) {
    brandUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) {
        brand { id name slug descriptionHtml version updatedAt } userErrors { code field message } } }";
const DELETE: &str = "mutation($id: ID!) { brandDelete(id: $id) { deletedBrandId userErrors { code field } } }";
const RESTORE: &str = "mutation($id: ID!) { brandRestore(id: $id) { brand { id slug } userErrors { code field } } }";
const BRAND: &str = "query($id: ID, $slug: String) { brand(id: $id, slug: $slug) { id name slug descriptionHtml } }";
const BRANDS: &str = "query($first: Int, $after: String, $last: Int, $before: String, $filter: BrandFilterInput, $sort: BrandSort) {
    brands(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
        totalCount nodes { id name } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

async fn create(who: &Actor, input: Value) -> Answer {
    who.query(CREATE, json!({ "input": input })).await
}

async fn update(who: &Actor, id: &str, input: Value) -> Answer {
    who.query(UPDATE, json!({ "id": id, "input": input })).await
}

async fn brands(who: &Actor, variables: Value) -> Answer {
    who.query(BRANDS, variables).await
}

fn told(audit: &str, event: &str) -> Told {
    Told { audit: vec![audit.to_owned()], events: vec![event.to_owned()] }
}

/// An answer without what is different each time.
fn comparable(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    for error in body["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"] = Value::Null;
    }
    body
}

both! {
    async fn a_brand_is_created(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([CollectionsManage, CollectionsRead]).await;
        let before = shop.ledger().await;
        let answer = create(&staff, json!({ "name": "  Linden & Söhne ", "descriptionHtml": "<p>Since 1949.</p>" })).await.ok();
        let brand = answer.data("brandCreate.brand");
        assert_eq!(brand["name"], "Linden & Söhne");
        assert_eq!(brand["slug"], "linden-sohne");
        assert_eq!(brand["descriptionHtml"], "<p>Since 1949.</p>");
        assert_eq!(brand["version"], 1);
        assert_eq!(brand["createdAt"], "2026-03-01T12:00:00Z");
        assert_eq!(shop.told_since(&before).await, told("brand.create", "brand.created"));

        let visitor = shop.anonymous();
        let seen = visitor.query(BRAND, json!({ "slug": "linden-sohne" })).await.ok();
        assert_eq!(seen.data("brand.id"), &brand["id"]);
        let seen = visitor.query(BRAND, json!({ "id": brand["id"] })).await.ok();
        assert_eq!(seen.text("brand.name"), "Linden & Söhne");
    }

    async fn every_problem_of_a_new_brand_is_told_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.fingerprint().await;
        let input = json!({ "name": "", "slug": "Not A Slug", "descriptionHtml": "x".repeat(300_000 / 2) });
        let answer = create(&shop.owner(), input).await;
        let errors = answer.data("brandCreate.userErrors").as_array().unwrap();
        let fields: Vec<&str> = errors.iter().map(|error| error["field"][0].as_str().unwrap()).collect();
        assert_eq!(fields, ["name", "slug", "descriptionHtml"], "{answer}");
        assert!(answer.data("brandCreate.brand").is_null());
        for (input, error) in [
            (json!({ "name": "x".repeat(201) }), "TOO_LONG name"),
            (json!({ "name": "two\nlines" }), "INVALID name"),
            (json!({ "name": "???" }), "REQUIRED slug"),
            (json!({ "name": "Acme", "slug": "-acme" }), "INVALID slug"),
        ] {
            assert_eq!(create(&shop.owner(), input).await.user_error("brandCreate"), error);
        }
        shop.assert_unchanged(&before).await;
    }

    async fn a_slug_belongs_to_one_brand_of_a_store(db: Database) {
        let shop = Shop::open(db).await;
        create(&shop.owner(), json!({ "name": "Acme" })).await.ok();
        let before = shop.fingerprint().await;
        let again = create(&shop.owner(), json!({ "name": "Acme" })).await;
        assert_eq!(again.user_error("brandCreate"), "TAKEN slug");
        let other = shop.brand("Other").await;
        let changed = shop.fingerprint().await;
        assert_eq!(update(&shop.owner(), &other, json!({ "slug": "acme" })).await.user_error("brandUpdate"), "TAKEN slug");
        shop.assert_unchanged(&changed).await;
        assert!(!before.changed(&changed).is_empty());
    }

    async fn attack_t20_the_slugs_of_other_stores_do_not_count(db: Database) {
        let shop = Shop::open(db).await;
        for who in [shop.owner(), shop.owner().in_store("linden-us"), shop.rival()] {
            create(&who, json!({ "name": "Acme" })).await.ok();
            assert_eq!(brands(&who, json!({})).await.ok().number("brands.totalCount"), 1);
        }
    }

    async fn of_many_at_once_with_one_slug_one_is_created(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let tries = (0..8).map(|_| create(&owner, json!({ "name": "Acme" })));
        let answers = futures::future::join_all(tries).await;
        let created = answers.iter().filter(|answer| answer.is_ok()).count();
        let taken = answers.iter().filter(|answer| answer.user_error("brandCreate") == "TAKEN slug").count();
        assert_eq!((created, taken), (1, 7));
        assert_eq!(shop.number("SELECT COUNT(*) FROM brands").await, 1);
    }

    async fn attack_h13_a_description_is_cleaned_when_it_is_stored(db: Database) {
        let shop = Shop::open(db).await;
        let html = "<p onclick=\"x()\">Fine<script>alert(1)</script> <a href=\"javascript:x()\">link</a></p>";
        let answer = create(&shop.owner(), json!({ "name": "Acme", "descriptionHtml": html })).await.ok();
        let stored = answer.text("brandCreate.brand.descriptionHtml");
        assert!(stored.contains("Fine"), "{stored}");
        for bad in ["script", "onclick", "javascript"] {
            assert!(!stored.contains(bad), "{stored}");
        }
        let row = shop.texts("SELECT description_html FROM brands").await;
        assert_eq!(row[0][0], stored, "the uncleaned source is kept nowhere");
    }

    async fn a_brand_is_changed(db: Database) {
        let shop = Shop::open(db).await;
        let created = create(&shop.owner(), json!({ "name": "Acme", "descriptionHtml": "<p>Old</p>" })).await.ok();
        let id = created.text("brandCreate.brand.id");
        shop.wait(chrono::TimeDelta::seconds(5));
        let before = shop.ledger().await;
        let answer = update(&shop.owner(), id, json!({ "name": "Zenith" })).await.ok();
        let brand = answer.data("brandUpdate.brand");
        assert_eq!((&brand["name"], &brand["slug"]), (&json!("Zenith"), &json!("acme")), "what is left out stays");
        assert_eq!((&brand["version"], &brand["updatedAt"]), (&json!(2), &json!("2026-03-01T12:00:05Z")));
        assert_eq!(brand["descriptionHtml"], "<p>Old</p>");
        assert_eq!(shop.told_since(&before).await, told("brand.update", "brand.updated"));
        let answer = update(&shop.owner(), id, json!({ "descriptionHtml": null })).await.ok();
        assert!(answer.data("brandUpdate.brand.descriptionHtml").is_null(), "null clears");
    }

    async fn a_variable_that_is_not_given_is_left_out_and_is_no_null(db: Database) {
        let shop = Shop::open(db).await;
        let created = create(&shop.owner(), json!({ "name": "Acme", "descriptionHtml": "<p>Stays</p>" })).await.ok();
        let document = "mutation($id: ID!, $name: String, $html: String) {
            brandUpdate(id: $id, input: { name: $name, descriptionHtml: $html }) {
                brand { name descriptionHtml } userErrors { code } } }";
        let change = async |variables: Value| shop.owner().query(document, variables).await.ok();
        let id = created.text("brandCreate.brand.id");
        let answer = change(json!({ "id": id, "name": "Zenith" })).await;
        assert_eq!(answer.data("brandUpdate.brand"), &json!({ "name": "Zenith", "descriptionHtml": "<p>Stays</p>" }));
        let answer = change(json!({ "id": id, "html": null })).await;
        assert_eq!(answer.data("brandUpdate.brand"), &json!({ "name": "Zenith", "descriptionHtml": null }));
    }

    async fn a_change_to_a_version_that_is_gone_is_stale(db: Database) {
        let shop = Shop::open(db).await;
        let id = shop.brand("Acme").await;
        update(&shop.owner(), &id, json!({ "name": "Zenith" })).await.ok();
        let before = shop.fingerprint().await;
        let variables = json!({ "id": id, "input": { "name": "Late" }, "expectedVersion": 1 });
        let answer = shop.owner().query(UPDATE, variables).await;
        assert_eq!(answer.user_error("brandUpdate"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
    }

    async fn of_two_changes_at_once_one_is_stale(db: Database) {
        let shop = Shop::open(db).await;
        let node = shop.second_node().await;
        for round in 0..5 {
            let id = shop.brand(&format!("Acme {round}")).await;
            let change = async |who: &Actor, name: &str| {
                let variables = json!({ "id": id, "input": { "name": name }, "expectedVersion": 1 });
                who.query(UPDATE, variables).await
            };
            let (here, there) = (shop.owner(), shop.on(&node, &shop.owner()));
            let (one, other) = tokio::join!(change(&here, "One"), change(&there, "Other"));
            assert_eq!(u32::from(one.is_ok()) + u32::from(other.is_ok()), 1, "{one} {other}");
            let lost = if one.is_ok() { other } else { one };
            assert_eq!(lost.user_error("brandUpdate"), "STALE expectedVersion");
        }
    }

    async fn a_deleted_brand_is_absent_until_it_is_restored(db: Database) {
        let shop = Shop::open(db).await;
        let id = shop.brand("Acme").await;
        let before = shop.ledger().await;
        let answer = shop.owner().query(DELETE, json!({ "id": id })).await.ok();
        assert_eq!(answer.text("brandDelete.deletedBrandId"), id);
        assert_eq!(shop.told_since(&before).await, told("brand.delete", "brand.deleted"));

        for variables in [json!({ "id": id }), json!({ "slug": "acme" })] {
            assert!(shop.owner().query(BRAND, variables).await.ok().data("brand").is_null());
        }
        assert_eq!(brands(&shop.owner(), json!({})).await.ok().number("brands.totalCount"), 0);
        assert_eq!(shop.owner().query(DELETE, json!({ "id": id })).await.code(), "NOT_FOUND");
        assert_eq!(update(&shop.owner(), &id, json!({ "name": "X" })).await.code(), "NOT_FOUND");
        let deleted = json!({ "filter": { "deleted": true } });
        assert_eq!(brands(&shop.owner(), deleted.clone()).await.ok().texts("brands.nodes", "id"), [&id]);
        assert_eq!(brands(&shop.anonymous(), deleted).await.code(), "FORBIDDEN", "what is deleted is not for visitors");

        let before = shop.ledger().await;
        let answer = shop.owner().query(RESTORE, json!({ "id": id })).await.ok();
        assert_eq!(answer.text("brandRestore.brand.id"), id, "the id is the same");
        assert_eq!(shop.told_since(&before).await, told("brand.restore", "brand.restored"));
        assert_eq!(shop.owner().query(RESTORE, json!({ "id": id })).await.code(), "NOT_FOUND");
    }

    async fn attack_s07_the_slug_of_a_deleted_brand_is_free_and_may_be_taken(db: Database) {
        let shop = Shop::open(db).await;
        let old = shop.brand("Acme").await;
        shop.owner().query(DELETE, json!({ "id": old })).await.ok();
        let new = shop.brand("Acme").await;
        let before = shop.fingerprint().await;
        let answer = shop.owner().query(RESTORE, json!({ "id": old })).await;
        assert_eq!(answer.user_error("brandRestore"), "TAKEN slug");
        shop.assert_unchanged(&before).await;
        update(&shop.owner(), &new, json!({ "slug": "acme-new" })).await.ok();
        shop.owner().query(RESTORE, json!({ "id": old })).await.ok();
    }

    async fn only_who_manages_collections_writes_brands(db: Database) {
        let shop = Shop::open(db).await;
        let id = shop.brand("Acme").await;
        let before = shop.fingerprint().await;
        let others = shop.staff([ProductsManage, CollectionsRead]).await;
        for (who, code) in [
            (shop.anonymous(), "UNAUTHENTICATED"),
            (others, "FORBIDDEN"),
            (shop.token([CollectionsRead]).await, "FORBIDDEN"),
            (shop.storefront_token(), "FORBIDDEN"),
            (shop.rival().in_store("linden"), "FORBIDDEN"),
            (shop.owner().nowhere(), "STORE_REQUIRED"),
        ] {
            assert_eq!(create(&who, json!({ "name": "X" })).await.code(), code);
            assert_eq!(update(&who, &id, json!({ "name": "X" })).await.code(), code);
            assert_eq!(who.query(DELETE, json!({ "id": id })).await.code(), code);
            assert_eq!(who.query(RESTORE, json!({ "id": id })).await.code(), code);
        }
        let changed = before.changed(&shop.fingerprint().await);
        assert!(!changed.contains(&"brands".to_owned()) && !changed.contains(&"audit_logs".to_owned()), "{changed:?}");
    }

    async fn attack_t02_an_id_of_another_kind_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.fingerprint().await;
        for id in [shop.id::<TagId>().to_string(), "42".to_owned(), String::new(), "brand_".to_owned()] {
            for document in [DELETE, RESTORE, BRAND] {
                assert_eq!(shop.owner().query(document, json!({ "id": id })).await.code(), "BAD_USER_INPUT");
            }
            assert_eq!(update(&shop.owner(), &id, json!({})).await.code(), "BAD_USER_INPUT");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t03_another_stores_brand_answers_as_one_that_never_was(db: Database) {
        let shop = Shop::open(db).await;
        let ids = [shop.brand_of_rival("Acme").await, {
            let us = create(&shop.owner().in_store("linden-us"), json!({ "name": "Acme" })).await.ok();
            us.text("brandCreate.brand.id").to_owned()
        }];
        let never = shop.id::<BrandId>().to_string();
        let before = shop.fingerprint().await;
        for id in &ids {
            for document in [DELETE, RESTORE, BRAND] {
                let there = shop.owner().query(document, json!({ "id": id })).await;
                let nowhere = shop.owner().query(document, json!({ "id": never })).await;
                assert_eq!(comparable(&there), comparable(&nowhere));
                assert_eq!((there.status, there.statements()), (nowhere.status, nowhere.statements()));
            }
            let there = update(&shop.owner(), id, json!({ "name": "Mine" })).await;
            let nowhere = update(&shop.owner(), &never, json!({ "name": "Mine" })).await;
            assert_eq!(there.code(), "NOT_FOUND");
            assert_eq!(comparable(&there), comparable(&nowhere));
        }
        shop.assert_unchanged(&before).await;
    }

    async fn brands_are_paged_both_ways(db: Database) {
        let shop = Shop::open(db).await;
        for name in ["echo", "Ärger", "Delta", "bravo", "charlie"] {
            shop.brand(name).await;
        }
        let visitor = shop.anonymous();
        let order = ["Ärger", "bravo", "charlie", "Delta", "echo"];
        let mut seen = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = brands(&visitor, json!({ "first": 2, "after": after })).await.ok();
            assert_eq!(page.number("brands.totalCount"), 5);
            assert_eq!(page.data("brands.pageInfo.hasPreviousPage"), &json!(!after.is_null()));
            seen.extend(page.texts("brands.nodes", "name").iter().map(|name| (*name).to_owned()));
            if page.data("brands.pageInfo.hasNextPage") == &json!(false) {
                break;
            }
            after = page.data("brands.pageInfo.endCursor").clone();
        }
        assert_eq!(seen, order);
        let last = brands(&visitor, json!({ "last": 2 })).await.ok();
        assert_eq!(last.texts("brands.nodes", "name"), &order[3..]);
        let before = last.data("brands.pageInfo.startCursor");
        let middle = brands(&visitor, json!({ "last": 2, "before": before })).await.ok();
        assert_eq!(middle.texts("brands.nodes", "name"), &order[1..3]);
        let from_z = brands(&visitor, json!({ "first": 1, "sort": "NAME_DESCENDING" })).await.ok();
        assert_eq!(from_z.texts("brands.nodes", "name"), ["echo"]);
        let prefixed = brands(&visitor, json!({ "filter": { "namePrefix": "aR" } })).await.ok();
        assert_eq!(prefixed.texts("brands.nodes", "name"), ["Ärger"]);
    }

    async fn attack_g16_a_page_out_of_bounds_or_a_cursor_of_another_list_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        for name in ["a", "b", "c"] {
            shop.brand(name).await;
            shop.brand_of_rival(name).await;
        }
        let owner = shop.owner();
        for variables in [
            json!({ "first": 101 }),
            json!({ "first": 0 }),
            json!({ "first": -1 }),
            json!({ "first": 2_147_483_648_i64 }),
            json!({ "last": 101 }),
            json!({ "first": 1, "last": 1 }),
            json!({ "last": 1, "after": "x" }),
            json!({ "first": 1, "after": "garbage" }),
            json!({ "first": 1, "after": "" }),
        ] {
            let answer = brands(&owner, variables.clone()).await;
            assert!(answer.status < 500 && !answer.code().is_empty(), "{variables}: {answer}");
        }
        let page = brands(&owner, json!({ "first": 1 })).await.ok();
        let cursor = page.text("brands.pageInfo.endCursor");
        let with = |sort: &str| json!({ "first": 1, "after": cursor, "sort": sort });
        assert_eq!(brands(&owner, with("NAME")).await.ok().texts("brands.nodes", "name"), ["b"]);
        for other in ["NAME_DESCENDING", "NEWEST", "OLDEST"] {
            assert_eq!(brands(&owner, with(other)).await.code(), "BAD_USER_INPUT", "{other}");
        }
        assert_eq!(brands(&shop.rival(), with("NAME")).await.code(), "BAD_USER_INPUT", "another store's");
        let mut forged = cursor.to_owned();
        forged.pop();
        assert_eq!(brands(&owner, json!({ "first": 1, "after": forged })).await.code(), "BAD_USER_INPUT");
    }

    async fn rule_w1_the_events_of_a_brand_are_numbered(db: Database) {
        let shop = Shop::open(db).await;
        let id = shop.brand("Acme").await;
        for name in ["One", "Two"] {
            update(&shop.owner(), &id, json!({ "name": name })).await.ok();
        }
        shop.brand("Zenith").await;
        let number = "CAST(sequence AS text)";
        let sql = format!("SELECT {number} FROM domain_events WHERE aggregate_id = '{id}' ORDER BY sequence");
        assert_eq!(shop.texts(&sql).await.concat(), ["1", "2", "3"]);
    }
}
