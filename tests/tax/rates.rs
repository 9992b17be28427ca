//! Stories of tax rates.

use rules::permission::Permission::{TaxesManage, TaxesRead};
use serde_json::Value;

use super::told;
use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($input: TaxRateCreateInput!) { taxRateCreate(input: $input) {
    taxRate { id name rate zone { id } category { id } version } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: TaxRateUpdateInput!, $expectedVersion: Int) {
    taxRateUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) {
        taxRate { id name rate category { id } version } userErrors { code field message } } }";
const DELETE: &str = "mutation($id: ID!, $expectedVersion: Int) {
    taxRateDelete(id: $id, expectedVersion: $expectedVersion) { deletedTaxRateId userErrors { code field } } }";

async fn create(who: &Actor, input: Value) -> Answer {
    who.query(CREATE, json!({ "input": input })).await
}

async fn update(who: &Actor, id: &str, input: Value) -> Answer {
    who.query(UPDATE, json!({ "id": id, "input": input })).await
}

both! {
    async fn a_rate_lies_on_a_category_or_on_all_others(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([TaxesManage, TaxesRead]).await;
        let (zone, books) = (shop.any_tax_zone(&shop.owner()).await, shop.tax_category(&shop.owner(), "Books").await);
        let before = shop.ledger().await;
        let answer = create(&staff, json!({ "zoneId": zone, "name": " VAT ", "rate": "0.190" })).await.ok();
        assert_eq!(shop.told_since(&before).await, told("tax_rate.create", &["tax_rate.created"]));
        let rate = answer.data("taxRateCreate.taxRate");
        assert_eq!((&rate["name"], &rate["rate"], &rate["zone"]["id"]), (&json!("VAT"), &json!("0.19"), &json!(zone)));
        assert!(rate["category"].is_null());
        let id = answer.text("taxRateCreate.taxRate.id");
        let before = shop.ledger().await;
        let answer = update(&staff, id, json!({ "rate": "0.0725", "categoryId": books })).await.ok();
        assert_eq!(shop.told_since(&before).await, told("tax_rate.update", &["tax_rate.updated"]));
        let rate = answer.data("taxRateUpdate.taxRate");
        assert_eq!((&rate["rate"], &rate["category"]["id"], &rate["version"]), (&json!("0.0725"), &json!(books), &json!(2)));
        let answer = update(&staff, id, json!({ "categoryId": null })).await.ok();
        assert!(answer.data("taxRateUpdate.taxRate.category").is_null(), "null clears");
        let before = shop.ledger().await;
        staff.query(DELETE, json!({ "id": id, "expectedVersion": 3 })).await.ok();
        assert_eq!(shop.told_since(&before).await, told("tax_rate.delete", &["tax_rate.deleted"]));
    }

    async fn a_rate_that_is_none_is_refused(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (zone, books) = (shop.any_tax_zone(&owner).await, shop.tax_category(&owner, "Books").await);
        let rate = shop.tax_rate(&owner, &zone, Some(&books), "0.07").await;
        let before = shop.fingerprint().await;
        for (wrong, error) in [
            (json!({ "rate": "-0.01" }), "OUT_OF_RANGE rate"),
            (json!({ "rate": "0.0000001" }), "OUT_OF_RANGE rate"),
            (json!({ "rate": 1001 }), "OUT_OF_RANGE rate"),
            (json!({ "name": "" }), "REQUIRED name"),
            (json!({ "zoneId": shop.id::<rules::ids::TaxZoneId>().to_string() }), "NOT_FOUND zoneId"),
            (json!({ "categoryId": shop.id::<rules::ids::TaxCategoryId>().to_string() }), "NOT_FOUND categoryId"),
            (json!({ "categoryId": books }), "TAKEN name"),
        ] {
            let mut input = json!({ "zoneId": zone, "name": "VAT", "rate": "0.19" });
            for (field, value) in wrong.as_object().expect("an object") {
                input[field] = value.clone();
            }
            assert_eq!(create(&owner, input).await.user_error("taxRateCreate"), error);
        }
        assert_eq!(update(&owner, &rate, json!({ "rate": "-1" })).await.user_error("taxRateUpdate"), "OUT_OF_RANGE rate");
        let stale = owner.query(UPDATE, json!({ "id": rate, "input": { "rate": "0.05" }, "expectedVersion": 2 })).await;
        assert_eq!(stale.user_error("taxRateUpdate"), "STALE expectedVersion");
        let stale = owner.query(DELETE, json!({ "id": rate, "expectedVersion": 2 })).await;
        assert_eq!(stale.user_error("taxRateDelete"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;

        // Without a category it is another tax; and only one is called so there, too.
        shop.tax_rate(&owner, &zone, None, "0.19").await;
        let before = shop.fingerprint().await;
        let twice = create(&owner, json!({ "zoneId": zone, "name": "VAT", "rate": "0.2" })).await;
        assert_eq!(twice.user_error("taxRateCreate"), "TAKEN name");
        assert_eq!(update(&owner, &rate, json!({ "categoryId": null })).await.user_error("taxRateUpdate"), "TAKEN name");
        shop.assert_unchanged(&before).await;
    }
}
