//! Stories of tags.

use rules::ids::TagId;
use rules::permission::Permission::{ProductsManage, ProductsRead};

use crate::harness::{Shop, json};

const ALL: &str = "query($prefix: String) { tags(filter: { namePrefix: $prefix }) { nodes { name } totalCount } }";
const UPDATE: &str = "mutation($id: ID!, $name: String) { tagUpdate(id: $id, input: { name: $name }) {
    tag { name } userErrors { code field } } }";
const DELETE: &str = "mutation($id: ID!) { tagDelete(id: $id) { deletedTagId userErrors { code } } }";

both! {
    async fn tags_are_found_by_how_they_begin(db: Database) {
        let shop = Shop::open(db).await;
        let store = shop.linden.store();
        for name in ["Sale", "salt", "Summer"] {
            shop.tag_row(store, name, &[]).await;
        }
        shop.tag_row(shop.rival.store(), "Salad", &[]).await;
        let staff = shop.staff([ProductsRead]).await;
        let answer = staff.query(ALL, json!({ "prefix": " SAL" })).await.ok();
        assert_eq!(answer.texts("tags.nodes", "name"), ["Sale", "salt"]);
        assert_eq!(answer.number("tags.totalCount"), 2);
        assert_eq!(staff.query(ALL, json!({})).await.ok().number("tags.totalCount"), 3);
        let answer = staff.query("{ tag(name: \"SUMMER\") { name } }", json!({})).await.ok();
        assert_eq!(answer.text("tag.name"), "Summer");
    }

    async fn attack_t20_visitors_see_the_tags_of_products_that_they_see(db: Database) {
        let shop = Shop::open(db).await;
        let store = shop.linden.store();
        let owner = shop.owner();
        let shown = shop.product(&owner, json!({ "tags": ["Sale"] })).await;
        shop.product(&owner, json!({ "status": "DRAFT", "publishedAt": null, "tags": ["Sale", "Secret launch"] })).await;
        shop.tag_row(store, "Unused", &[]).await;
        let ids = owner.query("{ tags { nodes { id name } } }", json!({})).await.ok();
        let id = |name: &str| {
            let nodes = ids.data("tags.nodes").as_array().expect("a list");
            let tag = nodes.iter().find(|node| node["name"] == name).expect("a tag");
            tag["id"].as_str().expect("an id").to_owned()
        };
        let (sale, secret, unused) = (id("Sale"), id("Secret launch"), id("Unused"));
        let one = "query($id: ID!, $name: String!) { node(id: $id) { id } tag(id: $id) { name } named: tag(name: $name) { id } }";
        for visitor in [shop.anonymous(), shop.storefront_token(), shop.powerless().await] {
            let answer = visitor.query(ALL, json!({})).await.ok();
            assert_eq!(answer.texts("tags.nodes", "name"), ["Sale"]);
            assert_eq!(answer.number("tags.totalCount"), 1);
            // One by one they are shown as the list shows them, and the product itself does.
            let answer = visitor.query(one, json!({ "id": sale, "name": "sale" })).await.ok();
            assert_eq!((answer.text("node.id"), answer.text("tag.name"), answer.text("named.id")), (&*sale, "Sale", &*sale));
            let tags = visitor.query("query($id: ID!) { product(id: $id) { tags } }", json!({ "id": shown.id })).await.ok();
            assert_eq!(*tags.data("product.tags"), json!(["Sale"]));
            let never = shop.id::<TagId>().to_string();
            for (id, name) in [(&secret, "secret launch"), (&unused, "unused"), (&never, "never")] {
                let answer = visitor.query(one, json!({ "id": id, "name": name })).await.ok();
                assert_eq!(answer.body["data"], json!({ "node": null, "tag": null, "named": null }), "{name}");
            }
        }
        let staff = shop.staff([ProductsRead]).await;
        let answer = staff.query(one, json!({ "id": secret, "name": "unused" })).await.ok();
        assert_eq!((answer.text("tag.name"), answer.text("named.id")), ("Secret launch", &*unused));
    }

    async fn a_tag_is_written_otherwise(db: Database) {
        let shop = Shop::open(db).await;
        let store = shop.linden.store();
        let sale = shop.tag_row(store, "Sale", &[]).await;
        shop.tag_row(store, "New", &[]).await;
        let staff = shop.staff([ProductsManage]).await;
        let before = shop.ledger().await;
        let answer = staff.query(UPDATE, json!({ "id": sale, "name": " SALE " })).await.ok();
        assert_eq!(answer.text("tagUpdate.tag.name"), "SALE");
        let told = shop.told_since(&before).await;
        assert_eq!((told.audit, told.events), (vec!["tag.update".to_owned()], vec!["tag.updated".to_owned()]));

        let before = shop.fingerprint().await;
        let answer = staff.query(UPDATE, json!({ "id": sale, "name": "new" })).await;
        assert_eq!(answer.user_error("tagUpdate"), "TAKEN name");
        let answer = staff.query(UPDATE, json!({ "id": sale, "name": " " })).await;
        assert_eq!(answer.user_error("tagUpdate"), "REQUIRED name");
        shop.assert_unchanged(&before).await;
    }

    async fn attack_t28_a_deleted_tag_takes_its_marks_along_and_nothing_else(db: Database) {
        let shop = Shop::open(db).await;
        let store = shop.linden.store();
        let product = shop.product_row(store, "Kettle").await;
        let sale = shop.tag_row(store, "Sale", &[product]).await;
        shop.tag_row(store, "New", &[product]).await;
        let staff = shop.staff([ProductsManage]).await;
        staff.query(DELETE, json!({ "id": sale })).await.ok();
        assert_eq!(shop.number("SELECT COUNT(*) FROM products WHERE deleted_at IS NULL").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM tags").await, 1);
        assert_eq!(shop.number("SELECT COUNT(*) FROM product_tags").await, 1);
        assert_eq!(staff.query(DELETE, json!({ "id": sale })).await.code(), "NOT_FOUND");
    }

    async fn attack_t03_a_tag_of_another_store_answers_as_none(db: Database) {
        let shop = Shop::open(db).await;
        let theirs = shop.tag_row(shop.rival.store(), "Sale", &[]).await;
        let made_up = shop.id::<TagId>();
        let before = shop.fingerprint().await;
        for document in [UPDATE, DELETE] {
            let real = shop.owner().query(document, json!({ "id": theirs, "name": "Mine" })).await;
            let fake = shop.owner().query(document, json!({ "id": made_up, "name": "Mine" })).await;
            assert_eq!(real.code(), "NOT_FOUND", "{real}");
            assert_eq!(real.refusal(), fake.refusal());
        }
        shop.assert_unchanged(&before).await;
    }
}
