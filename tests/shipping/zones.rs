//! Stories of shipping zones.

use super::{problems, told};
use crate::harness::{Actor, Answer, Shop, json};
use serde_json::Value;

const CREATE: &str = "mutation($input: ShippingZoneCreateInput!) { shippingZoneCreate(input: $input) {
    shippingZone { id profile { id } territories { country region postalCodes { from to } } } userErrors { code field message } } }";
const UPDATE: &str = "mutation($id: ID!, $input: ShippingZoneUpdateInput!, $expectedVersion: Int) {
    shippingZoneUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) {
        shippingZone { name version territories { country } } userErrors { code field } } }";
const DELETE: &str =
    "mutation($id: ID!) { shippingZoneDelete(id: $id) { deletedShippingZoneId userErrors { code field } } }";

async fn create(who: &Actor, profile: &str, territories: Value) -> Answer {
    let input = json!({ "profileId": profile, "name": "Zone", "territories": territories });
    who.query(CREATE, json!({ "input": input })).await
}

both! {
    async fn a_zone_belongs_to_a_profile_and_has_its_places_alone_there(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let (parcels, freight) = (shop.shipping_profile(&owner, "Parcels").await, shop.shipping_profile(&owner, "Freight").await);
        let before = shop.ledger().await;
        let codes = json!([{ "from": "10000", "to": "14199" }]);
        let made = create(&owner, &parcels, json!([{ "country": "de", "postalCodes": codes }, { "country": "AT" }])).await.ok();
        assert_eq!(shop.told_since(&before).await, told("shipping_zone.create", &["shipping_zone.created"]));
        assert_eq!(made.text("shippingZoneCreate.shippingZone.profile.id"), parcels);
        let id = made.text("shippingZoneCreate.shippingZone.id");
        let before = shop.fingerprint().await;
        let taken = create(&owner, &parcels, json!([{ "country": "CH" }, { "country": "AT" }])).await;
        assert_eq!(problems(&taken, "shippingZoneCreate"), ["PLACE_TAKEN territories.1"]);
        let nobody = create(&owner, &shop.id::<rules::ids::ShippingProfileId>().to_string(), json!([{}])).await;
        assert_eq!(problems(&nobody, "shippingZoneCreate"), ["NOT_FOUND profileId"]);
        assert_eq!(problems(&create(&owner, &parcels, json!([{ "country": "XX" }])).await, "shippingZoneCreate"), ["INVALID territories.0.country"]);
        shop.assert_unchanged(&before).await;
        create(&owner, &freight, json!([{ "country": "AT" }])).await.ok();

        let before = shop.ledger().await;
        let changed = owner.query(UPDATE, json!({ "id": id, "input": { "name": "North", "territories": [{ "country": "SE" }, { "country": "AT" }] } })).await.ok();
        assert_eq!(shop.told_since(&before).await, told("shipping_zone.update", &["shipping_zone.updated"]));
        assert_eq!(changed.texts("shippingZoneUpdate.shippingZone.territories", "country"), ["SE", "AT"]);
        let stale = owner.query(UPDATE, json!({ "id": id, "input": { "name": "Late" }, "expectedVersion": 1 })).await;
        assert_eq!(problems(&stale, "shippingZoneUpdate"), ["STALE expectedVersion"]);
        owner.query(DELETE, json!({ "id": id })).await.ok();
        assert_eq!(shop.number("SELECT COUNT(*) FROM shipping_zone_territories").await, 1);
    }

    async fn of_many_zones_at_once_with_one_place_one_is_created(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let parcels = shop.shipping_profile(&owner, "Parcels").await;
        let tries = (0..6).map(|_| create(&owner, &parcels, json!([{ "country": "AT" }])));
        let answers = futures::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        let taken = |answer: &&Answer| problems(answer, "shippingZoneCreate") == ["PLACE_TAKEN territories.0"];
        assert_eq!(answers.iter().filter(taken).count(), 5);
    }
}
