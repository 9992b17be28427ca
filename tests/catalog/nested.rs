//! Stories of the products inside categories and collections.

use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};

const IN_CATEGORIES: &str =
    "query($first: Int, $after: String, $last: Int, $before: String, $sort: ProductSort!, $below: Boolean!) {
    categories(first: 50, sort: NAME) { nodes { name
        products(first: $first, after: $after, last: $last, before: $before, sort: $sort, includeDescendants: $below) {
            totalCount nodes { title } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";
const IN_COLLECTIONS: &str = "query($first: Int, $after: String) {
    collections(first: 50) { nodes { title
        products(first: $first, after: $after) { totalCount nodes { title variants { title } } pageInfo { hasNextPage endCursor } } } } }";
const SET: &str = "mutation($id: ID!, $productIds: [ID!]!) {
    collectionProductsSet(id: $id, productIds: $productIds) { collection { id } userErrors { code } } }";

/// A product with this title, in a category or in none.
async fn product(shop: &Shop, owner: &Actor, title: &str, category: Option<&str>) -> String {
    shop.product(owner, json!({ "title": title, "categoryId": category })).await.id
}

/// The products of each row of a list, by the row's name.
fn inside(answer: &Answer, list: &str, name: &str) -> Vec<(String, Vec<String>, i64)> {
    let rows = answer.data(list).as_array().expect("a list").iter();
    rows.map(|row| {
        let titles = row["products"]["nodes"].as_array().expect("products").iter();
        let titles = titles.map(|node| node["title"].as_str().expect("a title").to_owned());
        let count = row["products"]["totalCount"].as_i64().expect("a count");
        (row[name].as_str().expect("a name").to_owned(), titles.collect(), count)
    })
    .collect()
}

fn row(name: &str, titles: &[&str], count: i64) -> (String, Vec<String>, i64) {
    (name.to_owned(), titles.iter().map(|title| (*title).to_owned()).collect(), count)
}

both! {
    async fn a_page_of_products_stands_in_each_category(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let home = shop.category(&owner, "Home", None).await;
        let lamps = shop.category(&owner, "Lamps", Some(&home)).await;
        let desk = shop.category(&owner, "Lamps for desks", Some(&lamps)).await;
        shop.category(&owner, "Nothing", None).await;
        for title in ["Ash", "Birch", "Cedar"] {
            product(&shop, &owner, title, Some(&home)).await;
        }
        product(&shop, &owner, "Dim", Some(&lamps)).await;
        product(&shop, &owner, "Elbow", Some(&desk)).await;
        product(&shop, &owner, "Nowhere", None).await;
        let ask = async |variables: Value| {
            let mut all = json!({ "first": 2, "sort": "TITLE", "below": true });
            for (name, value) in variables.as_object().expect("an object") {
                all[name] = value.clone();
            }
            shop.anonymous().query(IN_CATEGORIES, all).await.ok()
        };
        let answer = ask(json!({})).await;
        assert_eq!(
            inside(&answer, "categories.nodes", "name"),
            [row("Home", &["Ash", "Birch"], 5), row("Lamps", &["Dim", "Elbow"], 2), row("Lamps for desks", &["Elbow"], 1), row("Nothing", &[], 0)]
        );
        let page = answer.data("categories.nodes.0.products.pageInfo");
        assert_eq!((&page["hasNextPage"], &page["hasPreviousPage"]), (&json!(true), &json!(false)));
        assert_eq!(answer.data("categories.nodes.1.products.pageInfo.hasNextPage"), &json!(false));
        assert_eq!(answer.data("categories.nodes.3.products.pageInfo.endCursor"), &Value::Null);
        // The cursor goes on in the list that it came from.
        let next = ask(json!({ "after": page["endCursor"] })).await;
        assert_eq!(inside(&next, "categories.nodes", "name")[0], row("Home", &["Cedar", "Dim"], 5));
        let back = ask(json!({ "first": null, "last": 1, "before": next.data("categories.nodes.0.products.pageInfo.startCursor") })).await;
        assert_eq!(inside(&back, "categories.nodes", "name")[0], row("Home", &["Birch"], 5));
        let alone = ask(json!({ "below": false, "sort": "TITLE_DESC", "first": 3 })).await;
        assert_eq!(
            inside(&alone, "categories.nodes", "name"),
            [row("Home", &["Cedar", "Birch", "Ash"], 3), row("Lamps", &["Dim"], 1), row("Lamps for desks", &["Elbow"], 1), row("Nothing", &[], 0)]
        );
        // It says what the list of products says.
        let list = "query($id: ID!) { products(first: 2, sort: TITLE, filter: { categoryId: $id }) { nodes { title } totalCount } }";
        let answer = shop.anonymous().query(list, json!({ "id": home })).await.ok();
        assert_eq!((answer.texts("products.nodes", "title"), answer.number("products.totalCount")), (vec!["Ash", "Birch"], 5));
    }

    async fn products_stand_in_a_collection_in_the_merchants_order(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mut products = Vec::new();
        for title in ["Ash", "Birch", "Cedar"] {
            products.push(product(&shop, &owner, title, None).await);
        }
        let (spring, summer) = (shop.collection(&owner, "Spring").await, shop.collection(&owner, "Summer").await);
        let order = |places: [usize; 3]| places.map(|place| products[place].clone());
        owner.query(SET, json!({ "id": spring, "productIds": order([2, 0, 1]) })).await.ok();
        owner.query(SET, json!({ "id": summer, "productIds": order([1, 2, 0]) })).await.ok();
        let first = shop.anonymous().query(IN_COLLECTIONS, json!({ "first": 2 })).await.ok();
        assert_eq!(inside(&first, "collections.nodes", "title"), [row("Spring", &["Cedar", "Ash"], 3), row("Summer", &["Birch", "Cedar"], 3)]);
        assert_eq!(first.text("collections.nodes.0.products.nodes.0.variants.0.title"), "Default");
        let cursor = first.data("collections.nodes.0.products.pageInfo.endCursor");
        let next = shop.anonymous().query(IN_COLLECTIONS, json!({ "first": 2, "after": cursor })).await.ok();
        assert_eq!(inside(&next, "collections.nodes", "title")[0], row("Spring", &["Birch"], 3));
        let sorted = "query($id: ID!) { collection(id: $id) { products(sort: TITLE_DESC, first: 2) { nodes { title } } } }";
        let answer = shop.anonymous().query(sorted, json!({ "id": spring })).await.ok();
        assert_eq!(answer.texts("collection.products.nodes", "title"), ["Cedar", "Birch"]);
        // By price, and only those with one in the currency that is asked for.
        let price = "mutation($id: ID!, $amount: Decimal!) { pricesSet(productId: $id, prices: [{ currency: \"EUR\", amount: $amount }]) { prices { id } userErrors { code } } }";
        for (place, amount) in [(0, "7.00"), (2, "5.00")] {
            owner.query(price, json!({ "id": products[place], "amount": amount })).await.ok();
        }
        let cheap = "query($id: ID!) { collection(id: $id) { products(sort: PRICE) { totalCount nodes { title } } } }";
        let answer = shop.anonymous().query(cheap, json!({ "id": spring })).await.ok();
        assert_eq!((answer.texts("collection.products.nodes", "title"), answer.number("collection.products.totalCount")), (vec!["Cedar", "Ash"], 2));
        let none = shop.anonymous().with_header("x-currency", "USD").query(cheap, json!({ "id": spring })).await.ok();
        assert_eq!(none.number("collection.products.totalCount"), 0);
        // A collection's own order is nobody else's, and a page is held to its bounds here too.
        let category = shop.category(&owner, "Home", None).await;
        for arguments in ["sort: COLLECTION", "first: 0", "first: 2, last: 2", "after: \"nonsense\""] {
            let document = format!("query($id: ID!) {{ category(id: $id) {{ name products({arguments}) {{ totalCount }} }} }}");
            let answer = shop.anonymous().query(&document, json!({ "id": category })).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{arguments}: {answer}");
            assert_eq!(answer.text("category.name"), "Home", "its siblings stay");
        }
    }

    async fn attack_t20_hidden_products_stand_in_no_list_and_no_count(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let category = shop.category(&owner, "Home", None).await;
        let shown = product(&shop, &owner, "Shown", Some(&category)).await;
        let draft = shop.product(&owner, json!({ "title": "Draft", "status": "DRAFT", "publishedAt": null, "categoryId": category })).await.id;
        let gone = product(&shop, &owner, "Gone", Some(&category)).await;
        let collection = shop.collection(&owner, "Spring").await;
        owner.query(SET, json!({ "id": collection, "productIds": [draft, gone, shown] })).await.ok();
        owner.query("mutation($id: ID!) { productDelete(id: $id) { deletedProductId userErrors { code } } }", json!({ "id": gone })).await.ok();
        // The rival has a category and a product of its own.
        let theirs = shop.category(&shop.rival(), "Home", None).await;
        product(&shop, &shop.rival(), "Theirs", Some(&theirs)).await;
        let document = "query($category: ID!, $collection: ID!) { \
            category(id: $category) { products(sort: TITLE) { totalCount nodes { title } } } \
            collection(id: $collection) { products { totalCount nodes { title } } } }";
        let variables = json!({ "category": category, "collection": collection });
        for (who, category, collection) in [
            (shop.anonymous(), vec!["Shown"], vec!["Shown"]),
            (shop.powerless().await, vec!["Shown"], vec!["Shown"]),
            (shop.staff([rules::permission::Permission::ProductsRead]).await, vec!["Draft", "Shown"], vec!["Draft", "Shown"]),
        ] {
            let answer = who.query(document, variables.clone()).await.ok();
            for (field, titles) in [("category", category), ("collection", collection)] {
                assert_eq!(answer.texts(&format!("{field}.products.nodes"), "title"), titles, "{field}");
                assert_eq!(answer.number(&format!("{field}.products.totalCount")), titles.len() as i64, "{field}");
            }
        }
    }

    /// However many parents there are, and however many products in them.
    async fn pages_inside_a_list_take_the_same_statements_for_any_number_of_rows(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let fill = async |count: usize| {
            for _ in 0..count {
                let category = shop.category(&owner, &shop.word(), None).await;
                let collection = shop.collection(&owner, &shop.word()).await;
                let mut products = Vec::new();
                for _ in 0..3 {
                    products.push(product(&shop, &owner, &shop.word(), Some(&category)).await);
                }
                owner.query(SET, json!({ "id": collection, "productIds": products })).await.ok();
            }
        };
        let ask = async || {
            let categories = shop.anonymous().query(IN_CATEGORIES, json!({ "first": 2, "sort": "TITLE", "below": true })).await.ok();
            let collections = shop.anonymous().query(IN_COLLECTIONS, json!({ "first": 2 })).await.ok();
            (categories.statements(), collections.statements())
        };
        fill(2).await;
        let few = ask().await;
        fill(18).await;
        assert_eq!(ask().await, few);
        // Two pages that differ are two statements, and two that are the same are one.
        let twice = |second: &str| {
            format!("{{ categories(first: 20) {{ nodes {{ a: products(first: 2) {{ nodes {{ id }} }} b: products(first: {second}) {{ nodes {{ id }} }} }} }} }}")
        };
        let same = shop.anonymous().query(&twice("2"), json!({})).await.ok().statements();
        let different = shop.anonymous().query(&twice("3"), json!({})).await.ok().statements();
        assert_eq!(different, same + 1);
    }
}
