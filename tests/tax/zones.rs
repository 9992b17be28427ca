//! Stories of tax zones.

use rules::permission::Permission::{TaxesManage, TaxesRead};
use serde_json::Value;

use super::told;
use crate::harness::{Actor, Answer, Shop, json};

const CREATE: &str = "mutation($input: TaxZoneCreateInput!) { taxZoneCreate(input: $input) {
    taxZone { id name version territories { country region postalCodes { from to } } } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: TaxZoneUpdateInput!, $expectedVersion: Int) {
    taxZoneUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) {
        taxZone { id name version territories { country region } } userErrors { code field message } } }";
const DELETE: &str = "mutation($id: ID!) { taxZoneDelete(id: $id) { deletedTaxZoneId userErrors { code field } } }";

async fn create(who: &Actor, territories: Value) -> Answer {
    who.query(CREATE, json!({ "input": { "name": "Zone", "territories": territories } })).await
}

async fn update(who: &Actor, id: &str, input: Value) -> Answer {
    who.query(UPDATE, json!({ "id": id, "input": input })).await
}

fn problems(answer: &Answer, field: &str) -> Vec<String> {
    let errors = answer.data(field)["userErrors"].as_array().expect("a list").clone();
    let path = |error: &Value| {
        let steps: Vec<&str> = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("{} {}", error["code"].as_str().unwrap_or_default(), steps.join("."))
    };
    errors.iter().map(path).collect()
}

both! {
    async fn a_tax_zone_is_countries_regions_and_postal_codes(db: Database) {
        let shop = Shop::open(db).await;
        let staff = shop.staff([TaxesManage, TaxesRead]).await;
        let before = shop.ledger().await;
        let codes = json!([{ "from": "94 000", "to": "94199" }, { "from": "90001", "to": "90001" }]);
        let territories = json!([{}, { "country": "de" }, { "country": "US", "region": "ca", "postalCodes": codes }, { "country": "US", "region": "NY" }]);
        let answer = create(&staff, territories).await.ok();
        assert_eq!(shop.told_since(&before).await, told("tax_zone.create", &["tax_zone.created"]));
        let codes = json!([{ "from": "94000", "to": "94199" }, { "from": "90001", "to": "90001" }]);
        assert_eq!(answer.data("taxZoneCreate.taxZone.territories"), &json!([
            { "country": null, "region": null, "postalCodes": [] },
            { "country": "DE", "region": null, "postalCodes": [] },
            { "country": "US", "region": "CA", "postalCodes": codes },
            { "country": "US", "region": "NY", "postalCodes": [] },
        ]));
        let id = answer.text("taxZoneCreate.taxZone.id");
        let before = shop.ledger().await;
        let answer = update(&staff, id, json!({ "name": "North", "territories": [{ "country": "SE" }] })).await.ok();
        assert_eq!(shop.told_since(&before).await, told("tax_zone.update", &["tax_zone.updated"]));
        let zone = answer.data("taxZoneUpdate.taxZone");
        assert_eq!((&zone["name"], &zone["version"]), (&json!("North"), &json!(2)));
        assert_eq!(zone["territories"], json!([{ "country": "SE", "region": null }]));
        let answer = update(&staff, id, json!({ "name": "Nordic" })).await.ok();
        assert_eq!(answer.data("taxZoneUpdate.taxZone.territories"), &json!([{ "country": "SE", "region": null }]), "what is left out stays");
    }

    async fn every_problem_of_a_zone_is_told_at_once(db: Database) {
        let shop = Shop::open(db).await;
        let before = shop.fingerprint().await;
        let territories = json!([
            { "country": "XX" }, { "region": "CA" }, { "country": "US", "region": "California" },
            { "country": "DE", "postalCodes": [{ "from": "2", "to": "1" }] }, { "country": "DE" }, { "country": "de" },
        ]);
        let input = json!({ "name": "", "territories": territories });
        let answer = shop.owner().query(CREATE, json!({ "input": input })).await;
        assert_eq!(problems(&answer, "taxZoneCreate"), [
            "REQUIRED name", "INVALID territories.0.country", "REQUIRED territories.1.country",
            "INVALID territories.2.region", "INVALID territories.3.postalCodes.0.to", "DUPLICATE territories.5",
        ]);
        assert_eq!(problems(&create(&shop.owner(), json!([])).await, "taxZoneCreate"), ["REQUIRED territories"]);
        shop.assert_unchanged(&before).await;
    }

    async fn rule_t1_no_two_zones_have_the_same_place(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        shop.tax_zone(&owner, json!([{ "country": "DE" }, { "country": "US", "region": "CA" }])).await;
        let before = shop.fingerprint().await;
        let answer = create(&owner, json!([{ "country": "FR" }, { "country": "US", "region": "CA" }, { "country": "DE" }])).await;
        assert_eq!(problems(&answer, "taxZoneCreate"), ["PLACE_TAKEN territories.1", "PLACE_TAKEN territories.2"]);
        shop.assert_unchanged(&before).await;
        // What is closer, or wider, is another place.
        let wider = create(&owner, json!([{ "country": "US" }, { "country": "DE", "postalCodes": [{ "from": "1", "to": "2" }] }])).await.ok();
        let id = wider.text("taxZoneCreate.taxZone.id");
        let before = shop.fingerprint().await;
        let answer = update(&owner, id, json!({ "territories": [{ "country": "DE" }] })).await;
        assert_eq!(problems(&answer, "taxZoneUpdate"), ["PLACE_TAKEN territories.0"]);
        assert_eq!(problems(&update(&owner, id, json!({ "territories": null })).await, "taxZoneUpdate"), ["INVALID territories"]);
        let stale = owner.query(UPDATE, json!({ "id": id, "input": { "name": "Late" }, "expectedVersion": 9 })).await;
        assert_eq!(stale.user_error("taxZoneUpdate"), "STALE expectedVersion");
        shop.assert_unchanged(&before).await;
        update(&owner, id, json!({ "territories": [{ "country": "US" }] })).await.ok();
        create(&shop.rival(), json!([{ "country": "DE" }])).await.ok();
    }

    async fn of_many_zones_at_once_with_one_place_one_is_created(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let answers = futures::future::join_all((0..6).map(|_| create(&owner, json!([{ "country": "AT" }])))).await;
        let taken = |answer: &&Answer| problems(answer, "taxZoneCreate") == ["PLACE_TAKEN territories.0"];
        let created = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!((created, answers.iter().filter(taken).count()), (1, 5));
        assert_eq!(shop.number("SELECT COUNT(*) FROM tax_zones").await, 1);
    }

    async fn a_zone_takes_its_rates_along_and_tells_of_each(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let zone = shop.any_tax_zone(&owner).await;
        let books = shop.tax_category(&owner, "Books").await;
        shop.tax_rate(&owner, &zone, None, "0.19").await;
        shop.tax_rate(&owner, &zone, Some(&books), "0.07").await;
        let before = shop.ledger().await;
        owner.query(DELETE, json!({ "id": zone })).await.ok();
        let mut told_since = shop.told_since(&before).await;
        told_since.events.sort();
        assert_eq!(told_since, told("tax_zone.delete", &["tax_rate.deleted", "tax_rate.deleted", "tax_zone.deleted"]));
        for table in ["tax_zones", "tax_zone_territories", "tax_rates"] {
            assert_eq!(shop.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        assert_eq!(owner.query(DELETE, json!({ "id": zone })).await.code(), "NOT_FOUND");
    }
}
