//! What is told of domains.

use entity::tenancy::store_domains;
use rules::ids::StoreDomainId;
use serde::Serialize;

/// A domain as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreDomainSnapshot {
    /// The id.
    pub id: StoreDomainId,
    /// The host name.
    pub host: String,
    /// Whether links are made with it.
    pub is_primary: bool,
}

impl From<&store_domains::Model> for StoreDomainSnapshot {
    fn from(row: &store_domains::Model) -> Self {
        Self { id: row.id, host: row.host.clone(), is_primary: row.is_primary }
    }
}

events! {
    "store_domain", store_domain: StoreDomainSnapshot;
    /// A host leads to the store from now on.
    StoreDomainAdded = "store_domain.added",
    /// A host no longer leads to the store.
    StoreDomainRemoved = "store_domain.removed",
}
