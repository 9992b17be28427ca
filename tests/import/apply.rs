//! Good files.

use super::*;

/// How many of a variant are there.
async fn on_hand(shop: &Shop, sku: &str) -> i64 {
    let sql = format!(
        "SELECT l.on_hand FROM inventory_levels l JOIN inventory_items i ON i.id = l.item_id \
         JOIN product_variants v ON v.id = i.variant_id WHERE v.sku = '{sku}'"
    );
    shop.number(&sql).await
}

both! {
    async fn a_file_goes_in_and_a_second_run_writes_no_row(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.ledger().await;
        let report = import(&shop, OLD_DIALECT, false).await;
        assert_eq!((products(&report), report.rows, report.variants, report.images), ((3, 0, 0, 0), 8, 6, 6));
        assert_eq!(report.problems, []);
        assert_eq!(
            report.unused_columns,
            ["Variant Fulfillment Service", "Google Shopping / MPN", "Gift Card", "Variant Weight Unit"]
        );
        let told = shop.told_since(&before).await;
        assert_eq!(
            told.audit,
            ["brand.create", "brand.create", "product.create", "product.create", "product.create", "products.import"]
        );
        assert_eq!(told.events.iter().filter(|topic| *topic == "product.created").count(), 3);

        let written = shop.fingerprint().await;
        let again = import(&shop, OLD_DIALECT, false).await;
        assert_eq!((products(&again), again.variants, again.images), ((0, 0, 3, 0), 6, 6));
        shop.assert_unchanged(&written).await;
    }

    async fn what_the_file_says_is_what_the_store_shows(db: Database) {
        let shop = Shop::open(db).await;
        import(&shop, OLD_DIALECT, false).await;
        let document = "{ product(slug: \"wool-socks\") { title descriptionHtml tags status brand { name } \
            options { name } media { url alt } \
            variants { title sku price { amount { amount currencyCode } } } } }";
        let answer = shop.owner().query(document, json!({})).await.ok();
        assert_eq!(answer.text("product.brand.name"), "Fern & Fell");
        assert_eq!(answer.text("product.status"), "ACTIVE");
        assert_eq!(answer.texts("product.variants", "title"), ["S / Moss", "M / Moss", "S / Clay"]);
        let first = answer.data("product.variants.0");
        assert_eq!(first["price"]["amount"], json!({ "amount": "14.00", "currencyCode": "EUR" }));
        assert_eq!(on_hand(&shop, "FF-SOCK-S-MOSS").await, 4);
        assert_eq!(on_hand(&shop, "FF-SOCK-S-CLAY").await, -2);
        let uncounted = "SELECT COUNT(*) FROM inventory_items WHERE NOT tracked AND policy = 'CONTINUE'";
        assert_eq!(shop.number(uncounted).await, 1, "nobody counts the socks in S and moss, and they can run out");
        let media = answer.texts("product.media", "url");
        assert_eq!(media.len(), 5);
        assert!(media[0].ends_with("/socks-pair.jpg"), "{media:?}");

        // A visitor sees what is active and published, and no draft.
        let listed = shop.anonymous().query("{ products(first: 10) { nodes { slug } } }", json!({})).await.ok();
        let mut slugs = listed.texts("products.nodes", "slug");
        slugs.sort_unstable();
        assert_eq!(slugs, ["oak-spoon", "wool-socks"]);
    }

    async fn columns_that_are_absent_keep_and_blank_cells_clear(db: Database) {
        let shop = Shop::open(db).await;
        import(&shop, OLD_DIALECT, false).await;
        let spoon = "{ product(slug: \"oak-spoon\") { title tags productType descriptionHtml publishedAt \
            variants { sku barcode weightGrams price { amount { amount } compareAt { amount } } } } }";
        let before = shop.owner().query(spoon, json!({})).await.ok();

        // Nothing but a new price: all else stays, what it was said to cost before as well.
        let cheaper = import(&shop, &file("Handle,Title,Variant Price", &["oak-spoon,Oak Spoon,8.00"]), false).await;
        assert_eq!(products(&cheaper), (0, 1, 0, 0));
        let after = shop.owner().query(spoon, json!({})).await.ok();
        assert_eq!(after.text("product.variants.0.price.amount.amount"), "8.00");
        assert_eq!(after.text("product.variants.0.price.compareAt.amount"), "12.00");
        let mut expected = before.body["data"].clone();
        expected["product"]["variants"][0]["price"]["amount"]["amount"] = json!("8.00");
        assert_eq!(after.body["data"], expected);

        let blank = file("Handle,Title,Tags,Type,Variant Barcode,Variant Price", &["oak-spoon,Oak Spoon,,,,"]);
        assert_eq!(products(&import(&shop, &blank, false).await), (0, 1, 0, 0));
        let cleared = shop.owner().query(spoon, json!({})).await.ok();
        assert_eq!(cleared.data("product.tags"), &json!([]));
        assert!(cleared.data("product.productType").is_null());
        let variant = cleared.data("product.variants.0");
        assert!(variant["barcode"].is_null() && variant["price"].is_null());
        assert_eq!(variant["sku"], "HW-SPOON");
        assert_eq!(on_hand(&shop, "HW-SPOON").await, 12);
        assert_eq!(products(&import(&shop, &blank, false).await), (0, 0, 1, 0));
    }

    async fn variants_and_images_that_the_file_does_not_name_stay(db: Database) {
        let shop = Shop::open(db).await;
        import(&shop, OLD_DIALECT, false).await;
        let columns = "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant Price,Image Src";
        let one = file(columns, &["wool-socks,Wool Socks,Size,L,Color,Moss,15.00,https://images.example.com/new.jpg"]);
        let report = import(&shop, &one, false).await;
        assert_eq!((products(&report), report.variants, report.images), ((0, 1, 0, 0), 1, 1));
        let document = "{ product(slug: \"wool-socks\") { variants { title } media { url } \
            priceRange { min { amount } max { amount } } } }";
        let answer = shop.owner().query(document, json!({})).await.ok();
        assert_eq!(answer.texts("product.variants", "title"), ["L / Moss", "S / Moss", "M / Moss", "S / Clay"]);
        assert_eq!(answer.data("product.media").as_array().map(Vec::len), Some(6));
        assert_eq!(answer.text("product.priceRange.max.amount"), "15.00");
        let written = shop.fingerprint().await;
        assert_eq!(products(&import(&shop, &one, false).await), (0, 0, 1, 0));
        shop.assert_unchanged(&written).await;
    }

    async fn what_is_hidden_in_the_file_is_unpublished_and_what_is_published_keeps_its_time(db: Database) {
        let shop = Shop::open(db).await;
        let row = |published: &str| file("Handle,Title,Published,Variant Price", &[&format!("mug,Mug,{published},1.00")]);
        import(&shop, &row("true"), false).await;
        let time = "{ product(slug: \"mug\") { publishedAt status } }";
        let first = shop.owner().query(time, json!({})).await.ok();
        shop.wait(chrono::TimeDelta::minutes(10));
        assert_eq!(products(&import(&shop, &row("true"), false).await), (0, 0, 1, 0));
        assert_eq!(shop.owner().query(time, json!({})).await.ok().body, first.body);
        assert_eq!(products(&import(&shop, &row("false"), false).await), (0, 1, 0, 0));
        assert!(shop.owner().query(time, json!({})).await.ok().data("product.publishedAt").is_null());
        let seen = shop.anonymous().query("{ product(slug: \"mug\") { title } }", json!({})).await.ok();
        assert!(seen.data("product").is_null());
    }

    async fn a_dry_run_tells_the_same_and_changes_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.fingerprint().await;
        let tried = import(&shop, OLD_DIALECT, true).await;
        shop.assert_unchanged(&before).await;
        let done = import(&shop, OLD_DIALECT, false).await;
        assert!(tried.dry_run);
        assert_eq!(ImportReport { dry_run: false, ..tried }, done);
    }

    async fn other_prices_of_a_variant_stay(db: Database) {
        let shop = Shop::open(db).await;
        import(&shop, OLD_DIALECT, false).await;
        let document = "{ product(slug: \"oak-spoon\") { id variants { id } } }";
        let spoon = shop.owner().query(document, json!({})).await.ok();
        let set = "mutation($product: ID!, $prices: [PriceInput!]!) { \
            pricesSet(productId: $product, prices: $prices) { userErrors { message } } }";
        let variant = spoon.text("product.variants.0.id");
        let prices = json!([
            { "variantId": variant, "currency": "USD", "amount": "11.00" },
            { "variantId": variant, "currency": "EUR", "minimumQuantity": 10, "amount": "9.00" },
        ]);
        shop.owner().query(set, json!({ "product": spoon.text("product.id"), "prices": prices })).await.ok();
        let written = shop.fingerprint().await;
        assert_eq!(products(&import(&shop, OLD_DIALECT, false).await), (0, 0, 3, 0));
        shop.assert_unchanged(&written).await;
    }
}
