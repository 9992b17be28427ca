//! Automatic persisted queries as Apollo's clients speak them: a client sends the SHA-256 of its document, and the
//! document itself only when the hash is not known.
//!
//! One cache for the process, bounded in bytes, and shared by all stores: a document is no secret and rights are
//! checked on every run. Nothing is stored here that the hash of its own text does not name.

use std::sync::Arc;

use moka::sync::Cache;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::http::refusal::Refusal;

/// A SHA-256.
pub(super) type Hash = [u8; 32];

/// What an entry costs beside its text, in bytes.
const ENTRY: usize = 128;

/// The documents remembered by their hash.
pub(super) struct PersistedQueries {
    texts: Cache<Hash, Arc<str>>,
    longest_text: usize,
}

impl PersistedQueries {
    pub(super) fn new(cache_bytes: u64, longest_text: usize) -> Self {
        let weight = |_: &Hash, text: &Arc<str>| u32::try_from(text.len() + ENTRY).unwrap_or(u32::MAX);
        Self { texts: Cache::builder().max_capacity(cache_bytes).weigher(weight).build(), longest_text }
    }

    /// Gives the document to run, and the hash to [remember](Self::remember) it under once it was understood.
    pub(super) fn resolve(
        &self,
        query: Option<String>,
        extensions: &Map<String, Value>,
    ) -> Result<(Arc<str>, Option<Hash>), Refusal> {
        let hash = match extensions.get("persistedQuery") {
            None | Some(Value::Null) => None,
            Some(stated) => Some(stated_hash(stated).ok_or(Refusal::PersistedQueryMalformed)?),
        };
        match (query, hash) {
            (Some(query), None) => Ok((query.into(), None)),
            (None, None) => Err(Refusal::QueryMissing),
            (None, Some(hash)) => Ok((self.texts.get(&hash).ok_or(Refusal::PersistedQueryNotFound)?, None)),
            (Some(query), Some(hash)) => {
                if Hash::from(Sha256::digest(query.as_bytes())) != hash {
                    return Err(Refusal::PersistedQueryMismatch);
                }
                let new = query.len() <= self.longest_text && !self.texts.contains_key(&hash);
                Ok((query.into(), new.then_some(hash)))
            }
        }
    }

    /// Remembers a document under its hash.
    pub(super) fn remember(&self, hash: Hash, text: Arc<str>) {
        self.texts.insert(hash, text);
    }
}

fn stated_hash(stated: &Value) -> Option<Hash> {
    let version = stated.get("version")?.as_u64()?;
    let mut hash = Hash::default();
    hex::decode_to_slice(stated.get("sha256Hash")?.as_str()?, &mut hash).ok()?;
    (version == 1).then_some(hash)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn extensions(text: &str) -> Map<String, Value> {
        let hash = hex::encode(Sha256::digest(text.as_bytes()));
        Map::from_iter([("persistedQuery".to_owned(), json!({ "version": 1, "sha256Hash": hash }))])
    }

    #[test]
    fn attack_g24_the_cache_keeps_to_its_bytes_and_leaves_long_texts_out() {
        let queries = PersistedQueries::new(100_000, 1_000);
        for number in 0..1_000 {
            let text = format!("{{ q{number:0>900} }}");
            let Ok((text, Some(hash))) = queries.resolve(Some(text.clone()), &extensions(&text)) else {
                panic!("a good pair of text and hash")
            };
            queries.remember(hash, text);
        }
        queries.texts.run_pending_tasks();
        assert!(queries.texts.weighted_size() <= 100_000);
        assert!(queries.texts.entry_count() > 50);
        let long = format!("{{ {} }}", "x".repeat(1_000));
        assert!(matches!(queries.resolve(Some(long.clone()), &extensions(&long)), Ok((_, None))));
    }
}
