//! The response writer: from the engine's result to the bytes that the specification wants.
//!
//! The engine answers fields in the order in which they complete and leaves failed ones out. So the writer
//! walks the checked document beside the result, once: fields in the query's order, null where a field
//! failed, and, where null may not stand, null for the nearest parent that may be. Owns the shape of
//! `data` and `errors`. Never changes a value, and never asks anything but the document and the index.

mod data;
mod errors;
mod plan;
#[cfg(test)]
mod tests;

use async_graphql::{Response, ServerError, Variables};

use crate::gate::document::{Document, definition};
use crate::gate::schema_index::SchemaIndex;
use crate::http::guard::Refusal;

/// How many errors a response tells at most.
pub const ERRORS_SHOWN: usize = 5;

/// A response, in its parts.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What went wrong.
    pub errors: Vec<ServerError>,
    /// The `data`, as JSON text: the operation ran, be it to `null`. Without it the request itself was wrong.
    pub data: Option<Vec<u8>>,
}

impl Answer {
    /// The whole response, as JSON text.
    pub fn body(&self) -> Vec<u8> {
        errors::envelope(&self.errors, self.data.as_deref())
    }
}

/// Writes the engine's response to an operation of `document`.
///
/// `operation_name` and `variables` are those that the operation ran with (`Operation::bind`), `index` is
/// that of the schema that ran it. A response whose errors have no path, and that has no data, is a request
/// error: it gets no `data` key. At most `ERRORS_SHOWN` errors are written; all of them count for nulls.
pub fn write(
    document: &Document,
    operation_name: Option<&str>,
    variables: &Variables,
    index: &SchemaIndex,
    response: &Response,
) -> Answer {
    let never_ran = response.data == async_graphql::Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    let operation = definition(document.executable(), operation_name).filter(|_| !never_ran);
    let root = operation.and_then(|operation| index.root(operation.ty));
    let (Some(operation), Some(root)) = (operation, root) else {
        return Answer { errors: response.errors.clone(), data: None };
    };
    let mut plan = plan::Plan::new(document.executable(), index, variables, &operation.selection_set.node);
    let data = data::write(&mut plan, root, response);
    let errors = match response.errors.is_empty() && data.broken {
        // A null where none may stand always has an error, be it that the engine told none.
        true => vec![ServerError::new("A field that is never null had no value.", None)],
        false => response.errors.clone(),
    };
    Answer { errors, data: Some(data.json) }
}

/// Writes a response for a request that was refused before it ran.
pub fn write_refusal(refusal: &Refusal) -> Vec<u8> {
    write_errors(&[refusal.to_error()])
}

/// Writes a response with errors alone, and no `data`: the request itself was wrong.
pub fn write_errors(errors: &[ServerError]) -> Vec<u8> {
    errors::envelope(errors, None)
}

/// Adds `extensions` to a response that is written. What they tell can be another one each time that the same
/// response is sent, so they come last.
pub fn extend(body: &mut Vec<u8>, extensions: &impl serde::Serialize) {
    errors::extend(body, extensions);
}
