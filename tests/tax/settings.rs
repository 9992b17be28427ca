//! Stories of how a store is taxed.

use super::{set_taxes, told};
use crate::harness::{Shop, json};

both! {
    async fn a_store_says_where_it_is_and_how_shipping_is_taxed(db: Database) {
        let shop = Shop::open(db).await;
        let read = "{ taxSettings { origin { country } shippingTax shippingCategory { id } provider onProviderFailure version } }";
        let answer = shop.owner().query(read, json!({})).await.ok();
        let defaults = json!({ "origin": null, "shippingTax": "CATEGORY", "shippingCategory": null, "provider": null,
            "onProviderFailure": "OWN_RATES", "version": 0 });
        assert_eq!(answer.data("taxSettings"), &defaults);
        let books = shop.tax_category(&shop.owner(), "Books").await;
        let before = shop.ledger().await;
        let input = json!({ "origin": { "country": "us", "region": "ca", "postalCode": "94103" }, "shippingCategoryId": books, "onProviderFailure": "REFUSE" });
        let answer = set_taxes(&shop, input).await.ok();
        assert_eq!(shop.told_since(&before).await, told("tax_settings.update", &["tax_settings.updated"]));
        let settings = answer.data("taxSettingsUpdate.taxSettings");
        assert_eq!(settings["origin"], json!({ "country": "US", "region": "CA", "postalCode": "94103" }));
        assert_eq!((&settings["shippingCategory"]["id"], &settings["version"]), (&json!(books), &json!(1)));
        let answer = set_taxes(&shop, json!({ "shippingTax": "LINES", "origin": null })).await.ok();
        let settings = answer.data("taxSettingsUpdate.taxSettings");
        assert_eq!((&settings["shippingCategory"], &settings["origin"], &settings["version"]), (&json!(null), &json!(null), &json!(2)));
        assert_eq!(settings["onProviderFailure"], "REFUSE", "what is left out stays");
        assert_eq!(shop.rival().query(read, json!({})).await.ok().data("taxSettings"), &defaults);
    }

    async fn settings_that_do_not_fit_are_refused(db: Database) {
        let shop = Shop::open(db).await;
        let books = shop.tax_category(&shop.owner(), "Books").await;
        let theirs = shop.tax_category(&shop.rival(), "Theirs").await;
        let before = shop.fingerprint().await;
        for (input, error) in [
            (json!({ "origin": { "country": "XX" } }), "INVALID origin.country"),
            (json!({ "shippingTax": "LINES", "shippingCategoryId": books }), "NOT_ALLOWED shippingCategoryId"),
            (json!({ "shippingCategoryId": theirs }), "NOT_FOUND shippingCategoryId"),
            (json!({ "provider": "nobody" }), "NOT_FOUND provider"),
        ] {
            assert_eq!(set_taxes(&shop, input).await.user_error("taxSettingsUpdate"), error);
        }
        shop.assert_unchanged(&before).await;
    }

    async fn of_two_changes_of_the_settings_at_once_both_survive_or_one_is_stale(db: Database) {
        let shop = Shop::open(db).await;
        let document = "mutation($input: TaxSettingsUpdateInput!) {
            taxSettingsUpdate(input: $input, expectedVersion: 0) { taxSettings { version } userErrors { code field } } }";
        let change = async |kind: &str| shop.owner().query(document, json!({ "input": { "shippingTax": kind } })).await;
        let (one, other) = tokio::join!(change("LINES"), change("CATEGORY"));
        assert!(one.is_ok() != other.is_ok(), "{one} {other}");
        let lost = if one.is_ok() { other } else { one };
        assert_eq!(lost.user_error("taxSettingsUpdate"), "STALE expectedVersion");
        assert_eq!(shop.number("SELECT COUNT(*) FROM tax_settings").await, 1);
    }
}
