//! What is told of stores.

use entity::tenancy::stores;
use rules::ids::{OrganizationId, StoreId};
use rules::states::{DocumentPolicy, StorePlan};
use rules::{Currency, RoundingLevel, RoundingMode, TaxMode};
use serde::Serialize;

use super::settings::StoreLists;

/// A store as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreSnapshot {
    /// The id.
    pub id: StoreId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The name in addresses.
    pub handle: String,
    /// The name.
    pub name: String,
    /// Its own currency.
    pub currency: Currency,
    /// Every currency that it sells in.
    pub currencies: Vec<Currency>,
    /// Its own language.
    pub locale: String,
    /// Every language that it speaks.
    pub locales: Vec<String>,
    /// The country that it sells from.
    pub country: Option<String>,
    /// Whether prices hold their tax.
    pub tax_mode: TaxMode,
    /// How a fraction of a minor unit is rounded.
    pub rounding_mode: RoundingMode,
    /// What is rounded.
    pub rounding_level: RoundingLevel,
    /// The time zone.
    pub time_zone: String,
    /// How much of the platform it may use.
    pub plan: StorePlan,
    /// Which of its callers may send only documents that it has registered.
    pub document_policy: DocumentPolicy,
    /// The version.
    pub version: i64,
}

impl StoreSnapshot {
    /// A store with its lists; empty ones where they did not matter.
    pub fn of(row: &stores::Model, lists: &StoreLists) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            handle: row.handle.clone(),
            name: row.name.clone(),
            currency: row.currency,
            currencies: lists.currencies.clone(),
            locale: row.locale.clone(),
            locales: lists.locales.clone(),
            country: row.country.clone(),
            tax_mode: row.tax_mode,
            rounding_mode: row.rounding_mode,
            rounding_level: row.rounding_level,
            time_zone: row.time_zone.clone(),
            plan: row.plan,
            document_policy: row.document_policy,
            version: row.version,
        }
    }
}

events! {
    "store", store: StoreSnapshot;
    /// A store was opened.
    StoreCreated = "store.created",
    /// A store's settings changed.
    StoreUpdated = "store.updated",
    /// A store was closed.
    StoreDeleted = "store.deleted",
}
