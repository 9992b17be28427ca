//! `trustedDocumentsRegister`: documents that the store's storefronts may send.

use std::collections::{HashMap, HashSet};

use async_graphql::InputObject;
use entity::tenancy::trusted_documents::ActiveModel;
use rules::ids::TrustedDocumentId;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;
use sha2::{Digest, Sha256};

use super::super::events::{self, TrustedDocumentsRegistered};
use super::super::store;
use super::super::types::TrustedDocument;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::tenancy::stores;

/// Documents in one call.
pub const MAX_AT_ONCE: usize = 100;

/// Documents that one store can have registered.
const MAX_DOCUMENTS: u64 = 5_000;

/// The longest text, in bytes: as long as a body may be by default.
const MAX_TEXT: usize = 256 << 10;

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// Documents to register.
#[derive(InputObject, Clone)]
pub struct TrustedDocumentsRegisterInput {
    /// The documents; 1 to 100.
    pub documents: Vec<TrustedDocumentInput>,
}

/// A document to register.
#[derive(InputObject, Clone)]
pub struct TrustedDocumentInput {
    /// Its text, exactly as the storefront sends it or has hashed it.
    pub text: String,
    /// What it is called, for people; at most 200 characters. One that is registered keeps its name.
    pub name: Option<String>,
    /// The SHA-256 of the text in hexadecimal, as the storefront has worked it out; refused where it is another.
    pub sha256_hash: Option<String>,
}

/// A document of the input, read.
struct Document {
    hash: [u8; 32],
    name: Option<String>,
    text: String,
}

/// Registers the documents, all or none.
///
/// # Errors
/// The problems of the input, each with the place of its document; `LIMIT_REACHED`.
pub async fn run(ctx: &Ctx, input: TrustedDocumentsRegisterInput) -> Result<Vec<TrustedDocument>> {
    let store = ctx.store_context()?.id;
    let documents = read(ctx, input).await?;
    let hashes: Vec<[u8; 32]> = documents.iter().map(|document| document.hash).collect();

    let mut tx = ctx.begin_store(Action::TrustedDocumentsRegister).await?;
    // One at a time in a store, so that none is registered twice and the limit holds.
    stores::lock(&tx).await?;
    let known: HashSet<Vec<u8>> = store::list_by_hashes(&tx, &hashes).await?.into_iter().map(|row| row.hash).collect();
    let new: Vec<Document> = documents.into_iter().filter(|document| !known.contains(&document.hash[..])).collect();
    let new_hashes: Vec<[u8; 32]> = new.iter().map(|document| document.hash).collect();
    if !new.is_empty() {
        if store::count(&tx).await? + new.len() as u64 > MAX_DOCUMENTS {
            let message = format!("A store can have {MAX_DOCUMENTS} documents: delete some first.");
            return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "documents", message)));
        }
        store::insert(&tx, new.into_iter().map(|document| row(ctx, document)).collect()).await?;
    }
    let rows = store::list_by_hashes(&tx, &hashes).await?;
    if !new_hashes.is_empty() {
        let written: Vec<_> =
            rows.iter().filter(|row| new_hashes.iter().any(|hash| row.hash == hash)).cloned().collect();
        let snapshot = || events::snapshot(store, &written);
        tx.emit(&TrustedDocumentsRegistered(snapshot()))?;
        tx.commit(Audit::created("store", store, &snapshot())).await?;
    }
    let mut rows: HashMap<Vec<u8>, TrustedDocument> =
        rows.into_iter().map(|row| (row.hash.clone(), row.into())).collect();
    Ok(hashes.iter().filter_map(|hash| rows.remove(&hash[..])).collect())
}

fn row(ctx: &Ctx, document: Document) -> ActiveModel {
    ActiveModel {
        id: Set(ctx.id::<TrustedDocumentId>()),
        hash: Set(document.hash.to_vec()),
        name: Set(document.name),
        text: Set(document.text),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    }
}

async fn read(ctx: &Ctx, input: TrustedDocumentsRegisterInput) -> Result<Vec<Document>> {
    if input.documents.is_empty() {
        return Err(Error::invalid(ErrorCode::Required, "documents", "Give one document at least."));
    }
    if input.documents.len() > MAX_AT_ONCE {
        let message = format!("Register at most {MAX_AT_ONCE} documents at a time.");
        return Err(Error::invalid(ErrorCode::TooLong, "documents", message));
    }
    let mut problems = Problems::new();
    let mut documents: Vec<Document> = Vec::new();
    for (place, document) in input.documents.into_iter().enumerate() {
        let at = |field: &str| format!("documents.{place}.{field}");
        let name = problems.keep(input::optional_line(&at("name"), document.name.as_deref(), MAX_NAME)).flatten();
        if document.text.len() > MAX_TEXT {
            let message = format!("Give at most {MAX_TEXT} bytes.");
            problems.add(ErrorCode::TooLong, &at("text"), message);
            continue;
        }
        let hash: [u8; 32] = Sha256::digest(document.text.as_bytes()).into();
        if document.sha256_hash.is_some_and(|stated| !stated.eq_ignore_ascii_case(&hex::encode(hash))) {
            let message = "This is not the SHA-256 of the text: send the text to the byte as it was hashed.";
            problems.add(ErrorCode::Invalid, &at("sha256Hash"), message);
        }
        if documents.iter().any(|other| other.hash == hash) {
            problems.add(ErrorCode::Duplicate, &at("text"), "This document stands in the list twice.");
        }
        if let Err(wrong) = ctx.system().documents.check(document.text.clone()).await? {
            problems.add(ErrorCode::Invalid, &at("text"), wrong);
        }
        // Judging one is work, and others have requests too.
        tokio::task::yield_now().await;
        documents.push(Document { hash, name, text: document.text });
    }
    problems.finish()?;
    Ok(documents)
}
