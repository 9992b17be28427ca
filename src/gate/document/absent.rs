//! Variables that may be null and were not given: what they would have filled is left out, as the
//! specification has it. The engine would make an explicit null of them, which clears what an update was
//! to keep, and takes the place of an argument's default.

use std::collections::HashSet;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::Value as InputValue;

use super::definition;

/// Takes every argument and every field of an input object out of the document that is filled by one of
/// the operation's variables which has no value, and the declarations that nothing uses any more.
pub(super) fn leave_out(document: &mut ExecutableDocument, operation: Option<&str>, variables: &Variables) {
    let Some(chosen) = definition(document, operation) else { return };
    let declared = chosen.variable_definitions.iter().map(|variable| &variable.node);
    let absent: HashSet<Name> = declared
        .filter(|variable| variable.default_value.is_none() && !variables.contains_key(&variable.name.node))
        .map(|variable| variable.name.node.clone())
        .collect();
    if absent.is_empty() {
        return;
    }
    for fragment in document.fragments.values_mut() {
        prune(&mut fragment.node.selection_set.node, &absent);
    }
    let mut used = HashSet::new();
    for fragment in document.fragments.values() {
        note_uses(&fragment.node.selection_set.node, &mut used);
    }
    let operations: Vec<&mut Positioned<OperationDefinition>> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        let operation = &mut operation.node;
        prune(&mut operation.selection_set.node, &absent);
        let mut used = used.clone();
        note_uses(&operation.selection_set.node, &mut used);
        operation
            .variable_definitions
            .retain(|variable| !absent.contains(&variable.node.name.node) || used.contains(&variable.node.name.node));
    }
}

fn prune(set: &mut SelectionSet, absent: &HashSet<Name>) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                let field = &mut field.node;
                field.arguments.retain(|(_, value)| !is_absent(&value.node, absent));
                for (_, value) in &mut field.arguments {
                    prune_value(&mut value.node, absent);
                }
                prune(&mut field.selection_set.node, absent);
            }
            Selection::InlineFragment(fragment) => prune(&mut fragment.node.selection_set.node, absent),
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// An element of a list stays, as null: its place counts.
fn prune_value(value: &mut InputValue, absent: &HashSet<Name>) {
    match value {
        InputValue::Object(fields) => {
            fields.retain(|_, value| !is_absent(value, absent));
            fields.values_mut().for_each(|value| prune_value(value, absent));
        }
        InputValue::List(values) => values.iter_mut().for_each(|value| prune_value(value, absent)),
        _ => {}
    }
}

fn is_absent(value: &InputValue, absent: &HashSet<Name>) -> bool {
    matches!(value, InputValue::Variable(name) if absent.contains(name))
}

/// Notes the variables that stand anywhere in a selection, in its directives too.
fn note_uses(set: &SelectionSet, used: &mut HashSet<Name>) {
    for selection in &set.items {
        for directive in selection.node.directives() {
            directive.node.arguments.iter().for_each(|(_, value)| note_value(&value.node, used));
        }
        match &selection.node {
            Selection::Field(field) => {
                field.node.arguments.iter().for_each(|(_, value)| note_value(&value.node, used));
                note_uses(&field.node.selection_set.node, used);
            }
            Selection::InlineFragment(fragment) => note_uses(&fragment.node.selection_set.node, used),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn note_value(value: &InputValue, used: &mut HashSet<Name>) {
    match value {
        InputValue::Variable(name) => {
            used.insert(name.clone());
        }
        InputValue::Object(fields) => fields.values().for_each(|value| note_value(value, used)),
        InputValue::List(values) => values.iter().for_each(|value| note_value(value, used)),
        _ => {}
    }
}
