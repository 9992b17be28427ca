//! The documents that a node knows: checked once, kept by their hash, whoever sends them and by which way.
//!
//! A document is no secret and rights are checked on every run, so all stores share them; what a store has
//! registered is asked of the database on each request, in the statement that finds the caller. Nothing is
//! kept here that the hash of its own text does not name, and the memory is bounded.

use moka::sync::Cache;

use super::{Document, DocumentHash};

/// Bytes of text and bookkeeping that are kept.
const KEPT: u64 = 8 << 20;

/// Longer documents are run and not kept, in bytes.
const LONGEST: usize = 32 << 10;

/// What a document costs beside its text, in bytes.
const ENTRY: usize = 128;

/// The known documents.
pub struct KnownDocuments(Cache<DocumentHash, Document>);

impl Default for KnownDocuments {
    fn default() -> Self {
        Self::new(KEPT)
    }
}

impl KnownDocuments {
    fn new(kept: u64) -> Self {
        let weight =
            |_: &DocumentHash, document: &Document| u32::try_from(document.length() + ENTRY).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(kept).weigher(weight).build())
    }

    /// The document of this hash.
    pub fn find(&self, hash: &DocumentHash) -> Option<Document> {
        self.0.get(hash)
    }

    /// Keeps a document that was checked; `hash` is that of its text.
    pub fn keep(&self, hash: DocumentHash, document: &Document) {
        if document.length() <= LONGEST {
            self.0.insert(hash, document.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::access::AccessRules;
    use crate::gate::schema_index::SchemaIndex;
    use crate::http::guard::Limits;

    #[test]
    fn attack_g24_the_cache_keeps_to_its_bytes_and_leaves_long_texts_out() {
        let index = SchemaIndex::read("type Query { a: Int @public } schema { query: Query }").unwrap();
        let rules = AccessRules::read(&index).unwrap();
        let known = KnownDocuments::new(100_000);
        let learn = |text: &str| {
            let document = Document::prepare(text, &index, &rules, &Limits::default()).unwrap();
            known.keep(DocumentHash::of(text), &document);
            known.find(&DocumentHash::of(text)).is_some()
        };
        for number in 0..1_000 {
            learn(&format!("{{ a }} # {number:0>900}"));
        }
        known.0.run_pending_tasks();
        assert!(known.0.weighted_size() <= 100_000);
        assert!(known.0.entry_count() > 50);
        assert!(!learn(&format!("{{ a }} # {}", "x".repeat(LONGEST))));
    }
}
