//! Documents: everything that can be said about a query from its text alone, worked out once a text.
//!
//! Owns parsing, the expanded size, circles, depth, the rules for mutations' roots, what each operation
//! asks of its caller, what it costs, and the private type names that the response writer needs. Never
//! sees a caller or a row; unknown fields and types are left to the engine's validation. To add a check,
//! add a file beside `expand` that walks the document (its expanded size is bounded by then), and call it
//! in `prepare`.

mod absent;
mod conditions;
mod cost;
mod expand;
mod hash;
mod known;
mod merge;
mod operation;
mod rewrite;
mod sharing;
mod subscription;
#[cfg(test)]
mod tests;
mod trust;

use std::sync::Arc;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationType};
use async_graphql::parser::{Error, parse_query};
use async_graphql::{Request, Variables};

pub use hash::DocumentHash;
pub use known::KnownDocuments;
pub use operation::{Bound, Operation};
pub use trust::expect_trusted;

use merge::same_call;

use super::access::AccessRules;
use super::schema_index::SchemaIndex;
use crate::http::guard::{Guard, Limits, Refusal};

pub use crate::kernel::graph::PRIVATE_TYPENAME;

/// A document that has passed every check that depends on its text alone. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct Document(Arc<Prepared>);

#[derive(Debug)]
struct Prepared {
    document: ExecutableDocument,
    operations: Vec<Arc<Operation>>,
    /// Bytes of the text.
    length: usize,
}

impl Document {
    /// Guards, parses and checks `text`; what comes out may be kept by the text's hash and used for any caller.
    ///
    /// # Errors
    /// The first limit that is passed, or the first thing in it that no schema could allow.
    pub fn prepare(text: &str, index: &SchemaIndex, rules: &AccessRules, limits: &Limits) -> Result<Self, Refusal> {
        Guard::scan(text, limits)?;
        let mut document = parse_query(text).map_err(refusal)?;
        // From here on the document, its fragments expanded, is known to be small: nothing below needs care.
        expand::check(&document, limits)?;
        operation::check_literals(&document, limits)?;
        subscription::flatten(&mut document, index)?;
        let mut operations = Vec::new();
        let mut repeats = false;
        for (name, definition) in document.operations.iter() {
            conditions::check(&document, &definition.node, index)?;
            repeats |= merge::check(&document, &definition.node, index)?;
            operations.push(Arc::new(Operation::read(name, &document, definition, index, rules, limits)?));
        }
        rewrite::add_type_names(&mut document, index, repeats);
        Ok(Self(Arc::new(Prepared { document, operations, length: text.len() })))
    }

    /// The parsed document, with the private type names in it, as the engine is to run it.
    pub fn executable(&self) -> &ExecutableDocument {
        &self.0.document
    }

    /// Bytes of the text that it was read from.
    pub fn length(&self) -> usize {
        self.0.length
    }

    /// The operations, in no particular order.
    pub fn operations(&self) -> &[Arc<Operation>] {
        &self.0.operations
    }

    /// Chooses an operation as the specification has it: by name, or the only one.
    ///
    /// # Errors
    /// Where the name is unknown, or there is none and it would be needed.
    pub fn operation(&self, name: Option<&str>) -> Result<&Arc<Operation>, Refusal> {
        match (name, self.0.operations.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => Err(Refusal::OperationNameRequired),
            (Some(_), operations) => {
                operations.iter().find(|operation| operation.name() == name).ok_or(Refusal::UnknownOperation)
            }
        }
    }

    /// A request to the engine for one operation of this document. `variables` are those that
    /// `Operation::bind` gave. The text is left empty, so that no error can repeat it.
    pub fn request(&self, operation: &Operation, variables: Variables) -> Request {
        let mut document = self.0.document.clone();
        absent::leave_out(&mut document, operation.name(), &variables);
        let mut request = Request::new("").variables(variables);
        request.operation_name = operation.name().map(str::to_owned);
        request.set_parsed_query(document);
        request
    }
}

impl Document {
    /// A request that makes the engine judge the document as if `operation` was to run, and runs nothing of it:
    /// what stands at the roots is left out of every run, and the engine's rules see it all the same.
    pub fn rehearsal(&self, operation: &Operation) -> Request {
        let mut document = self.0.document.clone();
        rewrite::leave_roots_out(&mut document);
        let mut request = Request::new("");
        request.operation_name = operation.name().map(str::to_owned);
        request.set_parsed_query(document);
        request
    }
}

/// The definition of an operation of this name.
pub(crate) fn definition<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a async_graphql::parser::types::OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name).map(|operation| &operation.node),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next().map(|operation| &operation.node)
        }
        (DocumentOperations::Multiple(_), None) => None,
    }
}

/// The parser's own messages quote the query; ours don't.
fn refusal(error: Error) -> Refusal {
    let at = error.positions().next();
    match error {
        Error::MissingOperation => Refusal::NoOperation,
        Error::MultipleOperations { .. } => Refusal::AnonymousNotAlone,
        Error::OperationDuplicated { .. } | Error::FragmentDuplicated { .. } => Refusal::RepeatedDefinition { at },
        _ => Refusal::Syntax { at },
    }
}

/// Whether an operation of this kind writes.
const fn writes(kind: OperationType) -> bool {
    matches!(kind, OperationType::Mutation)
}
