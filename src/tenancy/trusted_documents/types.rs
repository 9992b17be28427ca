//! How registered documents look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tenancy::trusted_documents;
use rules::ids::TrustedDocumentId;

use crate::kernel::graph::object;
use crate::{connection, payload};

/// A document that the store's storefronts may send.
#[derive(Clone)]
pub struct TrustedDocument(pub Arc<trusted_documents::Model>);

impl From<trusted_documents::Model> for TrustedDocument {
    fn from(row: trusted_documents::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A document that the store's storefronts may send.
#[object]
impl TrustedDocument {
    /// The document's id.
    fn id(&self) -> TrustedDocumentId {
        self.0.id
    }

    /// The SHA-256 of its text, in hexadecimal. A request that sends it as `documentId`, or as the hash of a
    /// persisted query, runs the document.
    fn sha256_hash(&self) -> String {
        hex::encode(&self.0.hash)
    }

    /// What it is called, for people.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Its text, to the byte.
    fn text(&self) -> &str {
        &self.0.text
    }

    /// When it was registered.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

connection!(TrustedDocumentConnection, TrustedDocumentEdge, TrustedDocument, "registered documents");

payload! {
    /// The answer of `trustedDocumentsRegister`.
    TrustedDocumentsRegisterPayload {
        /// The documents as they are registered now, in the order of the input; those that were there already
        /// as they are.
        trusted_documents: Vec<TrustedDocument>,
    }
}

payload! {
    /// The answer of `trustedDocumentsDelete`.
    TrustedDocumentsDeletePayload {
        /// The ids of the deleted documents.
        deleted_trusted_document_ids: Vec<TrustedDocumentId>,
    }
}
