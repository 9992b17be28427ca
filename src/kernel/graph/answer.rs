//! The door from the engine: a root field's value on its way to text.

use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::{ContextSelectionSet, Positioned, ServerResult, Value};

use super::at::{At, Origin};
use super::output::Output;
use super::selection::Selected;
use crate::kernel::Ctx;

/// Writes one value with everything that is selected of it. The text goes through the engine as bytes; the
/// response writer puts it where it belongs. Null where a null below had to take it along.
///
/// # Errors
/// Where the operation was started without its context.
pub async fn answer<T: Output>(
    value: &T,
    selection: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    let Some(ctx) = selection.data_opt::<Ctx>() else {
        return Err(async_graphql::ServerError::new("an operation was started without its context", Some(field.pos)));
    };
    let key = field.node.response_key().node.as_str();
    // The engine runs each root field of its own, also those that answer under one key, and keeps the first
    // answer: so each of them gives the whole.
    let mut below = Vec::with_capacity(1);
    collect(selection, &selection.query_env.operation.node.selection_set.node, key, &mut below);
    let selected = Selected { key, written: Vec::new(), field: None, first: field, below };
    let at = At { engine: selection, ctx, selected: &selected, origin: &Origin::Root };
    let column = T::write(vec![value], at).await;
    Ok(column.into_only().map_or(Value::Null, |json| Value::Binary(json.into())))
}

/// What is selected under a key of the root, in all fields that have it.
fn collect<'x>(
    selection: &'x ContextSelectionSet<'_>,
    set: &'x SelectionSet,
    key: &str,
    below: &mut Vec<&'x SelectionSet>,
) {
    for inner in &set.items {
        match &inner.node {
            Selection::Field(field) if field.node.response_key().node == key => {
                below.push(&field.node.selection_set.node);
            }
            Selection::Field(_) => {}
            Selection::InlineFragment(fragment) => {
                collect(selection, &fragment.node.selection_set.node, key, below);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = selection.query_env.fragments.get(&spread.node.fragment_name.node) {
                    collect(selection, &fragment.node.selection_set.node, key, below);
                }
            }
        }
    }
}
