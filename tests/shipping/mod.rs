//! Stories of shipping.

mod profiles;
mod quote;
mod rates;
mod zones;

use serde_json::Value;

use crate::harness::ledger::Told;
use crate::harness::{Answer, json};

fn told(audit: &str, events: &[&str]) -> Told {
    Told { audit: vec![audit.to_owned()], events: events.iter().map(|event| (*event).to_owned()).collect() }
}

fn eur(amount: &str) -> Value {
    json!({ "amount": amount, "currencyCode": "EUR" })
}

/// Every userError of a mutation as `CODE path.to.field`.
fn problems(answer: &Answer, field: &str) -> Vec<String> {
    let errors = answer.data(field)["userErrors"].as_array().expect("a list").clone();
    let path = |error: &Value| {
        let steps: Vec<&str> = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("{} {}", error["code"].as_str().unwrap_or_default(), steps.join(".")).trim().to_owned()
    };
    errors.iter().map(path).collect()
}
