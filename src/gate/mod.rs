//! The gate: what may be asked at all, by whom, and at what price.
//!
//! Owns the index of the server's own schema, the access rules that stand in it as directives, and
//! the checks that depend on a document alone. Never touches a database: who the caller is comes in,
//! a verdict goes out. To add a check of documents, add it to `document` with a `Refusal` of its own.

pub mod access;
pub mod authentication;
pub mod directives;
pub mod document;
pub mod schema_index;
pub mod throttle;
