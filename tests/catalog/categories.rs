//! Stories of the tree of categories.

use rules::ids::CategoryId;
use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($input: CategoryCreateInput!) { categoryCreate(input: $input) {
    category { id slug depth position } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: CategoryUpdateInput!, $version: Int) {
    categoryUpdate(id: $id, input: $input, expectedVersion: $version) {
        category { id depth position parent { id } version } userErrors { code field message } } }";
const DELETE: &str = "mutation($id: ID!) { categoryDelete(id: $id) { deletedCategoryId userErrors { code field } } }";
const RESTORE: &str = "mutation($id: ID!) { categoryRestore(id: $id) {
    category { id position depth } userErrors { code field } } }";
const WAY: &str = "query($id: ID!) { category(id: $id) { name depth ancestors { name } children { name } } }";

async fn update(owner: &Actor, id: &str, input: Value) -> Answer {
    owner.query(UPDATE, json!({ "id": id, "input": input })).await
}

/// The names directly under a category, in their order.
async fn children(owner: &Actor, id: &str) -> Vec<String> {
    let answer = owner.query(WAY, json!({ "id": id })).await.ok();
    answer.texts("category.children", "name").into_iter().map(str::to_owned).collect()
}

both! {
    async fn a_tree_grows_and_shows_the_way(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.ledger().await;
        let shoes = shop.category(&owner, "Shoes", None).await;
        let boots = shop.category(&owner, "Boots", Some(&shoes)).await;
        let winter = shop.category(&owner, "Winter boots", Some(&boots)).await;
        assert_eq!(shop.told_since(&before).await.events, vec!["category.created".to_owned(); 3]);
        assert_eq!(shop.told_since(&before).await.audit, vec!["category.create".to_owned(); 3]);

        let visitor = shop.anonymous();
        let answer = visitor.query(WAY, json!({ "id": winter })).await.ok();
        assert_eq!(answer.texts("category.ancestors", "name"), ["Shoes", "Boots"]);
        assert_eq!(answer.number("category.depth"), 2);
        let by_slug = "{ category(slug: \"boots\") { parent { name parent { name } } children { name } } }";
        let answer = visitor.query(by_slug, json!({})).await.ok();
        assert_eq!(answer.text("category.parent.name"), "Shoes");
        assert_eq!(answer.data("category.parent.parent"), &Value::Null);
        assert_eq!(answer.texts("category.children", "name"), ["Winter boots"]);

        let lists = "query($filter: CategoryFilterInput) { categories(filter: $filter) { nodes { name } totalCount } }";
        let answer = visitor.query(lists, json!({ "filter": { "roots": true } })).await.ok();
        assert_eq!(answer.texts("categories.nodes", "name"), ["Shoes"]);
        let answer = visitor.query(lists, json!({ "filter": { "parentId": shoes } })).await.ok();
        assert_eq!(answer.texts("categories.nodes", "name"), ["Boots"]);
        let answer = visitor.query(lists, json!({ "filter": { "parentId": shoes, "roots": true } })).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT");
    }

    async fn deep_trees_take_no_more_statements_than_flat_ones(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let ask = "{ categories(first: 100, sort: NAME) { nodes { name parent { name } children { name } ancestors { name } } } }";
        let first = shop.category(&owner, "A", None).await;
        shop.category(&owner, "A1", Some(&first)).await;
        let few = shop.anonymous().query(ask, json!({})).await.ok().statements();
        for root in ["B", "C", "D"] {
            let mut above = shop.category(&owner, root, None).await;
            for level in 1..6 {
                above = shop.category(&owner, &format!("{root}{level}"), Some(&above)).await;
            }
        }
        let answer = shop.anonymous().query(ask, json!({})).await.ok();
        assert_eq!(answer.statements(), few);
        let deepest = answer.data("categories.nodes").as_array().unwrap().iter().find(|row| row["name"] == "D5").unwrap();
        let way: Vec<_> = deepest["ancestors"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
        assert_eq!(way, ["D", "D1", "D2", "D3", "D4"]);
    }

    async fn children_keep_the_merchants_order(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let shoes = shop.category(&owner, "Shoes", None).await;
        let mut ids = Vec::new();
        for name in ["A", "B", "C", "D"] {
            ids.push(shop.category(&owner, name, Some(&shoes)).await);
        }
        update(&owner, &ids[3], json!({ "position": 0 })).await.ok();
        assert_eq!(children(&owner, &shoes).await, ["D", "A", "B", "C"]);
        update(&owner, &ids[0], json!({ "position": 99 })).await.ok();
        assert_eq!(children(&owner, &shoes).await, ["D", "B", "C", "A"]);
        update(&owner, &ids[1], json!({ "parentId": shoes })).await.ok();
        assert_eq!(children(&owner, &shoes).await, ["D", "B", "C", "A"]);
        let input = json!({ "input": { "name": "E", "parentId": shoes, "position": 1 } });
        let answer = owner.query(CREATE, input).await.ok();
        assert_eq!(answer.number("categoryCreate.category.position"), 1);
        assert_eq!(children(&owner, &shoes).await, ["D", "E", "B", "C", "A"]);
        owner.query(DELETE, json!({ "id": ids[1] })).await.ok();
        let answer = owner.query(RESTORE, json!({ "id": ids[1] })).await.ok();
        assert_eq!(answer.number("categoryRestore.category.position"), 4);
        assert_eq!(children(&owner, &shoes).await, ["D", "E", "C", "A", "B"]);
        let answer = update(&owner, &ids[2], json!({ "position": -1 })).await;
        assert_eq!(answer.user_error("categoryUpdate"), "OUT_OF_RANGE position");

        let pages = "query($after: String) { categories(first: 2, after: $after, filter: { parentId: \"ID\" }) {
            nodes { name } pageInfo { endCursor hasNextPage } } }"
            .replace("ID", &shoes);
        let one = owner.query(&pages, json!({})).await.ok();
        assert_eq!(one.texts("categories.nodes", "name"), ["D", "E"]);
        let two = owner.query(&pages, json!({ "after": one.text("categories.pageInfo.endCursor") })).await.ok();
        assert_eq!(two.texts("categories.nodes", "name"), ["C", "A"]);
    }

    async fn a_moved_branch_takes_everything_along(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let shoes = shop.category(&owner, "Shoes", None).await;
        let boots = shop.category(&owner, "Boots", Some(&shoes)).await;
        let winter = shop.category(&owner, "Winter", Some(&boots)).await;
        let sale = shop.category(&owner, "Sale", None).await;
        let last = shop.category(&owner, "Last chance", Some(&sale)).await;

        let before = shop.ledger().await;
        let answer = update(&owner, &boots, json!({ "parentId": last })).await.ok();
        assert_eq!(answer.number("categoryUpdate.category.depth"), 2);
        assert_eq!(shop.told_since(&before).await.events, ["category.updated"]);
        let answer = owner.query(WAY, json!({ "id": winter })).await.ok();
        assert_eq!(answer.texts("category.ancestors", "name"), ["Sale", "Last chance", "Boots"]);
        assert_eq!(answer.number("category.depth"), 3);
        assert_eq!(children(&owner, &shoes).await, Vec::<String>::new());

        let answer = update(&owner, &boots, json!({ "parentId": null, "position": 0 })).await.ok();
        assert_eq!(answer.data("categoryUpdate.category.parent"), &Value::Null);
        let answer = owner.query(WAY, json!({ "id": winter })).await.ok();
        assert_eq!(answer.number("category.depth"), 1);
        let roots = owner.query("{ categories(filter: { roots: true }) { nodes { name } } }", json!({})).await.ok();
        assert_eq!(roots.texts("categories.nodes", "name"), ["Boots", "Shoes", "Sale"]);
    }

    async fn no_category_stands_under_itself(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let a = shop.category(&owner, "A", None).await;
        let b = shop.category(&owner, "B", Some(&a)).await;
        let c = shop.category(&owner, "C", Some(&b)).await;
        let before = shop.fingerprint().await;
        for under in [&a, &b, &c] {
            let answer = update(&owner, &a, json!({ "parentId": under })).await;
            assert_eq!(answer.user_error("categoryUpdate"), "CYCLE parentId");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn two_moves_at_once_close_no_circle(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        for round in 0..5 {
            let a = shop.category(&owner, &format!("A{round}"), None).await;
            let b = shop.category(&owner, &format!("B{round}"), None).await;
            let below = shop.category(&owner, &format!("A{round} below"), Some(&a)).await;
            let (one, two) = tokio::join!(
                update(&owner, &a, json!({ "parentId": b })),
                update(&owner, &b, json!({ "parentId": below })),
            );
            let won = [&one, &two].into_iter().filter(|answer| answer.is_ok()).count();
            assert_eq!(won, 1, "{one} {two}");
            let lost = if one.is_ok() { two } else { one };
            assert_eq!(lost.user_error("categoryUpdate"), "CYCLE parentId");
        }
    }

    async fn children_made_at_once_have_places_of_their_own(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let parent = shop.category(&owner, "Shoes", None).await;
        let made = (0..8).map(|number| {
            let (shop, owner, parent) = (&shop, &owner, &parent);
            async move { shop.category(owner, &format!("Number {number}"), Some(parent)).await }
        });
        futures::future::join_all(made).await;
        let places = "{ categories(filter: { parentId: \"ID\" }) { nodes { position } } }".replace("ID", &parent);
        let answer = owner.query(&places, json!({})).await.ok();
        let places: Vec<_> = answer.data("categories.nodes").as_array().unwrap().iter().map(|row| row["position"].clone()).collect();
        assert_eq!(places, [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    async fn a_tree_has_eight_levels_at_the_most(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut way = vec![shop.category(&owner, "Level 1", None).await];
        for level in 2..=8 {
            way.push(shop.category(&owner, &format!("Level {level}"), way.last().map(String::as_str)).await);
        }
        let answer = owner.query(CREATE, json!({ "input": { "name": "Level 9", "parentId": way[7] } })).await;
        assert_eq!(answer.user_error("categoryCreate"), "LIMIT_REACHED parentId");
        let root = shop.category(&owner, "Another", None).await;
        shop.category(&owner, "Its child", Some(&root)).await;
        let answer = update(&owner, &root, json!({ "parentId": way[6] })).await;
        assert_eq!(answer.user_error("categoryUpdate"), "LIMIT_REACHED parentId");
        update(&owner, &root, json!({ "parentId": way[5] })).await.ok();
    }

    async fn attack_t28_a_category_with_children_stays_and_none_vanishes(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let shoes = shop.category(&owner, "Shoes", None).await;
        let boots = shop.category(&owner, "Boots", Some(&shoes)).await;
        let before = shop.fingerprint().await;
        let answer = owner.query(DELETE, json!({ "id": shoes })).await;
        assert_eq!(answer.user_error("categoryDelete"), "IN_USE id");
        shop.assert_unchanged(&before).await;

        owner.query(DELETE, json!({ "id": boots })).await.ok();
        owner.query(DELETE, json!({ "id": shoes })).await.ok();
        assert_eq!(shop.number("SELECT COUNT(*) FROM categories").await, 2);
        let answer = shop.anonymous().query(WAY, json!({ "id": boots })).await.ok();
        assert_eq!(answer.data("category"), &Value::Null);
        let answer = owner.query(RESTORE, json!({ "id": boots })).await;
        assert_eq!(answer.user_error("categoryRestore"), "NOT_ALLOWED id");
        owner.query(RESTORE, json!({ "id": shoes })).await.ok();
        owner.query(RESTORE, json!({ "id": boots })).await.ok();
        assert_eq!(children(&owner, &shoes).await, ["Boots"]);
        assert_eq!(owner.query(RESTORE, json!({ "id": boots })).await.code(), "NOT_FOUND");
    }

    async fn a_slug_that_was_freed_can_be_taken(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let shoes = shop.category(&owner, "Shoes", None).await;
        let again = owner.query(CREATE, json!({ "input": { "name": "Shoes" } })).await;
        assert_eq!(again.user_error("categoryCreate"), "TAKEN slug");
        owner.query(DELETE, json!({ "id": shoes })).await.ok();
        shop.category(&owner, "Shoes", None).await;
        let back = owner.query(RESTORE, json!({ "id": shoes })).await;
        assert_eq!(back.user_error("categoryRestore"), "TAKEN slug");
        let rival = shop.rival().query(CREATE, json!({ "input": { "name": "Shoes" } })).await.ok();
        assert_eq!(rival.text("categoryCreate.category.slug"), "shoes");
    }

    async fn a_stale_version_changes_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let shoes = shop.category(&owner, "Shoes", None).await;
        update(&owner, &shoes, json!({ "name": "Footwear" })).await.ok();
        let before = shop.fingerprint().await;
        let late = json!({ "id": shoes, "input": { "name": "Boots", "position": 0 }, "version": 1 });
        assert_eq!(owner.query(UPDATE, late).await.user_error("categoryUpdate"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t06_a_parent_of_another_store_is_not_there(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, rival) = (shop.owner(), shop.rival());
        let own = shop.category(&owner, "Shoes", None).await;
        let theirs = shop.category(&rival, "Shoes", None).await;
        let made_up = shop.id::<CategoryId>().to_string();
        let before = shop.fingerprint().await;
        for parent in [&theirs, &made_up] {
            let answer = owner.query(CREATE, json!({ "input": { "name": "Boots", "parentId": parent } })).await;
            assert_eq!(answer.user_error("categoryCreate"), "NOT_FOUND parentId");
            let answer = update(&owner, &own, json!({ "parentId": parent })).await;
            assert_eq!(answer.user_error("categoryUpdate"), "NOT_FOUND parentId");
            let filter = "query($id: ID) { categories(filter: { parentId: $id }) { nodes { id } totalCount } }";
            let answer = owner.query(filter, json!({ "id": parent })).await.ok();
            assert_eq!(answer.number("categories.totalCount"), 0);
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t03_a_category_of_another_store_answers_as_none(db: Database) {
        let shop = Shop::open(db).await;
        let (owner, rival) = (shop.owner(), shop.rival());
        let theirs = shop.category(&rival, "Shoes", None).await;
        let made_up = shop.id::<CategoryId>().to_string();
        let before = shop.fingerprint().await;
        for document in [UPDATE, DELETE, RESTORE] {
            let real = owner.query(document, json!({ "id": theirs, "input": { "name": "Mine" } })).await;
            let fake = owner.query(document, json!({ "id": made_up, "input": { "name": "Mine" } })).await;
            assert_eq!(real.code(), "NOT_FOUND", "{real}");
            assert_eq!(real.refusal(), fake.refusal());
        }
        assert_eq!(owner.query(WAY, json!({ "id": theirs })).await.ok().data("category"), &Value::Null);
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t02_an_id_of_another_type_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let brand = shop.brand("Acme").await;
        let before = shop.fingerprint().await;
        for document in [UPDATE, DELETE, RESTORE, WAY] {
            let answer = owner.query(document, json!({ "id": brand, "input": { "name": "Mine" } })).await;
            assert!(!answer.is_ok(), "{answer}");
            assert!(answer.message().contains("category_"), "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn visitors_see_no_deleted_categories_and_no_versions(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let shoes = shop.category(&owner, "Shoes", None).await;
        let deleted = "{ categories(filter: { deleted: true }) { nodes { name } } }";
        owner.query(DELETE, json!({ "id": shoes })).await.ok();
        assert_eq!(shop.anonymous().query(deleted, json!({})).await.code(), "FORBIDDEN");
        let answer = owner.query(deleted, json!({})).await.ok();
        assert_eq!(answer.texts("categories.nodes", "name"), ["Shoes"]);
        let powerless = shop.powerless().await;
        let before = shop.fingerprint().await;
        for caller in [shop.anonymous(), shop.storefront_token(), powerless] {
            let answer = caller.query(CREATE, json!({ "input": { "name": "Boots" } })).await;
            assert!(["FORBIDDEN", "UNAUTHENTICATED"].contains(&answer.code()), "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }
}
