//! What a request sends: its parameters as they came, and in them the document's text, its hash, or both.
//!
//! The hash comes as Apollo's clients send it, for automatic persisted queries (`extensions.persistedQuery`), or as
//! `documentId`. Both are the SHA-256 of the text, so a hash that does not belong to the text is refused here, and
//! behind this point a document is what its hash says.

use std::sync::Arc;

use axum::body::Bytes;
use serde_json::{Map, Value};

use super::Parameters;
use crate::gate::document::DocumentHash;
use crate::http::{refusal::Refusal, strict_json::JsonLimits};

/// The parameters of a request, not read yet: to the byte, and by which way they came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sent {
    /// In the body of a POST.
    Body(Bytes),
    /// In the address of a GET.
    Address(Bytes),
}

impl Sent {
    fn bytes(&self) -> &Bytes {
        match self {
            Self::Body(bytes) | Self::Address(bytes) => bytes,
        }
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }

    /// The same in memory of its own: what came from a socket holds on to more than itself.
    pub fn detached(&self) -> Self {
        let own = Bytes::copy_from_slice(self.bytes());
        match self {
            Self::Body(_) => Self::Body(own),
            Self::Address(_) => Self::Address(own),
        }
    }

    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with their form.
    pub(super) fn parameters(&self, limits: JsonLimits) -> Result<Parameters, Refusal> {
        match self {
            Self::Body(bytes) => Parameters::from_json(bytes, limits),
            Self::Address(bytes) => {
                let query = std::str::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)?;
                Parameters::from_query_string(query, limits)
            }
        }
    }
}

/// The document of a request.
#[derive(Clone)]
pub struct SentDocument {
    /// The SHA-256 of its text.
    pub hash: DocumentHash,
    /// Its text; `None` where only the hash was sent.
    pub text: Option<Arc<str>>,
}

impl SentDocument {
    /// Reads the parameters.
    ///
    /// # Errors
    /// Neither text nor hash, a hash of another form, or one that is not the text's.
    pub(super) fn read(
        query: Option<String>,
        document_id: Option<String>,
        extensions: &Map<String, Value>,
    ) -> Result<Self, Refusal> {
        let persisted = match extensions.get("persistedQuery") {
            None | Some(Value::Null) => None,
            Some(stated) => Some(persisted_hash(stated).ok_or(Refusal::PersistedQueryMalformed)?),
        };
        let named = match document_id {
            None => None,
            Some(id) => Some(document_id_hash(&id).ok_or(Refusal::DocumentIdMalformed)?),
        };
        if persisted.is_some() && named.is_some() && persisted != named {
            return Err(Refusal::PersistedQueryMismatch);
        }
        match (query, persisted.or(named)) {
            (None, None) => Err(Refusal::QueryMissing),
            (None, Some(hash)) => Ok(Self { hash, text: None }),
            (Some(query), stated) => {
                let hash = DocumentHash::of(&query);
                if stated.is_some_and(|stated| stated != hash) {
                    return Err(Refusal::PersistedQueryMismatch);
                }
                Ok(Self { hash, text: Some(query.into()) })
            }
        }
    }
}

fn persisted_hash(stated: &Value) -> Option<DocumentHash> {
    let version = stated.get("version")?.as_u64()?;
    let hash = DocumentHash::parse(stated.get("sha256Hash")?.as_str()?)?;
    (version == 1).then_some(hash)
}

/// `sha256:` and the digits, or the digits alone.
fn document_id_hash(id: &str) -> Option<DocumentHash> {
    DocumentHash::parse(id.strip_prefix("sha256:").unwrap_or(id))
}
