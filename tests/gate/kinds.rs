//! Stories of requests that touch things of several kinds at once.

use rules::permission::Permission::{
    CollectionsManage, InventoryManage, InventoryRead, OrganizationRead, PricesManage, ProductsManage, ProductsRead,
    StoreRead,
};
use serde_json::Value;

use super::ask;
use crate::harness::world::Membership;
use crate::harness::{Shop, json};

const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
const IMPORT: &str = "mutation($csv: String!) { productsImport(input: { format: SHOPIFY_CSV, csv: $csv }) \
    { report { productsCreated problemCount } userErrors { code } } }";

both! {
    async fn attack_t15_a_right_for_one_kind_is_none_for_another(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let draft = shop.product(&owner, json!({ "status": "DRAFT", "publishedAt": null })).await;
        let location = shop.location(&owner, "Warehouse").await;
        let level = shop.stock(&owner, &draft.variants[0], 5).await;
        let price = crate::pricing::Stock::of_linden(&shop, 1).await;
        let price = price.set(&owner, json!([{ "currency": "EUR", "amount": "5" }])).await.ok();
        let ids = [
            draft.id.clone(),
            draft.variants[0].clone(),
            location,
            level,
            price.text("pricesSet.prices.0.id").to_owned(),
            shop.api_token().await.id,
            shop.membership(&[]).await,
            shop.linden.id.to_string(),
        ];
        let all = owner.query(NODES, json!({ "ids": ids })).await.ok();
        assert!(all.data("nodes").as_array().expect("a list").iter().all(|node| !node.is_null()), "{all}");
        // Each right shows its own kinds in a list of mixed ones, and no others.
        for (right, kinds) in [
            (ProductsRead, &["Product", "ProductVariant"][..]),
            (InventoryRead, &["Location", "InventoryLevel"]),
            (rules::permission::Permission::PricesRead, &["Price"]),
            (rules::permission::Permission::ApiTokensRead, &["ApiToken"]),
            (rules::permission::Permission::MembersRead, &["Membership"]),
            (OrganizationRead, &["Organization"]),
        ] {
            let answer = shop.staff([right]).await.query(NODES, json!({ "ids": ids })).await.ok();
            let nodes = answer.data("nodes").as_array().expect("a list");
            let seen: Vec<&str> = nodes.iter().filter_map(|node| node["__typename"].as_str()).collect();
            assert_eq!(seen, kinds, "{right}");
        }
    }

    async fn attack_t15_a_file_of_mixed_columns_needs_the_right_for_each(db: Database) {
        let shop = Shop::open(db).await;
        let files = [
            ("Handle,Title\n{},Mug\n", &[ProductsManage][..]),
            ("Handle,Title,Variant Price\n{},Mug,12.00\n", &[ProductsManage, PricesManage]),
            ("Handle,Title,Cost per item\n{},Mug,6.00\n", &[ProductsManage, PricesManage]),
            ("Handle,Title,Variant Inventory Qty\n{},Mug,6\n", &[ProductsManage, InventoryManage]),
            ("Handle,Title,Vendor\n{},Mug,Acme\n", &[ProductsManage, CollectionsManage]),
            (
                "Handle,Title,Vendor,Variant Price,Variant Inventory Qty\n{},Mug,Acme,12.00,6\n",
                &[ProductsManage, CollectionsManage, PricesManage, InventoryManage],
            ),
        ];
        for (file, needed) in files {
            let csv = file.replace("{}", &shop.word());
            for missing in needed {
                let held: Vec<_> = needed.iter().filter(|right| *right != missing).copied().collect();
                let staff = shop.staff(held).await;
                let before = shop.fingerprint().await;
                let answer = staff.query(IMPORT, json!({ "csv": csv })).await;
                assert_eq!(answer.code(), "FORBIDDEN", "without {missing}, {file}: {answer}");
                shop.assert_unchanged(&before).await;
            }
            let answer = shop.staff(needed.iter().copied()).await.query(IMPORT, json!({ "csv": csv })).await.ok();
            assert_eq!(answer.number("productsImport.report.productsCreated"), 1, "{answer}");
        }
    }

    async fn attack_t15_one_part_that_is_not_allowed_keeps_all_others_out(db: Database) {
        let shop = Shop::open(db).await;
        let product = shop.product_in_sizes(&shop.owner()).await;
        let staff = shop.staff([ProductsManage, ProductsRead]).await;
        let before = shop.fingerprint().await;
        // Many variants, of which one says what it costs.
        let bulk = "mutation($id: ID!, $variants: [ProductVariantBulkUpdateInput!]!) { \
            productVariantsBulkUpdate(productId: $id, variants: $variants) { productVariants { id } userErrors { code } } }";
        let variants = |with_cost: bool| {
            let mut list = vec![json!({ "id": product.variants[0], "weightGrams": 250 }), json!({ "id": product.variants[1], "weightGrams": 300 })];
            if with_cost {
                list[1]["cost"] = json!({ "amount": "1.00", "currencyCode": "EUR" });
            }
            json!({ "id": product.id, "variants": list })
        };
        assert_eq!(staff.query(bulk, variants(true)).await.code(), "FORBIDDEN");
        // Two writes of which one is not allowed, in either order; and a read of what is hidden behind a write.
        let brand = "a: brandCreate(input: { name: \"Oak\" }) { brand { id } userErrors { code } }";
        let publish = format!("b: productUnpublish(id: \"{}\") {{ product {{ id }} userErrors {{ code }} }}", product.id);
        let hidden = format!("productUnpublish(id: \"{}\") {{ product {{ prices {{ id }} }} userErrors {{ code }} }}", product.id);
        for fields in [format!("{brand} {publish}"), format!("{publish} {brand}"), hidden] {
            let answer = ask(&staff, &format!("mutation {{ {fields} }}")).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{fields}: {answer}");
            assert!(answer.body.get("data").is_none_or(Value::is_null), "{answer}");
        }
        shop.assert_unchanged(&before).await;
        staff.query(bulk, variants(false)).await.ok();
    }

    /// Where any of two rights will do, each counts for what it is about alone.
    async fn attack_t15_either_of_two_rights_counts_where_it_is_held(db: Database) {
        let shop = Shop::open(db).await;
        let settings = "query($id: ID!) { stores(organizationId: $id) { nodes { handle version } } }";
        let id = json!({ "id": shop.linden.id.to_string() });
        let versions = |answer: &crate::harness::Answer| -> Vec<(String, bool)> {
            let nodes = answer.data("stores.nodes").as_array().expect("a list");
            nodes.iter().map(|node| (node["handle"].as_str().unwrap_or_default().to_owned(), node["version"].is_i64())).collect()
        };
        let both_stores = |shown: [bool; 2]| vec![("linden-us".to_owned(), shown[1]), ("linden".to_owned(), shown[0])];
        // The right over the organization shows the settings of each of its stores.
        let staff = shop.staff([OrganizationRead]).await;
        assert_eq!(versions(&staff.query(settings, id.clone()).await.ok()), both_stores([true, true]));
        // The right over one store shows that one's, and is no right to list them.
        let here = Membership { permissions: vec![StoreRead], stores: Some(vec![shop.linden.store()]), ..Membership::default() };
        let here = shop.member(&here).await;
        assert_eq!(ask(&here, "{ store { version } }").await.ok().number("store.version"), 1);
        assert_eq!(ask(&here.clone().in_store("linden-us"), "{ store { version } }").await.code(), "FORBIDDEN");
        assert_eq!(here.query(settings, id.clone()).await.code(), "FORBIDDEN");
        // What one holds at home is nothing next door.
        for who in [shop.rival().in_store("linden"), shop.owner().in_store("rival")] {
            assert_eq!(ask(&who, "{ store { version } }").await.code(), "FORBIDDEN");
        }
        assert_eq!(shop.rival().query(settings, id).await.code(), "NOT_FOUND");
    }
}
