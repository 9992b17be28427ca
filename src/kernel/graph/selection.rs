//! What is selected of objects: the specification's CollectFields, once for each place in the query.

use async_graphql::Positioned;
use async_graphql::parser::types::{Field, Selection, SelectionSet};

use super::at::At;
use super::{Object, PRIVATE_TYPENAME};

/// One field of the query, with everything that is selected below it.
pub(super) struct Selected<'x> {
    /// The response key.
    pub key: &'x str,
    /// `"key":`, escaped.
    pub written: Vec<u8>,
    /// The field's place in its type; `None` for `__typename`.
    pub field: Option<usize>,
    /// The field as it stands first in the query; the others under its key have the same arguments.
    pub first: &'x Positioned<Field>,
    /// The selection sets of all fields under the key.
    pub below: Vec<&'x SelectionSet>,
}

/// The fields of a type at a place, in the order of the query. What `@skip` and `@include` leave out is not in
/// the document any more. `declared` is the type that the schema has at the place.
pub(super) fn fields<'x, T: Object>(at: At<'x>, declared: &str) -> Vec<Selected<'x>> {
    let mut fields = Vec::new();
    for set in &at.selected.below {
        collect::<T>(at, set, declared, &mut fields);
    }
    fields
}

fn collect<'x, T: Object>(at: At<'x>, set: &'x SelectionSet, declared: &str, fields: &mut Vec<Selected<'x>>) {
    for selection in &set.items {
        let (condition, inner) = match &selection.node {
            Selection::Field(field) => {
                add::<T>(field, fields);
                continue;
            }
            Selection::InlineFragment(fragment) => {
                (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node)
            }
            Selection::FragmentSpread(spread) => match at.fragment(&spread.node.fragment_name.node) {
                Some(fragment) => (Some(&fragment.type_condition), &fragment.selection_set.node),
                None => continue,
            },
        };
        let condition = condition.map(|condition| condition.node.on.node.as_str());
        let applies = condition.is_none_or(|name| name == T::NAME || name == declared || at.implements(T::NAME, name));
        if applies {
            collect::<T>(at, inner, declared, fields);
        }
    }
}

fn add<'x, T: Object>(field: &'x Positioned<Field>, fields: &mut Vec<Selected<'x>>) {
    let key = field.node.response_key().node.as_str();
    if key == PRIVATE_TYPENAME {
        return;
    }
    if let Some(earlier) = fields.iter_mut().find(|earlier| earlier.key == key) {
        earlier.below.push(&field.node.selection_set.node);
        return;
    }
    let name = field.node.name.node.as_str();
    let place = T::field(name);
    // What the type does not have was refused before anything ran.
    if place.is_none() && name != "__typename" {
        return;
    }
    // A response key is a name: nothing in it needs escaping.
    let mut written = Vec::with_capacity(key.len() + 3);
    written.push(b'"');
    written.extend_from_slice(key.as_bytes());
    written.extend_from_slice(b"\":");
    fields.push(Selected { key, written, field: place, first: field, below: vec![&field.node.selection_set.node] });
}
