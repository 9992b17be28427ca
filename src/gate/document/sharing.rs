//! Whether the answer to a query may be shared by all visitors, read from `@cacheControl` in the schema.
//!
//! Every field at the root has to say so itself, with `scope: PUBLIC`; what stands below it is shared with
//! it. One field with `scope: PRIVATE`, wherever it stands, takes the whole answer out, and the shortest
//! `maxAge` of all holds. A field behind a rule of its own is not shared either; that is asked of the
//! operation's demands.

use std::collections::HashSet;
use std::time::Duration;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};
use async_graphql::{Positioned, Value};

use crate::gate::schema_index::{FieldEntry, SchemaIndex, TypeId};

/// How long the answer may be shared; `None` where it may not. `@skip` and `@include` hide nothing.
pub(super) fn of(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    index: &SchemaIndex,
) -> Option<Duration> {
    if operation.ty != OperationType::Query {
        return None;
    }
    let root = index.root(OperationType::Query)?;
    let mut walk = Walk { document, index, root, walked: HashSet::new(), shortest: None };
    walk.set(&operation.selection_set, root)?;
    walk.shortest
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    index: &'a SchemaIndex,
    root: TypeId,
    walked: HashSet<&'a str>,
    shortest: Option<Duration>,
}

impl<'a> Walk<'a> {
    /// `None` where something in the set is not to be shared, or not known.
    fn set(&mut self, set: &'a Positioned<SelectionSet>, on: TypeId) -> Option<()> {
        for selection in &set.node.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    if name == "__typename" {
                        continue;
                    }
                    let entry = self.index.field(on, name)?;
                    self.field(entry, on)?;
                    self.set(&field.node.selection_set, entry.ty.named)?;
                }
                Selection::InlineFragment(fragment) => {
                    let on = match &fragment.node.type_condition {
                        None => on,
                        Some(condition) => self.index.type_named(&condition.node.on.node)?.id,
                    };
                    self.set(&fragment.node.selection_set, on)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let fragment = self.document.fragments.get(name)?;
                    let on = self.index.type_named(&fragment.node.type_condition.node.on.node)?.id;
                    if self.walked.insert(name) {
                        self.set(&fragment.node.selection_set, on)?;
                    }
                }
            }
        }
        Some(())
    }

    fn field(&mut self, entry: &FieldEntry, on: TypeId) -> Option<()> {
        let hint = Hint::read(entry);
        if on == self.root && !matches!(hint, Hint::Public(_)) {
            return None;
        }
        // An interface's field is that of any of its objects.
        let objects = self.index.get(on).possible.iter().filter(|object| **object != on);
        let theirs = objects.filter_map(|object| self.index.field(*object, &entry.name)).map(Hint::read);
        for hint in theirs.chain([hint]) {
            match hint {
                Hint::None => {}
                Hint::Private => return None,
                Hint::Public(age) => self.shortest = Some(self.shortest.map_or(age, |shortest| shortest.min(age))),
            }
        }
        Some(())
    }
}

/// What the schema says of a field.
enum Hint {
    None,
    Public(Duration),
    Private,
}

impl Hint {
    fn read(entry: &FieldEntry) -> Self {
        let Some(directive) = entry.directive("cacheControl") else { return Self::None };
        let seconds = match directive.argument("maxAge") {
            Some(Value::Number(number)) => number.as_u64().unwrap_or(0),
            _ => 0,
        };
        match directive.argument("scope") {
            Some(Value::Enum(scope)) if scope == "PUBLIC" && seconds > 0 => Self::Public(Duration::from_secs(seconds)),
            // What can't be read is not shared.
            _ => Self::Private,
        }
    }
}
