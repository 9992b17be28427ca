//! The private `__typename` that tells the response writer which fragments apply, and that an object is
//! there at all: the engine answers null for an object of which nothing was selected.

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, InlineFragment, Selection, SelectionSet,
};
use async_graphql::{Name, Pos, Positioned};

use super::PRIVATE_TYPENAME;
use crate::gate::schema_index::{SchemaIndex, TypeId};

/// Adds the private type name to every selection set on an interface or union, and, where the document
/// merges selections or may skip some, to every object's below the root.
pub(super) fn add_type_names(document: &mut ExecutableDocument, index: &SchemaIndex, repeats: bool) {
    let everywhere = repeats || may_skip(document);
    let rewrite = Rewrite { index, everywhere };
    let operations = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        if let Some(root) = index.root(operation.node.ty) {
            rewrite.set(&mut operation.node.selection_set.node, root);
        }
    }
    for fragment in document.fragments.values_mut() {
        if let Some(on) = index.type_named(&fragment.node.type_condition.node.on.node) {
            rewrite.set(&mut fragment.node.selection_set.node, on.id);
        }
    }
}

fn may_skip(document: &ExecutableDocument) -> bool {
    fn conditional(directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| matches!(directive.node.name.node.as_str(), "skip" | "include"))
    }
    fn set(selections: &SelectionSet) -> bool {
        selections.items.iter().any(|selection| {
            conditional(selection.node.directives())
                || match &selection.node {
                    Selection::Field(field) => set(&field.node.selection_set.node),
                    Selection::InlineFragment(fragment) => set(&fragment.node.selection_set.node),
                    Selection::FragmentSpread(_) => false,
                }
        })
    }
    document.operations.iter().any(|(_, operation)| set(&operation.node.selection_set.node))
        || document.fragments.values().any(|fragment| set(&fragment.node.selection_set.node))
}

struct Rewrite<'a> {
    index: &'a SchemaIndex,
    everywhere: bool,
}

impl Rewrite<'_> {
    fn set(&self, set: &mut SelectionSet, on: TypeId) {
        for selection in &mut set.items {
            match &mut selection.node {
                Selection::Field(field) => {
                    let inner = &mut field.node.selection_set.node;
                    if inner.items.is_empty() {
                        continue;
                    }
                    let Some(entry) = self.index.field(on, &field.node.name.node) else { continue };
                    let ty = self.index.get(entry.ty.named);
                    self.set(inner, ty.id);
                    if ty.kind.is_abstract() || (self.everywhere && ty.kind.is_composite()) {
                        inner.items.insert(0, type_name(field.pos));
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let on = match &fragment.node.type_condition {
                        None => Some(on),
                        Some(condition) => self.index.type_named(&condition.node.on.node).map(|entry| entry.id),
                    };
                    if let Some(on) = on {
                        self.set(&mut fragment.node.selection_set.node, on);
                    }
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }
}

/// Puts what every operation selects into a fragment that is never included.
pub(super) fn leave_roots_out(document: &mut ExecutableDocument) {
    let operations = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        let at = operation.pos;
        let set = &mut operation.node.selection_set;
        let never = Directive {
            name: Positioned::new(Name::new("include"), at),
            arguments: vec![(
                Positioned::new(Name::new("if"), at),
                Positioned::new(async_graphql_value::Value::Boolean(false), at),
            )],
        };
        let fragment = InlineFragment {
            type_condition: None,
            directives: vec![Positioned::new(never, at)],
            selection_set: Positioned::new(std::mem::take(&mut set.node), at),
        };
        set.node.items = vec![Positioned::new(Selection::InlineFragment(Positioned::new(fragment, at)), at)];
    }
}

fn type_name(at: Pos) -> Positioned<Selection> {
    let field = Field {
        alias: Some(Positioned::new(Name::new(PRIVATE_TYPENAME), at)),
        name: Positioned::new(Name::new("__typename"), at),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet::default(), at),
    };
    Positioned::new(Selection::Field(Positioned::new(field, at)), at)
}
