//! The HTTP edge: what stands between the wire and the schema.

pub mod guard;
pub mod writer;
