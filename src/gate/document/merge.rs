//! Whether the selections that answer under one response key can be one answer.
//!
//! The engine looks at each selection set alone and takes fragments on different types for strangers, so
//! that `{ a: x ... on T { a: y } }` passes it; the writer would then show the one in the shape of the
//! other. The rule here is the specification's.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};

use crate::gate::schema_index::{SchemaIndex, TypeId};
use crate::http::guard::Refusal;

/// Refuses an operation in which two selections under one key can't be merged. Gives whether any key with
/// selections below it stands twice.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    index: &SchemaIndex,
) -> Result<bool, Refusal> {
    let Some(root) = index.root(operation.ty) else { return Ok(false) };
    let mut merge = Merge { document, index, repeats: false };
    merge.sets(&[(root, &operation.selection_set)])?;
    Ok(merge.repeats)
}

type On<'a, T> = (TypeId, &'a Positioned<T>);

struct Merge<'a> {
    document: &'a ExecutableDocument,
    index: &'a SchemaIndex,
    repeats: bool,
}

impl<'a> Merge<'a> {
    fn sets(&mut self, sets: &[On<'a, SelectionSet>]) -> Result<(), Refusal> {
        let mut by_key: HashMap<&'a str, Vec<On<'a, Field>>> = HashMap::new();
        for (on, set) in sets {
            self.collect(*on, set, &mut by_key);
        }
        for fields in by_key.values() {
            // What is written the same on the same type is compared once, so that repeating a field a thousand
            // times does not cost a million comparisons.
            let mut distinct: Vec<On<'a, Field>> = Vec::new();
            for (on, field) in fields {
                if !distinct.iter().any(|(other_on, other)| other_on == on && same_call(&other.node, &field.node)) {
                    distinct.iter().try_for_each(|earlier| self.pair(*earlier, (*on, field)))?;
                    distinct.push((*on, field));
                }
            }
            let below: Vec<On<'a, SelectionSet>> = fields
                .iter()
                .filter(|(_, field)| !field.node.selection_set.node.items.is_empty())
                .filter_map(|(on, field)| {
                    let entry = self.index.field(*on, &field.node.name.node)?;
                    Some((entry.ty.named, &field.node.selection_set))
                })
                .collect();
            self.repeats |= below.len() > 1;
            if !below.is_empty() {
                self.sets(&below)?;
            }
        }
        Ok(())
    }

    fn collect(
        &self,
        on: TypeId,
        set: &'a Positioned<SelectionSet>,
        by_key: &mut HashMap<&'a str, Vec<On<'a, Field>>>,
    ) {
        for selection in &set.node.items {
            let (condition, inner) = match &selection.node {
                Selection::Field(field) => {
                    by_key.entry(field.node.response_key().node.as_str()).or_default().push((on, field));
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
                }
                Selection::FragmentSpread(spread) => {
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => (Some(&fragment.node.type_condition), &fragment.node.selection_set),
                        None => continue,
                    }
                }
            };
            let on = match condition {
                None => Some(on),
                Some(condition) => self.index.type_named(&condition.node.on.node).map(|entry| entry.id),
            };
            if let Some(on) = on {
                self.collect(on, inner, by_key);
            }
        }
    }

    fn pair(&self, (one_on, one): On<'a, Field>, (other_on, other): On<'a, Field>) -> Result<(), Refusal> {
        let conflict = Err(Refusal::ConflictingSelections { first: one.pos, second: other.pos });
        if self.index.overlap(one_on, other_on) && !same_call(&one.node, &other.node) {
            return conflict;
        }
        // Even of objects that never meet, the answers under one key must have one shape.
        let one = self.index.field(one_on, &one.node.name.node).map(|entry| &entry.ty);
        let other = self.index.field(other_on, &other.node.name.node).map(|entry| &entry.ty);
        if let (Some(one), Some(other)) = (one, other) {
            let composite = |id| self.index.get(id).kind.is_composite();
            let leaves_differ = (!composite(one.named) || !composite(other.named)) && one.named != other.named;
            if one.nullable != other.nullable || leaves_differ {
                return conflict;
            }
        }
        Ok(())
    }
}

/// Whether both are the same field with the same arguments.
pub(super) fn same_call(one: &Field, other: &Field) -> bool {
    one.name.node == other.name.node
        && one.arguments.len() == other.arguments.len()
        && one
            .arguments
            .iter()
            .all(|(name, value)| other.get_argument(&name.node).is_some_and(|other| other.node == value.node))
}
