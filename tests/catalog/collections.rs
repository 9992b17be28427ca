//! Stories of collections that are made by hand.

use chrono::TimeDelta;
use rules::ids::{CollectionId, ProductId};
use rules::permission::Permission::{CollectionsManage, CollectionsRead};
use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($input: CollectionCreateInput!) { collectionCreate(input: $input) {
    collection { id slug publishedAt } userErrors { code field } } }";
const UPDATE: &str = "mutation($id: ID!, $input: CollectionUpdateInput!) { collectionUpdate(id: $id, input: $input) {
    collection { id title } userErrors { code field } } }";
const SET: &str = "mutation($id: ID!, $productIds: [ID!]!, $version: Int) {
    collectionProductsSet(id: $id, productIds: $productIds, expectedVersion: $version) {
        collection { version } userErrors { code field } } }";
const ADD: &str = "mutation($id: ID!, $productIds: [ID!]!) { collectionProductsAdd(id: $id, productIds: $productIds) {
    collection { version } userErrors { code field } } }";
const REMOVE: &str = "mutation($id: ID!, $productIds: [ID!]!) {
    collectionProductsRemove(id: $id, productIds: $productIds) { collection { version } userErrors { code field } } }";
const DELETE: &str =
    "mutation($id: ID!) { collectionDelete(id: $id) { deletedCollectionId userErrors { code field } } }";
const RESTORE: &str =
    "mutation($id: ID!) { collectionRestore(id: $id) { collection { title } userErrors { code field } } }";
const ONE: &str = "query($id: ID!) { collection(id: $id) { title } }";
const ALL: &str =
    "query($filter: CollectionFilterInput) { collections(filter: $filter) { nodes { title } totalCount } }";

async fn products(shop: &Shop, count: usize) -> Vec<ProductId> {
    let mut products = Vec::new();
    for number in 0..count {
        products.push(shop.product_row(shop.linden.store(), &format!("Product {number}")).await);
    }
    products
}

async fn send(owner: &Actor, document: &str, id: &str, products: &[ProductId]) -> Answer {
    let ids: Vec<String> = products.iter().map(ToString::to_string).collect();
    owner.query(document, json!({ "id": id, "productIds": ids })).await
}

/// The titles of a collection's products, in their order.
async fn titles(shop: &Shop, id: &str) -> Vec<String> {
    let sql = format!(
        "SELECT p.title FROM collection_products c JOIN products p ON p.store_id = c.store_id AND p.id = c.product_id \
         WHERE c.collection_id = {} ORDER BY c.position, c.product_id",
        shop.literal_of(id)
    );
    shop.texts(&sql).await.into_iter().map(|mut row| row.remove(0)).collect()
}

both! {
    async fn products_stand_in_the_merchants_order(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let summer = shop.collection(&owner, "Summer").await;
        let products = products(&shop, 5).await;
        let before = shop.ledger().await;
        send(&owner, SET, &summer, &[products[2], products[0], products[1]]).await.ok();
        assert_eq!(titles(&shop, &summer).await, ["Product 2", "Product 0", "Product 1"]);
        send(&owner, ADD, &summer, &[products[4], products[0], products[3]]).await.ok();
        assert_eq!(titles(&shop, &summer).await, ["Product 2", "Product 0", "Product 1", "Product 4", "Product 3"]);
        send(&owner, REMOVE, &summer, &[products[0], products[4]]).await.ok();
        assert_eq!(titles(&shop, &summer).await, ["Product 2", "Product 1", "Product 3"]);
        send(&owner, ADD, &summer, &[products[0]]).await.ok();
        assert_eq!(titles(&shop, &summer).await, ["Product 2", "Product 1", "Product 3", "Product 0"]);
        let answer = send(&owner, SET, &summer, &[]).await.ok();
        assert_eq!(answer.number("collectionProductsSet.collection.version"), 6);
        assert_eq!(titles(&shop, &summer).await, Vec::<String>::new());
        let told = shop.told_since(&before).await;
        let mut events = told.events;
        events.sort();
        let verbs = ["added", "added", "removed", "set", "set"].map(|verb| format!("collection_products.{verb}"));
        assert_eq!(events, verbs);
        assert_eq!(told.audit.len(), 5);
        assert_eq!(shop.number("SELECT COUNT(*) FROM products").await, 5);
    }

    async fn attack_t06_products_that_are_not_there_are_named_and_nothing_changes(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let summer = shop.collection(&owner, "Summer").await;
        let own = products(&shop, 1).await[0];
        let theirs = shop.product_row(shop.rival.store(), "Theirs").await;
        let made_up = shop.id::<ProductId>();
        send(&owner, SET, &summer, &[own]).await.ok();
        let before = shop.fingerprint().await;
        for (document, field) in
            [(SET, "collectionProductsSet"), (ADD, "collectionProductsAdd"), (REMOVE, "collectionProductsRemove")]
        {
            let answer = send(&owner, document, &summer, &[own, theirs]).await;
            assert_eq!(answer.user_error(field), "NOT_FOUND productIds.1");
            let fake = send(&owner, document, &summer, &[own, made_up]).await;
            assert_eq!(answer.body, fake.body);
            let answer = send(&owner, document, &summer, &[own, own]).await;
            assert_eq!(answer.user_error(field), "DUPLICATE productIds.1");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t03_a_collection_of_another_store_answers_as_none(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, rival) = (shop.owner(), shop.rival());
        let theirs = shop.collection(&rival, "Summer").await;
        let made_up = shop.id::<CollectionId>().to_string();
        let before = shop.fingerprint().await;
        for document in [UPDATE, SET, ADD, REMOVE, DELETE, RESTORE] {
            let variables = |id: &str| json!({ "id": id, "input": { "title": "Mine" }, "productIds": [] });
            let real = owner.query(document, variables(&theirs)).await;
            let fake = owner.query(document, variables(&made_up)).await;
            assert_eq!(real.code(), "NOT_FOUND", "{real}");
            assert_eq!(real.refusal(), fake.refusal());
        }
        assert_eq!(owner.query(ONE, json!({ "id": theirs })).await.ok().data("collection"), &Value::Null);
        shop.assert_unchanged(&before).await;
    }

    async fn a_stale_set_changes_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let summer = shop.collection(&owner, "Summer").await;
        let products = products(&shop, 2).await;
        send(&owner, SET, &summer, &products).await.ok();
        let before = shop.fingerprint().await;
        let late = json!({ "id": summer, "productIds": [], "version": 1 });
        assert_eq!(owner.query(SET, late).await.user_error("collectionProductsSet"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
    }

    async fn additions_at_once_all_arrive_at_places_of_their_own(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let summer = shop.collection(&owner, "Summer").await;
        let products = products(&shop, 10).await;
        let sent = products.chunks(2).map(|pair| send(&owner, ADD, &summer, pair));
        for answer in futures::future::join_all(sent).await {
            answer.ok();
        }
        assert_eq!(titles(&shop, &summer).await.len(), 10);
        assert_eq!(shop.number("SELECT COUNT(DISTINCT position) FROM collection_products").await, 10);
    }

    async fn visitors_see_what_is_published(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, visitor) = (shop.owner(), shop.anonymous());
        let hidden = owner.query(CREATE, json!({ "input": { "title": "Hidden" } })).await.ok();
        let hidden = hidden.text("collectionCreate.collection.id").to_owned();
        let soon = shop.writer().now + TimeDelta::hours(1);
        let soon = owner.query(CREATE, json!({ "input": { "title": "Soon", "publishedAt": soon } })).await.ok();
        let soon = soon.text("collectionCreate.collection.id").to_owned();
        shop.collection(&owner, "Now").await;
        for id in [&hidden, &soon] {
            assert_eq!(visitor.query(ONE, json!({ "id": id })).await.ok().data("collection"), &Value::Null);
        }
        let by_slug = "{ collection(slug: \"hidden\") { title } }";
        assert_eq!(visitor.query(by_slug, json!({})).await.ok().data("collection"), &Value::Null);
        let answer = visitor.query(ALL, json!({})).await.ok();
        assert_eq!(answer.texts("collections.nodes", "title"), ["Now"]);
        assert_eq!(answer.number("collections.totalCount"), 1);

        for filter in [json!({ "published": false }), json!({ "published": true }), json!({ "deleted": true })] {
            assert_eq!(visitor.query(ALL, json!({ "filter": filter })).await.code(), "FORBIDDEN");
        }
        let staff = shop.staff([CollectionsRead]).await;
        let answer = staff.query(ALL, json!({})).await.ok();
        assert_eq!(answer.texts("collections.nodes", "title"), ["Hidden", "Now", "Soon"]);
        let answer = staff.query(ALL, json!({ "filter": { "published": false } })).await.ok();
        assert_eq!(answer.texts("collections.nodes", "title"), ["Hidden", "Soon"]);

        shop.wait(TimeDelta::hours(2));
        let owner = shop.again(&owner).await;
        assert_eq!(visitor.query(ONE, json!({ "id": soon })).await.ok().text("collection.title"), "Soon");
        owner.query(UPDATE, json!({ "id": soon, "input": { "publishedAt": null } })).await.ok();
        assert_eq!(visitor.query(ONE, json!({ "id": soon })).await.ok().data("collection"), &Value::Null);
    }

    async fn attack_t28_a_deleted_collection_takes_nothing_along_and_comes_back_whole(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let summer = shop.collection(&owner, "Summer").await;
        let products = products(&shop, 2).await;
        send(&owner, SET, &summer, &products).await.ok();
        owner.query(DELETE, json!({ "id": summer })).await.ok();
        assert_eq!(shop.anonymous().query(ONE, json!({ "id": summer })).await.ok().data("collection"), &Value::Null);
        assert_eq!(send(&owner, ADD, &summer, &products).await.code(), "NOT_FOUND");
        assert_eq!(shop.number("SELECT COUNT(*) FROM products WHERE deleted_at IS NULL").await, 2);
        owner.query(RESTORE, json!({ "id": summer })).await.ok();
        assert_eq!(titles(&shop, &summer).await, ["Product 0", "Product 1"]);
    }

    async fn times_out_of_this_world_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([CollectionsManage]).await;
        let before = shop.fingerprint().await;
        for time in ["1969-12-31T23:59:59Z", "+12026-01-01T00:00:00Z"] {
            let answer = staff.query(CREATE, json!({ "input": { "title": "Then", "publishedAt": time } })).await;
            assert_eq!(answer.user_error("collectionCreate"), "OUT_OF_RANGE publishedAt", "{time}");
        }
        let answer = staff.query(CREATE, json!({ "input": { "title": "Then", "publishedAt": "tomorrow" } })).await;
        assert!(!answer.is_ok());
        shop.assert_unchanged(&before).await;
        let fine = "2026-02-01T00:00:00.123456789Z";
        let answer = staff.query(CREATE, json!({ "input": { "title": "Then", "publishedAt": fine } })).await.ok();
        assert!(answer.text("collectionCreate.collection.publishedAt").starts_with("2026-02-01T00:00:00.123456"));
        assert!(!answer.text("collectionCreate.collection.publishedAt").contains("789"));
    }
}
