//! What is told of registered documents.

use entity::tenancy::trusted_documents;
use rules::ids::{StoreId, TrustedDocumentId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A registered document; its text is what its hash says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrustedDocumentSnapshot {
    /// The id.
    pub id: TrustedDocumentId,
    /// The SHA-256 of its text, in hexadecimal.
    pub sha256_hash: String,
    /// What it is called.
    pub name: Option<String>,
}

impl From<&trusted_documents::Model> for TrustedDocumentSnapshot {
    fn from(row: &trusted_documents::Model) -> Self {
        Self { id: row.id, sha256_hash: hex::encode(&row.hash), name: row.name.clone() }
    }
}

/// Documents of a store, as they were registered or deleted together; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrustedDocumentsSnapshot {
    /// The store.
    pub store_id: StoreId,
    /// The documents.
    pub trusted_documents: Vec<TrustedDocumentSnapshot>,
}

macro_rules! document_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(transparent)]
            pub struct $name(pub TrustedDocumentsSnapshot);

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "store";

                fn aggregate_id(&self) -> String {
                    self.0.store_id.to_string()
                }
            }
        )+
    };
}

document_events! {
    /// Documents were registered.
    TrustedDocumentsRegistered = "trusted_documents.registered",
    /// Documents were deleted.
    TrustedDocumentsDeleted = "trusted_documents.deleted",
}

/// The documents of one call.
pub fn snapshot(store_id: StoreId, rows: &[trusted_documents::Model]) -> TrustedDocumentsSnapshot {
    TrustedDocumentsSnapshot { store_id, trusted_documents: rows.iter().map(Into::into).collect() }
}
