//! The root of a subscription: one field, whose events are the answers.
//!
//! The engine would listen to each of several fields and tell of one at a time, pass over what stands in
//! fragments at the root, and take `__typename` for an answer; the specification has none of it.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned};

use super::same_call;
use crate::gate::schema_index::SchemaIndex;
use crate::http::guard::Refusal;

/// Holds that every subscription has one root field, and puts it, out of its fragments, at the root. Where it
/// stands there several times, its selections become one.
///
/// # Errors
/// Where there is another field beside it, or none, or one that could be skipped.
pub(super) fn flatten(document: &mut ExecutableDocument, index: &SchemaIndex) -> Result<(), Refusal> {
    let root = index.root(OperationType::Subscription).map_or("Subscription", |root| &index.get(root).name);
    let mut spread = HashSet::new();
    let operations: Vec<_> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations.into_iter().filter(|operation| operation.node.ty == OperationType::Subscription) {
        let mut collecting = Collecting { fragments: &document.fragments, root, fields: Vec::new(), spread };
        collecting.set(&operation.node.selection_set.node)?;
        spread = collecting.spread;
        let mut fields = collecting.fields.into_iter();
        let mut only = fields.next().filter(is_own).ok_or(Refusal::SubscriptionRoot)?;
        for field in fields {
            let same_key = field.node.response_key().node == only.node.response_key().node;
            if !same_key || !same_call(&field.node, &only.node) {
                return Err(Refusal::SubscriptionRoot);
            }
            only.node.selection_set.node.items.extend(field.node.selection_set.node.items);
        }
        let at = only.pos;
        operation.node.selection_set.node.items = vec![Positioned::new(Selection::Field(only), at)];
    }
    forget_unused(document, &spread);
    Ok(())
}

/// What introspection adds is no field to listen to.
fn is_own(field: &Positioned<Field>) -> bool {
    !field.node.name.node.starts_with("__")
}

struct Collecting<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// The name of the type at the root.
    root: &'a str,
    fields: Vec<Positioned<Field>>,
    /// The fragments that were spread at a root.
    spread: HashSet<Name>,
}

impl Collecting<'_> {
    // How often a fragment is met is bounded by the expanded size of the document.
    fn set(&mut self, set: &SelectionSet) -> Result<(), Refusal> {
        for selection in &set.items {
            let skips = |name: &str| matches!(name, "skip" | "include");
            if selection.node.directives().iter().any(|directive| skips(&directive.node.name.node)) {
                return Err(Refusal::SubscriptionRoot);
            }
            let (condition, inner) = match &selection.node {
                Selection::Field(field) => {
                    self.fields.push(field.clone());
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragment = self.fragments.get(name).ok_or(Refusal::SubscriptionRoot)?;
                    self.spread.insert(name.clone());
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set.node)
                }
            };
            if condition.is_some_and(|condition| condition.node.on.node != self.root) {
                return Err(Refusal::SubscriptionRoot);
            }
            self.set(inner)?;
        }
        Ok(())
    }
}

/// Takes out the fragments that stood at a root and nowhere else: the engine refuses one that nothing uses.
fn forget_unused(document: &mut ExecutableDocument, spread: &HashSet<Name>) {
    if spread.is_empty() {
        return;
    }
    let mut used = HashSet::new();
    for (_, operation) in document.operations.iter() {
        note_spreads(document, &operation.node.selection_set.node, &mut used);
    }
    document.fragments.retain(|name, _| !spread.contains(name) || used.contains(name));
}

fn note_spreads(document: &ExecutableDocument, set: &SelectionSet, used: &mut HashSet<Name>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => note_spreads(document, &field.node.selection_set.node, used),
            Selection::InlineFragment(fragment) => note_spreads(document, &fragment.node.selection_set.node, used),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if used.insert(name.clone())
                    && let Some(fragment) = document.fragments.get(name)
                {
                    note_spreads(document, &fragment.node.selection_set.node, used);
                }
            }
        }
    }
}
