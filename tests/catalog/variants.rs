//! Stories of single variants.

use crate::harness::{Shop, json};
use rules::ids::{ProductMediaId, ProductVariantId};
use rules::permission::Permission;
use serde_json::Value;

const CREATE_PRODUCT: &str = "mutation($input: ProductCreateInput!) { productCreate(input: $input) {
    product { id variants { id title sku version } media { id } } userErrors { code field message } } }";
const CREATE: &str =
    "mutation($id: ID!, $input: ProductVariantCreateInput!) { productVariantCreate(productId: $id, input: $input) {
    productVariant { id title sku position product { version } } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: ProductVariantUpdateInput!, $version: Int) {
    productVariantUpdate(id: $id, input: $input, expectedVersion: $version) {
    productVariant { id title sku version barcode weightGrams taxable media { id } product { version } } userErrors { code field message } } }";
const BULK: &str = "mutation($id: ID!, $variants: [ProductVariantBulkUpdateInput!]!) { productVariantsBulkUpdate(productId: $id, variants: $variants) {
    productVariants { id title sku version } userErrors { code field message } } }";

fn size(value: &str) -> Value {
    json!([{ "name": "Size", "value": value }])
}

/// A shirt in two of three sizes: the product, with its variants and its medium.
async fn shirt(shop: &Shop) -> Value {
    let input = json!({
        "title": "Shirt",
        "options": [{ "name": "Size", "values": ["S", "M", "L"] }],
        "media": [{ "url": "https://cdn.example/a.jpg" }],
        "variants": [{ "selectedOptions": size("S"), "sku": "S1" }, { "selectedOptions": size("M"), "sku": "M1" }],
    });
    let answer = shop.owner().query(CREATE_PRODUCT, json!({ "input": input })).await.ok();
    answer.data("productCreate.product").clone()
}

/// Another product of the store, with one variant.
async fn mug(shop: &Shop) -> Value {
    let input =
        json!({ "title": "Mug", "media": [{ "url": "https://cdn.example/a.jpg" }], "variants": [{ "sku": "MUG" }] });
    let answer = shop.owner().query(CREATE_PRODUCT, json!({ "input": input })).await.ok();
    answer.data("productCreate.product").clone()
}

both! {
    async fn a_variant_is_created_changed_and_deleted(db: Database) {
        let shop = Shop::open(db).await;
        let product = shirt(&shop).await;
        let before = shop.ledger().await;
        let input = json!({ "selectedOptions": size("l"), "sku": "L1", "mediaId": product["media"][0]["id"] });
        let answer = shop.owner().query(CREATE, json!({ "id": product["id"], "input": input })).await.ok();
        let variant = answer.data("productVariantCreate.productVariant");
        assert_eq!((&variant["title"], &variant["position"], &variant["product"]["version"]), (&json!("L"), &json!(2), &json!(2)));

        let input = json!({ "sku": null, "barcode": "4006381333931", "weightGrams": 250, "taxable": false, "mediaId": null });
        let answer = shop.owner().query(UPDATE, json!({ "id": variant["id"], "input": input, "version": 1 })).await.ok();
        let changed = answer.data("productVariantUpdate.productVariant");
        assert_eq!((&changed["sku"], &changed["media"], &changed["taxable"]), (&Value::Null, &Value::Null, &json!(false)));
        assert_eq!((&changed["version"], &changed["product"]["version"]), (&json!(2), &json!(2)));
        let answer = shop.owner().query(UPDATE, json!({ "id": variant["id"], "input": {}, "version": 1 })).await;
        assert_eq!(answer.user_error("productVariantUpdate"), "STALE expectedVersion");

        let delete = "mutation($id: ID!) { productVariantDelete(id: $id) { deletedProductVariantId userErrors { code } } }";
        shop.owner().query(delete, json!({ "id": variant["id"] })).await.ok();
        assert_eq!(shop.owner().query(delete, json!({ "id": variant["id"] })).await.code(), "NOT_FOUND");
        let told = shop.told_since(&before).await;
        assert_eq!(told.audit, ["product_variant.create", "product_variant.delete", "product_variant.update"]);
        assert_eq!(told.events, ["product_variant.created", "product_variant.deleted", "product_variant.updated"]);

        // What it was made of can be made again.
        let input = json!({ "selectedOptions": size("L"), "sku": "L1" });
        shop.owner().query(CREATE, json!({ "id": product["id"], "input": input })).await.ok();
    }

    async fn nothing_is_written_of_a_variant_with_problems(db: Database) {
        let shop = Shop::open(db).await;
        let (product, mug) = (shirt(&shop).await, mug(&shop).await);
        let before = shop.fingerprint().await;
        for (input, expected) in [
            (json!({}), "OPTION_MISMATCH selectedOptions"),
            (json!({ "selectedOptions": size("XL") }), "OPTION_MISMATCH selectedOptions.0.value"),
            (json!({ "selectedOptions": size("S") }), "TAKEN selectedOptions"),
            (json!({ "selectedOptions": size("L"), "sku": "m1" }), "TAKEN sku"),
            (json!({ "selectedOptions": size("L"), "sku": "mug" }), "TAKEN sku"),
            (json!({ "selectedOptions": size("L"), "weightGrams": -1 }), "OUT_OF_RANGE weightGrams"),
            (json!({ "selectedOptions": size("L"), "cost": { "amount": "-1", "currencyCode": "EUR" } }), "OUT_OF_RANGE cost.amount"),
            (json!({ "selectedOptions": size("L"), "mediaId": mug["media"][0]["id"] }), "NOT_FOUND mediaId"),
            (json!({ "selectedOptions": size("L"), "mediaId": shop.id::<ProductMediaId>().to_string() }), "NOT_FOUND mediaId"),
        ] {
            let answer = shop.owner().query(CREATE, json!({ "id": product["id"], "input": input })).await;
            assert_eq!(answer.user_error("productVariantCreate"), expected, "{answer}");
        }
        let answer = shop.owner().query(CREATE, json!({ "id": mug["id"], "input": {} })).await;
        assert_eq!(answer.user_error("productVariantCreate"), "TAKEN selectedOptions");
        let delete = "mutation($id: ID!) { productVariantDelete(id: $id) { deletedProductVariantId userErrors { code field } } }";
        let answer = shop.owner().query(delete, json!({ "id": mug["variants"][0]["id"] })).await;
        assert_eq!(answer.user_error("productVariantDelete"), "NOT_ALLOWED");
        shop.assert_unchanged(&before).await;
    }

    async fn many_variants_change_together_or_not_at_all(db: Database) {
        let shop = Shop::open(db).await;
        let (product, mug) = (shirt(&shop).await, mug(&shop).await);
        let id = |index: usize| product["variants"][index]["id"].clone();
        let before = shop.fingerprint().await;
        for (variants, expected) in [
            (json!([]), "REQUIRED variants"),
            (json!([{ "id": id(0), "sku": "X" }, { "id": id(1), "sku": "x" }]), "DUPLICATE variants.1.sku"),
            (json!([{ "id": id(0), "barcode": "1" }, { "id": id(1), "sku": "MUG" }]), "TAKEN variants.1.sku"),
            (json!([{ "id": id(0), "sku": "m1" }]), "TAKEN variants.0.sku"),
            (json!([{ "id": id(0) }, { "id": id(0) }]), "DUPLICATE variants.1"),
            (json!([{ "id": id(0) }, { "id": mug["variants"][0]["id"] }]), "NOT_FOUND variants.1.id"),
            (json!([{ "id": shop.id::<ProductVariantId>().to_string() }]), "NOT_FOUND variants.0.id"),
            (json!([{ "id": id(0), "selectedOptions": size("M") }]), "TAKEN variants.0.selectedOptions"),
        ] {
            let answer = shop.owner().query(BULK, json!({ "id": product["id"], "variants": variants })).await;
            assert_eq!(answer.user_error("productVariantsBulkUpdate"), expected, "{answer}");
        }
        shop.assert_unchanged(&before).await;

        let ledger = shop.ledger().await;
        let trade = json!([
            { "id": id(1), "sku": "S1", "selectedOptions": size("S") },
            { "id": id(0), "sku": "M1", "selectedOptions": size("M") },
        ]);
        let answer = shop.owner().query(BULK, json!({ "id": product["id"], "variants": trade })).await.ok();
        assert_eq!(answer.texts("productVariantsBulkUpdate.productVariants", "sku"), ["S1", "M1"]);
        assert_eq!(answer.texts("productVariantsBulkUpdate.productVariants", "title"), ["S", "M"]);
        assert_eq!(answer.data("productVariantsBulkUpdate.productVariants")[0]["id"], id(1));
        let told = shop.told_since(&ledger).await;
        assert_eq!((told.audit, told.events), (vec!["product_variants.bulk_update".to_owned()], vec!["product_variants.bulk_updated".to_owned()]));
    }

    async fn a_variant_is_found_by_its_sku_whatever_its_case(db: Database) {
        let shop = Shop::open(db).await;
        mug(&shop).await;
        let answer = shop.owner().query("{ productVariant(sku: \" mug\") { sku product { title } } }", json!({})).await.ok();
        assert_eq!((answer.text("productVariant.sku"), answer.text("productVariant.product.title")), ("MUG", "Mug"));
    }

    async fn variants_need_the_permission_to_manage_products(db: Database) {
        let shop = Shop::open(db).await;
        let product = shirt(&shop).await;
        let reader = shop.staff([Permission::ProductsRead]).await;
        let before = shop.fingerprint().await;
        let answer = reader.query(CREATE, json!({ "id": product["id"], "input": { "selectedOptions": size("L") } })).await;
        assert_eq!(answer.code(), "FORBIDDEN");
        shop.assert_unchanged(&before).await;
    }

    async fn parallel_edits_of_a_product_both_survive(db: Database) {
        let shop = Shop::open(db).await;
        let product = shirt(&shop).await;
        let owner = shop.owner();
        let update = |index: usize| {
            let (owner, id) = (owner.clone(), product["variants"][index % 2]["id"].clone());
            let field = if index < 2 { "barcode" } else { "taxCode" };
            async move { owner.query(UPDATE, json!({ "id": id, "input": { field: "1" } })).await.ok() }
        };
        futures::future::join_all((0..4).map(update)).await;
        assert_eq!(shop.number("SELECT COUNT(*) FROM product_variants WHERE barcode = '1' AND tax_code = '1'").await, 2);
    }
}
