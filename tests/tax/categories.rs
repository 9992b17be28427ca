//! Stories of tax categories.

use rules::permission::Permission::{TaxesManage, TaxesRead};
use serde_json::Value;

use super::told;
use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($input: TaxCategoryCreateInput!) { taxCategoryCreate(input: $input) {
    taxCategory { id name isDefault version } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: TaxCategoryUpdateInput!, $expectedVersion: Int) {
    taxCategoryUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) {
        taxCategory { id name isDefault version } userErrors { code field message } } }";
const DELETE: &str = "mutation($id: ID!, $expectedVersion: Int) {
    taxCategoryDelete(id: $id, expectedVersion: $expectedVersion) { deletedTaxCategoryId userErrors { code field message } } }";
const LIST: &str = "{ taxCategories { nodes { id name isDefault } } }";

async fn create(who: &Actor, input: Value) -> Answer {
    who.query(CREATE, json!({ "input": input })).await
}

async fn update(who: &Actor, id: &str, input: Value) -> Answer {
    who.query(UPDATE, json!({ "id": id, "input": input })).await
}

async fn delete(who: &Actor, id: &str) -> Answer {
    who.query(DELETE, json!({ "id": id })).await
}

/// The categories as `name` or `name*` for the default.
async fn names(who: &Actor) -> Vec<String> {
    let answer = who.query(LIST, json!({})).await.ok();
    let nodes = answer.data("taxCategories.nodes").as_array().expect("a list").clone();
    let name = |node: &Value| node["name"].as_str().expect("a name").to_owned();
    nodes.iter().map(|node| name(node) + if node["isDefault"] == true { "*" } else { "" }).collect()
}

both! {
    async fn the_first_tax_category_is_the_default_and_another_one_can_become_it(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([TaxesManage, TaxesRead]).await;
        let before = shop.ledger().await;
        let goods = create(&staff, json!({ "name": " Goods " })).await.ok();
        assert_eq!(shop.told_since(&before).await, told("tax_category.create", &["tax_category.created"]));
        assert_eq!(goods.data("taxCategoryCreate.taxCategory.isDefault"), true);
        create(&staff, json!({ "name": "Books" })).await.ok();
        let food = create(&staff, json!({ "name": "Food", "isDefault": true })).await.ok();
        assert_eq!(names(&staff).await, ["Books", "Food*", "Goods"]);

        let before = shop.ledger().await;
        let goods = goods.text("taxCategoryCreate.taxCategory.id");
        update(&staff, goods, json!({ "isDefault": true })).await.ok();
        let both = ["tax_category.updated", "tax_category.updated"];
        assert_eq!(shop.told_since(&before).await, told("tax_category.update", &both));
        assert_eq!(names(&staff).await, ["Books", "Food", "Goods*"]);

        let before = shop.fingerprint().await;
        let refused = update(&staff, goods, json!({ "isDefault": false })).await;
        assert_eq!(refused.user_error("taxCategoryUpdate"), "NOT_ALLOWED isDefault");
        assert_eq!(delete(&staff, goods).await.user_error("taxCategoryDelete"), "NOT_ALLOWED");
        shop.assert_unchanged(&before).await;
        let before = shop.ledger().await;
        delete(&staff, food.text("taxCategoryCreate.taxCategory.id")).await.ok();
        assert_eq!(shop.told_since(&before).await, told("tax_category.delete", &["tax_category.deleted"]));
        assert_eq!(names(&staff).await, ["Books", "Goods*"]);
    }

    async fn a_name_belongs_to_one_tax_category_of_a_store_whatever_its_case(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.tax_category(&owner, "Books").await;
        let other = shop.tax_category(&owner, "Food").await;
        let before = shop.fingerprint().await;
        assert_eq!(create(&owner, json!({ "name": "BOOKS" })).await.user_error("taxCategoryCreate"), "TAKEN name");
        assert_eq!(update(&owner, &other, json!({ "name": "books" })).await.user_error("taxCategoryUpdate"), "TAKEN name");
        assert_eq!(create(&owner, json!({ "name": " " })).await.user_error("taxCategoryCreate"), "REQUIRED name");
        let long = json!({ "name": "x".repeat(101) });
        assert_eq!(create(&owner, long).await.user_error("taxCategoryCreate"), "TOO_LONG name");
        let variables = json!({ "id": other, "input": { "name": "Late" }, "expectedVersion": 7 });
        assert_eq!(owner.query(UPDATE, variables).await.user_error("taxCategoryUpdate"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
        create(&shop.rival(), json!({ "name": "Books" })).await.ok();
    }

    async fn of_many_defaults_at_once_one_is_left(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let tries = (0..6).map(|number| {
            let owner = owner.clone();
            async move { create(&owner, json!({ "name": format!("Category {number}"), "isDefault": true })).await }
        });
        for answer in futures::future::join_all(tries).await {
            answer.ok();
        }
        assert_eq!(names(&owner).await.iter().filter(|name| name.ends_with('*')).count(), 1);
    }

    async fn a_tax_category_in_use_stays(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.tax_category(&owner, "Goods").await;
        let by = async |answer: Answer, what: &str| {
            assert_eq!(answer.user_error("taxCategoryDelete"), "IN_USE");
            assert!(answer.data("taxCategoryDelete.userErrors")[0]["message"].to_string().contains(what), "{answer}");
        };
        let books = shop.tax_category(&owner, "Books").await;
        let product = shop.product(&owner, json!({ "taxCategoryId": books })).await;
        by(delete(&owner, &books).await, "products").await;
        let clear = "mutation($id: ID!, $category: ID) { productUpdate(id: $id, input: { taxCategoryId: $category }) {
            product { taxCategory { name } } userErrors { code field } } }";
        let cleared = owner.query(clear, json!({ "id": product.id, "category": null })).await.ok();
        assert!(cleared.data("productUpdate.product.taxCategory").is_null());

        let vary = "mutation($id: ID!, $category: ID) { productVariantUpdate(id: $id, input: { taxCategoryId: $category }) {
            productVariant { taxCategory { name } } userErrors { code field } } }";
        let varied = owner.query(vary, json!({ "id": product.variants[0], "category": books })).await.ok();
        assert_eq!(varied.text("productVariantUpdate.productVariant.taxCategory.name"), "Books");
        by(delete(&owner, &books).await, "variants").await;
        owner.query(vary, json!({ "id": product.variants[0], "category": null })).await.ok();

        let zone = shop.any_tax_zone(&owner).await;
        let rate = shop.tax_rate(&owner, &zone, Some(&books), "0.07").await;
        by(delete(&owner, &books).await, "rates").await;
        let document = "mutation($id: ID!) { taxRateDelete(id: $id) { userErrors { code } } }";
        owner.query(document, json!({ "id": rate })).await.ok();
        super::set_taxes(&shop, json!({ "shippingCategoryId": books })).await.ok();
        by(delete(&owner, &books).await, "shipping").await;
        super::set_taxes(&shop, json!({ "shippingCategoryId": null })).await.ok();
        delete(&owner, &books).await.ok();
        assert_eq!(delete(&owner, &books).await.code(), "NOT_FOUND");

        // What is deleted is named no more.
        let before = shop.fingerprint().await;
        let named = owner.query(vary, json!({ "id": product.variants[0], "category": books })).await;
        assert_eq!(named.user_error("productVariantUpdate"), "NOT_FOUND taxCategoryId");
        assert_eq!(owner.query(clear, json!({ "id": product.id, "category": books })).await.user_error("productUpdate"), "NOT_FOUND taxCategoryId");
        let create = "mutation($input: ProductCreateInput!) { productCreate(input: $input) { userErrors { code field } } }";
        let input = json!({ "title": "Map", "variants": [{ "taxCategoryId": books }] });
        let refused = owner.query(create, json!({ "input": input })).await;
        assert_eq!(refused.user_error("productCreate"), "NOT_FOUND variants.0.taxCategoryId");
        shop.assert_unchanged(&before).await;
    }

    /// Who deletes a category and who puts goods into it meet: never is there a product in a deleted one.
    async fn a_category_is_deleted_or_used_and_never_both(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.tax_category(&owner, "Goods").await;
        let node = shop.second_node().await;
        for round in 0..5 {
            let books = shop.tax_category(&owner, &format!("Books {round}")).await;
            let product = shop.product(&owner, json!({})).await;
            let name = "mutation($id: ID!, $category: ID) { productUpdate(id: $id, input: { taxCategoryId: $category }) { userErrors { code } } }";
            let there = shop.on(&node, &owner);
            let naming = there.query(name, json!({ "id": product.id, "category": books }));
            let (deleted, named) = tokio::join!(delete(&owner, &books), naming);
            assert!(deleted.is_ok() != named.is_ok(), "{deleted} {named}");
        }
        let dead = "SELECT COUNT(*) FROM products p JOIN tax_categories c ON c.id = p.tax_category_id WHERE c.deleted_at IS NOT NULL";
        assert_eq!(shop.number(dead).await, 0);
    }
}
