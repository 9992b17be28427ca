//! The ranges that the storefront filters and sorts by.

use super::{Stock, moment, ranges};
use crate::harness::world::start;
use crate::harness::{Shop, json};

/// The titles in a category and below it by price, read a page of two at a time.
async fn by_price(shop: &Shop, category: &str, sort: &str) -> Vec<String> {
    let document = "query($category: ID!, $sort: ProductSort!, $after: String) {
        products(first: 2, after: $after, sort: $sort, filter: { categoryId: $category, price: { max: \"99\" } }) {
            nodes { title } totalCount pageInfo { hasNextPage endCursor }
        }
    }";
    let (mut titles, mut after) = (Vec::new(), json!(null));
    loop {
        let variables = json!({ "category": category, "sort": sort, "after": after });
        let answer = shop.anonymous().query(document, variables).await.ok();
        titles.extend(answer.texts("products.nodes", "title").into_iter().map(str::to_owned));
        if answer.data("products.pageInfo.hasNextPage") == &json!(false) {
            assert_eq!(answer.data("products.totalCount"), &json!(titles.len()));
            return titles;
        }
        after = answer.data("products.pageInfo.endCursor").clone();
    }
}

/// A product with a price, in a category.
async fn priced(shop: &Shop, title: &str, category: Option<&str>, amount: &str) -> String {
    let create = "mutation($input: ProductCreateInput!) { productCreate(input: $input) { product { id } } }";
    let input =
        json!({ "title": title, "status": "ACTIVE", "publishedAt": "2026-01-01T00:00:00Z", "categoryId": category });
    let answer = shop.owner().query(create, json!({ "input": input })).await.ok();
    let id = answer.text("productCreate.product.id").to_owned();
    let set = "mutation($id: ID!, $prices: [PriceInput!]!) { pricesSet(productId: $id, prices: $prices) { userErrors { code } } }";
    let prices = json!([{ "currency": "EUR", "amount": amount }]);
    shop.owner().query(set, json!({ "id": id, "prices": prices })).await.ok();
    id
}

both! {
    /// A category and what is below it are many lists; their pages by price are those of one, and a product
    /// that moves to another category takes its place there at once.
    async fn a_category_is_paged_by_price_with_all_that_is_below_it(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let shoes = shop.category(&owner, "Shoes", None).await;
        let boots = shop.category(&owner, "Boots", Some(&shoes)).await;
        let winter = shop.category(&owner, "Winter boots", Some(&boots)).await;
        let hats = shop.category(&owner, "Hats", None).await;
        let mut moccasin = String::new();
        for (title, category, amount) in [
            ("Loafer", Some(&shoes), "60"), ("Wader", Some(&boots), "50"), ("Clog", Some(&shoes), "20"),
            ("Mukluk", Some(&winter), "30"), ("Valenki", Some(&winter), "70"), ("Moccasin", None, "40"),
            ("Cap", Some(&hats), "10"), ("Crampon", Some(&winter), "100"),
        ] {
            let id = priced(&shop, title, category.map(String::as_str), amount).await;
            if title == "Moccasin" {
                moccasin = id;
            }
        }
        let expected = ["Clog", "Mukluk", "Wader", "Loafer", "Valenki"];
        assert_eq!(by_price(&shop, &shoes, "PRICE").await, expected);
        assert_eq!(by_price(&shop, &shoes, "PRICE_DESC").await, expected.into_iter().rev().collect::<Vec<_>>());
        assert_eq!(by_price(&shop, &shoes, "TITLE").await, ["Clog", "Loafer", "Mukluk", "Valenki", "Wader"]);
        assert_eq!(by_price(&shop, &boots, "PRICE").await, ["Mukluk", "Wader", "Valenki"]);

        let update = "mutation($id: ID!, $category: ID) { productUpdate(id: $id, input: { categoryId: $category }) { userErrors { code } } }";
        owner.query(update, json!({ "id": moccasin, "category": winter })).await.ok();
        assert_eq!(by_price(&shop, &shoes, "PRICE").await, ["Clog", "Mukluk", "Moccasin", "Wader", "Loafer", "Valenki"]);
        owner.query(update, json!({ "id": moccasin, "category": hats })).await.ok();
        assert_eq!(by_price(&shop, &shoes, "PRICE").await, expected);
        assert_eq!(by_price(&shop, &hats, "PRICE").await, ["Cap", "Moccasin"]);

        // The same inside the categories themselves, many at once.
        let inside = "{ categories(first: 10) { nodes { name products(first: 2, sort: PRICE) { nodes { title } totalCount pageInfo { hasNextPage } } } } }";
        let answer = shop.anonymous().query(inside, json!({})).await.ok();
        let mut seen = Vec::new();
        for category in answer.data("categories.nodes").as_array().expect("categories") {
            let products = category["products"]["nodes"].as_array().expect("products");
            let titles: Vec<&str> = products.iter().filter_map(|product| product["title"].as_str()).collect();
            let (name, total) = (category["name"].as_str().expect("a name"), &category["products"]["totalCount"]);
            seen.push(format!("{name}: {} of {total}", titles.join(", ")));
        }
        seen.sort();
        assert_eq!(seen, [
            "Boots: Mukluk, Wader of 4",
            "Hats: Cap, Moccasin of 2",
            "Shoes: Clog, Mukluk of 6",
            "Winter boots: Mukluk, Valenki of 3",
        ]);
    }

    /// A week's sale of one variant: the range before, during and after it stands there at once.
    async fn rule_m5_the_ranges_know_what_is_to_come(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 2).await;
        let prices = json!([
            { "currency": "EUR", "amount": "20" },
            { "currency": "EUR", "amount": "30", "variantId": mug.variants[1] },
            { "currency": "EUR", "amount": "5", "minimumQuantity": 10 },
            { "currency": "USD", "amount": "25" },
        ]);
        mug.set(&shop.owner(), prices).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2000-3000", "USD 2500-2500"]);
        let sale = json!([{
            "currency": "EUR", "amount": "10", "variantId": mug.variants[1],
            "validFrom": "2026-06-01T00:00:00Z", "validTo": "2026-06-08T00:00:00Z",
        }]);
        mug.set(&shop.owner(), sale).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2000-3000", "EUR 1000-2000", "EUR 2000-3000", "USD 2500-2500"]);

        let visitor = shop.anonymous();
        assert_eq!(mug.range(&visitor).await, "20.00-30.00");
        assert_eq!(mug.range(&visitor.clone().with_header("x-currency", "USD")).await, "25.00-25.00");
        shop.wait(moment("2026-06-01T00:00:00Z") - start());
        assert_eq!(mug.range(&visitor).await, "10.00-20.00");
        shop.wait(chrono::TimeDelta::days(7) - chrono::TimeDelta::microseconds(1));
        assert_eq!(mug.range(&visitor).await, "10.00-20.00");
        shop.wait(chrono::TimeDelta::microseconds(1));
        assert_eq!(mug.range(&visitor).await, "20.00-30.00");
    }

    /// The price of a variant that is gone must not stay in the storefront, and that of a new one comes in.
    async fn variants_that_come_and_go_change_the_range_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 2).await;
        let prices = json!([
            { "currency": "EUR", "amount": "30", "variantId": mug.variants[0] },
            { "currency": "EUR", "amount": "31", "variantId": mug.variants[1] },
        ]);
        mug.set(&shop.owner(), prices).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 3000-3100"]);

        let delete = "mutation($id: ID!) { productVariantDelete(id: $id) { userErrors { code } } }";
        shop.owner().query(delete, json!({ "id": mug.variants[1] })).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 3000-3000"]);
        let gone = json!([{ "currency": "EUR", "amount": "1", "variantId": mug.variants[1] }]);
        assert_eq!(mug.set(&shop.owner(), gone).await.user_error("pricesSet"), "NOT_FOUND prices.0.variantId");

        // Nobody has the price of the product, until a variant comes that has none of its own.
        mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "20" }])).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 3000-3000"]);
        let create = "mutation($id: ID!, $input: ProductVariantCreateInput!) {
            productVariantCreate(productId: $id, input: $input) { userErrors { code } }
        }";
        let input = json!({ "selectedOptions": [{ "name": "Size", "value": "Size 1" }] });
        shop.owner().query(create, json!({ "id": mug.product, "input": input })).await.ok();
        assert_eq!(ranges(&shop, &mug).await, ["EUR 2000-3000"]);
    }

    /// A product that comes back has the range it went with.
    async fn a_deleted_product_keeps_its_prices(db: Database) {
        let shop = Shop::open(db).await;
        let mug = Stock::of_linden(&shop, 1).await;
        let answer = mug.set(&shop.owner(), json!([{ "currency": "EUR", "amount": "30" }])).await.ok();
        let id = json!({ "id": mug.product });
        let ask = async |verb: &str| {
            let document = format!("mutation($id: ID!) {{ {verb}(id: $id) {{ userErrors {{ code }} }} }}");
            shop.owner().query(&document, id.clone()).await.ok();
        };
        ask("productDelete").await;
        let delete = "mutation($id: ID!) { priceDelete(id: $id) { userErrors { code } } }";
        let price = json!({ "id": answer.text("pricesSet.prices.0.id") });
        assert_eq!(shop.owner().query(delete, price).await.code(), "NOT_FOUND");
        ask("productRestore").await;
        assert_eq!(ranges(&shop, &mug).await, ["EUR 3000-3000"]);
        assert_eq!(mug.range(&shop.anonymous()).await, "30.00-30.00");
    }

    /// As many statements for a hundred prices as for one.
    async fn the_number_of_statements_does_not_grow_with_the_prices(db: Database) {
        let shop = Shop::open(db).await;
        let (mug, cup) = (Stock::of_linden(&shop, 50).await, Stock::of_linden(&shop, 1).await);
        let price = |stock: &Stock, place: usize| {
            json!({ "currency": "EUR", "amount": place + 1, "variantId": stock.variants[place] })
        };
        let many: Vec<_> = (0..50).map(|place| price(&mug, place)).collect();
        let one = cup.set(&shop.owner(), json!([price(&cup, 0)])).await.ok();
        let many = mug.set(&shop.owner(), json!(many)).await.ok();
        assert_eq!(one.statements(), many.statements());
    }
}
