//! Taxes that stories need to stand there first.

use serde_json::Value;

use super::{Actor, Shop, json};

impl Shop {
    /// A tax category.
    pub async fn tax_category(&self, owner: &Actor, name: &str) -> String {
        let document = "mutation($input: TaxCategoryCreateInput!) { taxCategoryCreate(input: $input) \
            { taxCategory { id } userErrors { message } } }";
        let answer = owner.query(document, json!({ "input": { "name": name } })).await.ok();
        answer.text("taxCategoryCreate.taxCategory.id").to_owned()
    }

    /// A tax zone with these territories.
    pub async fn tax_zone(&self, owner: &Actor, territories: Value) -> String {
        let document = "mutation($input: TaxZoneCreateInput!) { taxZoneCreate(input: $input) \
            { taxZone { id } userErrors { message } } }";
        let input = json!({ "name": self.word(), "territories": territories });
        let answer = owner.query(document, json!({ "input": input })).await.ok();
        answer.text("taxZoneCreate.taxZone.id").to_owned()
    }

    /// A tax zone that no other story's is in the way of.
    pub async fn any_tax_zone(&self, owner: &Actor) -> String {
        // Words begin with the time, which stands still.
        let code = &self.word()[21..37];
        self.tax_zone(owner, json!([{ "country": "DE", "postalCodes": [{ "from": code, "to": code }] }])).await
    }

    /// A tax at a rate on a category, or on all that the zone has no rate of their own for.
    pub async fn tax_rate(&self, owner: &Actor, zone: &str, category: Option<&str>, rate: &str) -> String {
        let document = "mutation($input: TaxRateCreateInput!) { taxRateCreate(input: $input) \
            { taxRate { id } userErrors { message } } }";
        let input = json!({ "zoneId": zone, "categoryId": category, "name": "VAT", "rate": rate });
        let answer = owner.query(document, json!({ "input": input })).await.ok();
        answer.text("taxRateCreate.taxRate.id").to_owned()
    }
}
