//! Stories of products as a whole.

use crate::harness::{Answer, Shop, json};
use rules::ids::{BrandId, CategoryId, ProductId};
use rules::permission::Permission;
use serde_json::Value;

const CREATE: &str = "mutation($input: ProductCreateInput!) { productCreate(input: $input) {
    product {
        id slug title status descriptionHtml tags version publishedAt brand { name } seo { title description }
        options { name position values { name } }
        variants { id title sku weightGrams requiresShipping cost { amount currencyCode } selectedOptions { name value } media { url } }
        media { id url alt position } featuredMedia { url }
    }
    userErrors { code field message }
} }";

const UPDATE: &str = "mutation($id: ID!, $input: ProductUpdateInput!, $version: Int) {
    productUpdate(id: $id, input: $input, expectedVersion: $version) {
        product { title slug tags version descriptionHtml productType brand { id } publishedAt status seo { title description } }
        userErrors { code field message }
    }
}";

fn shirt() -> Value {
    json!({
        "title": "Linen Shirt",
        "descriptionHtml": "<p>Light<script>alert(1)</script></p>",
        "tags": ["Summer", "linen", "SUMMER"],
        "seo": { "title": "A shirt" },
        "options": [{ "name": "Size", "values": ["S", "M"] }, { "name": "Color", "values": ["Blue"] }],
        "media": [{ "url": "https://cdn.example/front.jpg", "alt": "From the front" }, { "url": "https://cdn.example/back.jpg" }],
        "variants": [
            { "selectedOptions": [{ "name": "Size", "value": "S" }, { "name": "Color", "value": "Blue" }], "sku": "SHIRT-S", "weightGrams": 200, "cost": { "amount": "4.20", "currencyCode": "EUR" } },
            { "selectedOptions": [{ "name": "color", "value": "blue" }, { "name": "size", "value": "m" }], "sku": "SHIRT-M", "mediaUrl": "https://cdn.example/back.jpg" },
        ],
    })
}

/// A product of the owner's store, active and published now unless `input` says otherwise.
async fn product(shop: &Shop, input: Value) -> Answer {
    let mut whole = json!({ "status": "ACTIVE", "publishedAt": "2026-03-01T12:00:00Z" });
    for (name, value) in input.as_object().expect("an object") {
        whole[name] = value.clone();
    }
    shop.owner().query(CREATE, json!({ "input": whole })).await.ok()
}

async fn titles(shop: &Shop, filter: Value, sort: &str) -> Vec<String> {
    let document = "query($filter: ProductFilterInput, $sort: ProductSort!) {
        products(filter: $filter, sort: $sort) { nodes { title } totalCount } }";
    let answer = shop.anonymous().query(document, json!({ "filter": filter, "sort": sort })).await.ok();
    let titles: Vec<String> = answer.texts("products.nodes", "title").into_iter().map(str::to_owned).collect();
    assert_eq!(answer.number("products.totalCount"), i64::try_from(titles.len()).expect("a few"));
    titles
}

both! {
    async fn a_product_is_created_whole(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.ledger().await;
        let answer = shop.owner().query(CREATE, json!({ "input": shirt() })).await.ok();
        let product = answer.data("productCreate.product");
        assert_eq!(product["slug"], "linen-shirt");
        assert_eq!(product["status"], "DRAFT");
        assert_eq!(product["descriptionHtml"], "<p>Light</p>");
        assert_eq!(product["tags"], json!(["linen", "Summer"]));
        assert_eq!(product["options"][0], json!({ "name": "Size", "position": 0, "values": [{ "name": "S" }, { "name": "M" }] }));
        assert_eq!(product["variants"][0]["title"], "S / Blue");
        assert_eq!(product["variants"][0]["cost"], json!({ "amount": "4.20", "currencyCode": "EUR" }));
        assert_eq!(product["variants"][1]["selectedOptions"], json!([{ "name": "Size", "value": "M" }, { "name": "Color", "value": "Blue" }]));
        assert_eq!(product["variants"][1]["media"]["url"], "https://cdn.example/back.jpg");
        assert_eq!(product["featuredMedia"]["url"], "https://cdn.example/front.jpg");
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["product.create".to_owned()], vec!["product.created".to_owned()]));
    }

    async fn a_product_without_options_has_one_variant(db: Database) {
        let shop = Shop::open(db).await;
        let answer = product(&shop, json!({ "title": "Mug" })).await;
        assert_eq!(answer.texts("productCreate.product.variants", "title"), ["Default"]);
    }

    async fn nothing_is_written_of_a_product_with_problems(db: Database) {
        let shop = Shop::open(db).await;
        product(&shop, json!({ "title": "Mug", "variants": [{ "sku": "MUG" }] })).await;
        let before = shop.fingerprint().await;
        let mut twice = shirt();
        twice["variants"][1]["sku"] = "shirt-s".into();
        let mut taken = shirt();
        taken["variants"][1]["sku"] = "mug".into();
        let mut foreign_currency = shirt();
        foreign_currency["variants"][0]["cost"] = json!({ "amount": "4", "currencyCode": "JPY" });
        let mut too_exact = shirt();
        too_exact["variants"][0]["cost"]["amount"] = "4.201".into();
        let cases = [
            (json!({ "title": " " }), "REQUIRED title"),
            (json!({ "title": "Mug" }), "TAKEN slug"),
            (json!({ "title": "Cup", "slug": "A B" }), "INVALID slug"),
            (json!({ "title": "Cup", "options": [{ "name": "Size", "values": ["S"] }] }), "REQUIRED variants"),
            (json!({ "title": "Cup", "variants": [{}, {}] }), "DUPLICATE variants.1.selectedOptions"),
            (json!({ "title": "Cup", "variants": [{ "selectedOptions": [{ "name": "Size", "value": "S" }] }] }), "OPTION_MISMATCH variants.0.selectedOptions.0.name"),
            (json!({ "title": "Cup", "variants": [{ "mediaUrl": "https://cdn.example/else.jpg" }] }), "NOT_FOUND variants.0.mediaUrl"),
            (json!({ "title": "Cup", "media": [{ "url": "javascript:alert(1)" }] }), "INVALID media.0.url"),
            (json!({ "title": "Cup", "publishedAt": "9999-12-31T23:59:59Z", "tags": vec!["x"; 101] }), "TOO_LONG tags"),
            (json!({ "title": "Cup", "brandId": shop.id::<BrandId>().to_string() }), "NOT_FOUND brandId"),
            (json!({ "title": "Cup", "categoryId": shop.id::<CategoryId>().to_string() }), "NOT_FOUND categoryId"),
            (twice, "DUPLICATE variants.1.sku"),
            (taken, "TAKEN variants.1.sku"),
            (foreign_currency, "CURRENCY_NOT_ENABLED variants.0.cost.currencyCode"),
            (too_exact, "INVALID variants.0.cost.amount"),
        ];
        for (input, expected) in cases {
            let answer = shop.owner().query(CREATE, json!({ "input": input })).await;
            assert_eq!(answer.user_error("productCreate"), expected, "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t06_a_brand_of_another_store_is_not_there(db: Database) {
        let shop = Shop::open(db).await;
        let foreign = shop.brand_of_rival("Foreign").await;
        let own = shop.brand("Own").await;
        let before = shop.fingerprint().await;
        let answer = shop.owner().query(CREATE, json!({ "input": { "title": "Cup", "brandId": foreign } })).await;
        assert_eq!(answer.user_error("productCreate"), "NOT_FOUND brandId");
        shop.assert_unchanged(&before).await;
        let answer = shop.owner().query(CREATE, json!({ "input": { "title": "Cup", "brandId": own } })).await.ok();
        assert_eq!(answer.text("productCreate.product.brand.name"), "Own");
    }

    async fn attack_t03_a_product_of_another_store_is_not_there(db: Database) {
        let shop = Shop::open(db).await;
        let id = product(&shop, shirt()).await.text("productCreate.product.id").to_owned();
        let variant = shop.owner().query("query($id: ID) { product(id: $id) { variants { id } media { id } } }", json!({ "id": id })).await.ok();
        let (variant, medium) = (variant.data("product.variants")[0]["id"].clone(), variant.data("product.media")[0]["id"].clone());
        let before = shop.fingerprint().await;
        let made_up = shop.id::<ProductId>().to_string();
        for id in [&id, &made_up] {
            for document in [
                "mutation($id: ID!) { productUpdate(id: $id, input: { title: \"Mine\" }) { product { id } } }",
                "mutation($id: ID!) { productDelete(id: $id) { deletedProductId } }",
                "mutation($id: ID!) { productRestore(id: $id) { product { id } } }",
                "mutation($id: ID!) { productPublish(id: $id) { product { id } } }",
                "mutation($id: ID!) { productUnpublish(id: $id) { product { id } } }",
                "mutation($id: ID!) { productOptionsSet(id: $id, options: []) { product { id } } }",
                "mutation($id: ID!) { productVariantCreate(productId: $id, input: {}) { productVariant { id } } }",
                "mutation($id: ID!) { productMediaCreate(productId: $id, media: [{ url: \"https://a.example/b\" }]) { media { id } } }",
                "mutation($id: ID!) { productMediaReorder(productId: $id, mediaIds: []) { product { id } } }",
            ] {
                let answer = shop.rival().query(document, json!({ "id": id })).await;
                assert_eq!(answer.code(), "NOT_FOUND", "{document}: {answer}");
            }
        }
        for (document, id) in [
            ("mutation($id: ID!) { productVariantUpdate(id: $id, input: {}) { productVariant { id } } }", &variant),
            ("mutation($id: ID!) { productVariantDelete(id: $id) { deletedProductVariantId } }", &variant),
            ("mutation($id: ID!) { productMediaUpdate(id: $id, input: {}) { media { id } } }", &medium),
            ("mutation($id: ID!) { productMediaDelete(id: $id) { deletedProductMediaId } }", &medium),
        ] {
            let answer = shop.rival().query(document, json!({ "id": id })).await;
            assert_eq!(answer.code(), "NOT_FOUND", "{document}: {answer}");
        }
        let answer = shop.rival().query("query($id: ID!, $v: ID!) { product(id: $id) { id } productVariant(id: $v) { id } }", json!({ "id": id, "v": variant })).await.ok();
        assert_eq!((answer.data("product"), answer.data("productVariant")), (&Value::Null, &Value::Null));
        shop.assert_unchanged(&before).await;
    }

    async fn an_update_keeps_what_is_left_out_and_clears_what_is_null(db: Database) {
        let shop = Shop::open(db).await;
        let brand = shop.brand("Own").await;
        let mut input = shirt();
        input["brandId"] = brand.into();
        input["productType"] = "Shirts".into();
        let id = product(&shop, input).await.text("productCreate.product.id").to_owned();
        let before = shop.ledger().await;
        let input = json!({ "brandId": null, "descriptionHtml": null, "tags": ["Autumn"], "seo": { "description": "Light" }, "slug": "shirt" });
        let answer = shop.owner().query(UPDATE, json!({ "id": id, "input": input, "version": 1 })).await.ok();
        let product = answer.data("productUpdate.product");
        assert_eq!((&product["title"], &product["slug"], &product["productType"]), (&json!("Linen Shirt"), &json!("shirt"), &json!("Shirts")));
        assert_eq!((&product["brand"], &product["descriptionHtml"]), (&Value::Null, &Value::Null));
        assert_eq!((&product["tags"], &product["seo"]), (&json!(["Autumn"]), &json!({ "title": "A shirt", "description": "Light" })));
        assert_eq!(product["version"], 2);
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["product.update".to_owned()], vec!["product.updated".to_owned()]));
        let answer = shop.owner().query(UPDATE, json!({ "id": id, "input": { "title": "Late" }, "version": 1 })).await;
        assert_eq!(answer.user_error("productUpdate"), "STALE expectedVersion");
    }

    async fn a_deleted_product_gives_slug_and_skus_free_and_comes_back_when_they_are(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (delete, restore) = (
            "mutation($id: ID!) { productDelete(id: $id) { deletedProductId userErrors { code field } } }",
            "mutation($id: ID!) { productRestore(id: $id) { product { variants { sku } } userErrors { code field } } }",
        );
        let id = product(&shop, shirt()).await.text("productCreate.product.id").to_owned();
        let answer = owner.query("query($id: ID) { product(id: $id) { variants { id } } }", json!({ "id": id })).await.ok();
        let variant = answer.data("product.variants")[1]["id"].clone();
        owner.query("mutation($id: ID!) { productVariantDelete(id: $id) { deletedProductVariantId userErrors { code } } }", json!({ "id": variant })).await.ok();
        owner.query(delete, json!({ "id": id })).await.ok();
        let answer = owner.query("query($id: ID) { product(id: $id) { id } productVariant(sku: \"SHIRT-S\") { id } }", json!({ "id": id })).await.ok();
        assert_eq!((answer.data("product"), answer.data("productVariant")), (&Value::Null, &Value::Null));
        assert_eq!(owner.query(delete, json!({ "id": id })).await.code(), "NOT_FOUND");

        // The one that was deleted for itself stays deleted, although it went at the same moment.
        let answer = owner.query(restore, json!({ "id": id })).await.ok();
        assert_eq!(answer.texts("productRestore.product.variants", "sku"), ["SHIRT-S"]);
        owner.query(delete, json!({ "id": id })).await.ok();

        let other = product(&shop, json!({ "title": "Linen Shirt", "variants": [{ "sku": "shirt-s" }] })).await.text("productCreate.product.id").to_owned();
        let answer = owner.query(restore, json!({ "id": id })).await;
        assert_eq!(answer.user_error("productRestore"), "TAKEN slug");
        owner.query(UPDATE, json!({ "id": other, "input": { "slug": "other" } })).await.ok();
        let answer = owner.query(restore, json!({ "id": id })).await;
        assert_eq!(answer.user_error("productRestore"), "TAKEN sku");
    }

    async fn storefronts_see_what_is_active_and_published(db: Database) {
        let shop = Shop::open(db).await;
        product(&shop, json!({ "title": "Now" })).await;
        let later = product(&shop, json!({ "title": "Later", "publishedAt": "2026-03-01T12:30:00Z" })).await.text("productCreate.product.id").to_owned();
        let draft = product(&shop, json!({ "title": "Draft", "status": "DRAFT", "variants": [{ "sku": "hidden" }] })).await.text("productCreate.product.id").to_owned();
        assert_eq!(titles(&shop, json!(null), "TITLE").await, ["Now"]);
        for caller in [shop.anonymous(), shop.storefront_token(), shop.powerless().await] {
            let document = "query($id: ID!) { product(id: $id) { id } productVariant(sku: \"hidden\") { id } products { nodes { title } } }";
            let answer = caller.query(document, json!({ "id": draft })).await.ok();
            assert_eq!((answer.data("product"), answer.data("productVariant")), (&Value::Null, &Value::Null));
            assert_eq!(answer.texts("products.nodes", "title"), ["Now"]);
        }
        let staff = shop.staff([Permission::ProductsRead]).await;
        let answer = staff.query("{ products(sort: TITLE) { nodes { title status } } }", json!({})).await.ok();
        assert_eq!(answer.texts("products.nodes", "title"), ["Draft", "Later", "Now"]);
        shop.wait(chrono::TimeDelta::minutes(31));
        assert_eq!(titles(&shop, json!(null), "TITLE").await, ["Later", "Now"]);

        let owner = shop.owner();
        owner.query("mutation($id: ID!) { productPublish(id: $id) { product { publishedAt } userErrors { code } } }", json!({ "id": draft })).await.ok();
        owner.query("mutation($id: ID!) { productUnpublish(id: $id) { product { publishedAt } userErrors { code } } }", json!({ "id": later })).await.ok();
        assert_eq!(titles(&shop, json!(null), "TITLE_DESC").await, ["Now", "Draft"]);
    }

    async fn attack_t18_filters_that_reveal_what_is_hidden_need_the_permission(db: Database) {
        let shop = Shop::open(db).await;
        product(&shop, json!({ "title": "Draft", "status": "DRAFT", "externalId": "e-1" })).await;
        for filter in [json!({ "status": "DRAFT" }), json!({ "published": false }), json!({ "deleted": true })] {
            let answer = shop.anonymous().query("query($f: ProductFilterInput) { products(filter: $f) { totalCount } }", json!({ "f": filter })).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{filter}");
            let answer = shop.owner().query("query($f: ProductFilterInput) { products(filter: $f) { totalCount } }", json!({ "f": filter })).await.ok();
            assert_eq!(answer.number("products.totalCount"), i64::from(filter["deleted"] != true), "{filter}");
        }
        let by_external_id = "{ product(externalId: \"e-1\") { title } }";
        assert_eq!(shop.anonymous().query(by_external_id, json!({})).await.code(), "FORBIDDEN");
        assert_eq!(shop.owner().query(by_external_id, json!({})).await.ok().text("product.title"), "Draft");
    }

    async fn attack_t17_cost_is_for_those_who_may_see_prices(db: Database) {
        let shop = Shop::open(db).await;
        product(&shop, shirt()).await;
        let cost = "{ products { nodes { variants { cost { amount } } } } }";
        let staff = shop.staff([Permission::ProductsRead, Permission::ProductsManage]).await;
        for (caller, code) in [(shop.anonymous(), "UNAUTHENTICATED"), (staff.clone(), "FORBIDDEN")] {
            assert_eq!(caller.query(cost, json!({})).await.code(), code);
        }
        let mut input = shirt();
        input["title"] = "Other".into();
        let before = shop.fingerprint().await;
        let create = "mutation($input: ProductCreateInput!) { productCreate(input: $input) { product { id } userErrors { code } } }";
        assert_eq!(staff.query(create, json!({ "input": input })).await.code(), "FORBIDDEN");
        shop.assert_unchanged(&before).await;
    }

    async fn products_are_found_by_brand_tag_and_ids(db: Database) {
        let shop = Shop::open(db).await;
        let brand = shop.brand("Own").await;
        let id = product(&shop, json!({ "title": "A", "brandId": brand, "tags": ["Red Wine"] })).await.text("productCreate.product.id").to_owned();
        // Products of one moment have no order among them.
        shop.wait(chrono::TimeDelta::milliseconds(1));
        product(&shop, json!({ "title": "B", "tags": ["red"] })).await;
        assert_eq!(titles(&shop, json!({ "brandId": brand }), "NEWEST").await, ["A"]);
        assert_eq!(titles(&shop, json!({ "tag": " RED wine" }), "NEWEST").await, ["A"]);
        assert_eq!(titles(&shop, json!({ "ids": [id, shop.id::<ProductId>().to_string()] }), "NEWEST").await, ["A"]);
        assert_eq!(titles(&shop, json!({ "ids": [] }), "NEWEST").await, Vec::<String>::new());
        assert_eq!(titles(&shop, json!({}), "OLDEST").await, ["A", "B"]);
        shop.owner().query("mutation($id: ID!) { brandDelete(id: $id) { deletedBrandId userErrors { code } } }", json!({ "id": brand })).await.ok();
        assert_eq!(titles(&shop, json!({ "brandId": brand }), "NEWEST").await, Vec::<String>::new());
    }

    async fn products_are_found_by_category_with_those_below_it(db: Database) {
        let shop = Shop::open(db).await;
        let (clothes, shirts) = (shop.id::<CategoryId>(), shop.id::<CategoryId>());
        let store = shop.literal(shop.linden.store());
        for (id, parent, slug) in [(clothes, "NULL".to_owned(), "clothes"), (shirts, shop.literal(clothes), "shirts")] {
            let depth = i32::from(slug == "shirts");
            shop.execute(&format!(
                "INSERT INTO categories (store_id, id, parent_id, name, sort_name, slug, position, depth, version, created_at, updated_at)
                 VALUES ({store}, {}, {parent}, '{slug}', '{slug}', '{slug}', 0, {depth}, 1, '2026-03-01T12:00:00+00:00', '2026-03-01T12:00:00+00:00')",
                shop.literal(id)
            )).await;
        }
        product(&shop, json!({ "title": "Shirt", "categoryId": shirts.to_string() })).await;
        product(&shop, json!({ "title": "Coat", "categoryId": clothes.to_string() })).await;
        product(&shop, json!({ "title": "Mug" })).await;
        let below = |include: bool| json!({ "categoryId": clothes.to_string(), "includeDescendants": include });
        assert_eq!(titles(&shop, json!({ "categoryId": clothes.to_string() }), "TITLE").await, ["Coat", "Shirt"]);
        assert_eq!(titles(&shop, below(true), "TITLE").await, ["Coat", "Shirt"]);
        assert_eq!(titles(&shop, below(false), "TITLE").await, ["Coat"]);
        assert_eq!(titles(&shop, json!({ "categoryId": shirts.to_string() }), "TITLE").await, ["Shirt"]);
    }

    async fn a_collection_that_is_hidden_tells_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let id = product(&shop, json!({ "title": "Shirt" })).await.text("productCreate.product.id").to_owned();
        let collection = shop.id::<rules::ids::CollectionId>();
        let (store, literal) = (shop.literal(shop.linden.store()), shop.literal(collection));
        shop.execute(&format!(
            "INSERT INTO collections (store_id, id, title, sort_title, slug, version, created_at, updated_at)
             VALUES ({store}, {literal}, 'New', 'new', 'new', 1, '2026-03-01T12:00:00+00:00', '2026-03-01T12:00:00+00:00')"
        )).await;
        shop.execute(&format!(
            "INSERT INTO collection_products (store_id, collection_id, product_id, position, created_at)
             VALUES ({store}, {literal}, {}, 0, '2026-03-01T12:00:00+00:00')",
            shop.literal_of(&id)
        )).await;
        let filter = json!({ "collectionId": collection.to_string() });
        for sort in ["TITLE", "COLLECTION"] {
            assert_eq!(titles(&shop, filter.clone(), sort).await, Vec::<String>::new());
        }
        shop.execute("UPDATE collections SET published_at = created_at").await;
        assert_eq!(titles(&shop, filter, "TITLE").await, ["Shirt"]);
    }

    async fn a_collection_has_an_order_of_its_own(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let collection = shop.collection(&owner, "Breakfast").await;
        let mut ids = Vec::new();
        for title in ["Bowl", "Cup", "Ash"] {
            ids.push(product(&shop, json!({ "title": title })).await.text("productCreate.product.id").to_owned());
        }
        product(&shop, json!({ "title": "Else" })).await;
        let set = "mutation($id: ID!, $ids: [ID!]!) { collectionProductsSet(id: $id, productIds: $ids) { userErrors { code } } }";
        owner.query(set, json!({ "id": collection, "ids": ids })).await.ok();
        assert_eq!(titles(&shop, json!({ "collectionId": collection }), "COLLECTION").await, ["Bowl", "Cup", "Ash"]);
        assert_eq!(titles(&shop, json!({ "collectionId": collection }), "TITLE").await, ["Ash", "Bowl", "Cup"]);
        let answer = shop.anonymous().query("{ products(sort: COLLECTION) { totalCount } }", json!({})).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT");
    }

    async fn a_product_shows_its_category_while_that_lives(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let category = shop.category(&owner, "Cups", None).await;
        let id = product(&shop, json!({ "title": "Mug", "categoryId": category })).await.text("productCreate.product.id").to_owned();
        let read = "query($id: ID) { product(id: $id) { category { name } } }";
        assert_eq!(owner.query(read, json!({ "id": id })).await.ok().text("product.category.name"), "Cups");
        owner.query("mutation($id: ID!) { categoryDelete(id: $id) { userErrors { code } } }", json!({ "id": category })).await.ok();
        assert_eq!(owner.query(read, json!({ "id": id })).await.ok().data("product.category"), &Value::Null);
        // What it has may stay; nothing else may be put there.
        let answer = owner.query(UPDATE, json!({ "id": id, "input": { "categoryId": category, "title": "Cup" } })).await.ok();
        assert_eq!(answer.text("productUpdate.product.title"), "Cup");
        let answer = owner.query(CREATE, json!({ "input": { "title": "Other", "categoryId": category } })).await;
        assert_eq!(answer.user_error("productCreate"), "NOT_FOUND categoryId");
    }

    async fn products_are_filtered_and_sorted_by_price_in_the_currency_asked_for(db: Database) {
        let shop = Shop::open(db).await;
        let store = shop.literal(shop.linden.store());
        for (title, ranges) in [
            ("Cheap", vec![("EUR", 1000, 1500, "NULL"), ("USD", 9000, 9000, "NULL")]),
            ("Dear", vec![("EUR", 4000, 9000, "NULL"), ("USD", 100, 100, "'2026-03-01T11:00:00+00:00'")]),
            ("Unpriced", vec![]),
        ] {
            let id = product(&shop, json!({ "title": title })).await.text("productCreate.product.id").to_owned();
            for (currency, min, max, until) in ranges {
                shop.execute(&format!(
                    "INSERT INTO product_price_ranges (store_id, product_id, currency, valid_from, valid_to, min_amount, max_amount, updated_at)
                     VALUES ({store}, {}, '{currency}', '1970-01-01T00:00:00+00:00', {until}, {min}, {max}, '2026-03-01T12:00:00+00:00')",
                    shop.literal_of(&id)
                )).await;
            }
        }
        assert_eq!(titles(&shop, json!(null), "PRICE").await, ["Cheap", "Dear"]);
        assert_eq!(titles(&shop, json!(null), "PRICE_DESC").await, ["Dear", "Cheap"]);
        assert_eq!(titles(&shop, json!({ "price": { "max": "15" } }), "PRICE").await, ["Cheap"]);
        assert_eq!(titles(&shop, json!({ "price": { "min": "15.01", "max": "60.00" } }), "TITLE").await, ["Dear"]);
        assert_eq!(titles(&shop, json!({ "price": {} }), "TITLE").await, ["Cheap", "Dear"]);

        let list = "query($after: String, $sort: ProductSort!) { products(first: 1, after: $after, sort: $sort) { nodes { title } pageInfo { endCursor hasNextPage } } }";
        let dollars = shop.anonymous().with_header("x-currency", "USD");
        let answer = dollars.query(list, json!({ "sort": "PRICE" })).await.ok();
        assert_eq!(answer.texts("products.nodes", "title"), ["Cheap"]);
        assert_eq!(answer.data("products.pageInfo")["hasNextPage"], false);
        let answer = shop.anonymous().query(list, json!({ "sort": "PRICE" })).await.ok();
        let cursor = answer.text("products.pageInfo.endCursor").to_owned();
        let next = shop.anonymous().query(list, json!({ "sort": "PRICE", "after": cursor })).await.ok();
        assert_eq!(next.texts("products.nodes", "title"), ["Dear"]);
        // G16: a cursor of one currency, sort or direction is refused in another.
        assert_eq!(dollars.query(list, json!({ "sort": "PRICE", "after": cursor })).await.code(), "BAD_USER_INPUT");
        for sort in ["PRICE_DESC", "TITLE", "NEWEST"] {
            let answer = shop.anonymous().query(list, json!({ "sort": sort, "after": cursor })).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{sort}");
        }
    }

    async fn options_are_set_and_variants_must_fit(db: Database) {
        let shop = Shop::open(db).await;
        let set = "mutation($id: ID!, $options: [ProductOptionInput!]!) { productOptionsSet(id: $id, options: $options) {
            product { version options { id name values { id name } } variants { id title } } userErrors { code field message } } }";
        let id = product(&shop, json!({ "title": "Mug" })).await.text("productCreate.product.id").to_owned();
        let options = |options: Value| json!({ "id": id, "options": options });
        let answer = shop.owner().query(set, options(json!([{ "name": "Size", "values": ["S", "L"] }]))).await.ok();
        assert_eq!(answer.texts("productOptionsSet.product.variants", "title"), ["S"]);
        let size = answer.data("productOptionsSet.product.options")[0].clone();
        let answer = shop.owner().query(set, options(json!([{ "name": "Color", "values": ["Red"] }, { "name": "size", "values": ["L", "s"] }]))).await.ok();
        let after = &answer.data("productOptionsSet.product.options")[1];
        assert_eq!((&after["id"], &after["values"][1]["id"]), (&size["id"], &size["values"][0]["id"]));
        assert_eq!(answer.texts("productOptionsSet.product.variants", "title"), ["Red / s"]);

        let before = shop.fingerprint().await;
        for (wanted, expected) in [
            (json!([{ "name": "Size", "values": ["L"] }]), "OPTION_MISMATCH options"),
            (json!([{ "name": "Size", "values": [] }]), "REQUIRED options.0.values"),
            (json!([{ "name": "a", "values": ["a"] }, { "name": "b", "values": ["a"] }, { "name": "c", "values": ["a"] }, { "name": "d", "values": ["a"] }]), "TOO_LONG options"),
        ] {
            let answer = shop.owner().query(set, options(wanted)).await;
            assert_eq!(answer.user_error("productOptionsSet"), expected, "{answer}");
        }
        shop.assert_unchanged(&before).await;
        let answer = shop.owner().query(set, options(json!([]))).await.ok();
        assert_eq!(answer.texts("productOptionsSet.product.variants", "title"), ["Default"]);
        assert_eq!(shop.number("SELECT COUNT(*) FROM product_option_values").await, 0);
    }

    async fn the_number_of_statements_does_not_depend_on_the_number_of_products(db: Database) {
        let shop = Shop::open(db).await;
        let brand = shop.brand("Own").await;
        let whole = |index: usize| {
            let mut input = shirt();
            input["title"] = format!("Shirt {index}").into();
            input["brandId"] = brand.clone().into();
            for variant in 0..2 {
                input["variants"][variant]["sku"] = format!("{index}-{variant}").into();
            }
            input
        };
        let list = "{ products(first: 100) { nodes {
            title descriptionHtml tags brand { name } options { name values { name } }
            variants { title selectedOptions { name value } media { url } product { slug } } media { url } featuredMedia { url }
        } } }";
        for index in 0..3 {
            product(&shop, whole(index)).await;
        }
        let few = shop.anonymous().query(list, json!({})).await.ok();
        for index in 3..25 {
            product(&shop, whole(index)).await;
        }
        let many = shop.anonymous().query(list, json!({})).await.ok();
        assert_eq!(many.texts("products.nodes", "title").len(), 25);
        assert_eq!(few.statements(), many.statements());
    }

    async fn parallel_creations_share_their_tags(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let create = |index: usize| {
            let owner = owner.clone();
            async move {
                let tags = if index.is_multiple_of(2) { json!(["b", "a", "new"]) } else { json!(["new", "a", "b"]) };
                let input = json!({ "title": format!("Shirt {index}"), "tags": tags });
                owner.query(CREATE, json!({ "input": input })).await.ok();
            }
        };
        futures::future::join_all((0..6).map(create)).await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM tags").await, 3);
        assert_eq!(shop.number("SELECT COUNT(*) FROM product_tags").await, 18);
    }
}
