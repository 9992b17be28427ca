//! Which fields an object answers, in which order: the specification's CollectFields, worked out once for
//! each place in the query and type at run time, however many objects stand there.

use std::rc::Rc;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Positioned, Value, Variables};

use super::data::write_string;
use crate::gate::document::PRIVATE_TYPENAME;
use crate::gate::schema_index::{FieldType, SchemaIndex, TypeId};

/// A place in the query: everything that is selected there, merged.
pub(super) type Place = usize;

/// One field of an object's answer.
pub(super) struct Planned<'a> {
    /// The response key.
    pub key: &'a str,
    /// `"key":`, escaped.
    pub written: Vec<u8>,
    /// What the field returns.
    pub ty: &'a FieldType,
    /// Where its own selections are, for objects.
    pub place: Place,
}

pub(super) struct Plan<'a> {
    pub index: &'a SchemaIndex,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    // What is selected at each place, and the fields that it comes to for each type met there.
    places: Vec<PlaceEntry<'a>>,
}

struct PlaceEntry<'a> {
    sets: Vec<&'a SelectionSet>,
    by_type: Vec<(TypeId, Rc<[Planned<'a>]>)>,
}

/// The place of the operation's root.
pub(super) const ROOT: Place = 0;

impl<'a> Plan<'a> {
    pub(super) fn new(
        document: &'a ExecutableDocument,
        index: &'a SchemaIndex,
        variables: &'a Variables,
        root: &'a SelectionSet,
    ) -> Self {
        let places = vec![PlaceEntry { sets: vec![root], by_type: Vec::new() }];
        Self { index, document, variables, places }
    }

    /// The fields of an object of the type `object` at `place`, whose type in the schema is `declared`.
    pub(super) fn fields(&mut self, place: Place, declared: TypeId, object: TypeId) -> Rc<[Planned<'a>]> {
        if let Some((_, fields)) = self.places[place].by_type.iter().find(|(ty, _)| *ty == object) {
            return Rc::clone(fields);
        }
        let mut collected: Vec<(&'a str, Vec<&'a Field>)> = Vec::new();
        let sets = self.places[place].sets.clone();
        for set in sets {
            self.collect(set, declared, object, &mut collected);
        }
        let mut planned = Vec::with_capacity(collected.len());
        for (key, fields) in collected {
            let name = fields.first().map_or("", |field| field.name.node.as_str());
            // What the schema does not know never runs.
            let Some(entry) = self.index.field(object, name) else { continue };
            let mut written = Vec::with_capacity(key.len() + 3);
            write_string(&mut written, key);
            written.push(b':');
            let sets = fields.iter().map(|field| &field.selection_set.node).collect();
            self.places.push(PlaceEntry { sets, by_type: Vec::new() });
            planned.push(Planned { key, written, ty: &entry.ty, place: self.places.len() - 1 });
        }
        let planned: Rc<[Planned<'a>]> = planned.into();
        self.places[place].by_type.push((object, Rc::clone(&planned)));
        planned
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        declared: TypeId,
        object: TypeId,
        collected: &mut Vec<(&'a str, Vec<&'a Field>)>,
    ) {
        for selection in &set.items {
            if self.is_skipped(selection.node.directives()) {
                continue;
            }
            let (condition, inner) = match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    if key == PRIVATE_TYPENAME {
                        continue;
                    }
                    match collected.iter_mut().find(|(other, _)| *other == key) {
                        Some((_, fields)) => fields.push(&field.node),
                        None => collected.push((key, vec![&field.node])),
                    }
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => (Some(&fragment.node.type_condition), &fragment.node.selection_set.node),
                        None => continue,
                    }
                }
            };
            let Some(condition) = condition else {
                self.collect(inner, declared, object, collected);
                continue;
            };
            let Some(condition) = self.index.type_named(&condition.node.on.node) else { continue };
            // The engine runs what stands under the object's own type, under an interface of it, and under the
            // type that the schema declares there; not what stands under some other union, nor may that show.
            if condition.id == object || self.index.get(object).interfaces.binary_search(&condition.id).is_ok() {
                self.collect(inner, object, object, collected);
            } else if condition.id == declared {
                self.collect(inner, declared, object, collected);
            }
        }
    }

    /// As the engine decides it: a variable without a value, or with another than a boolean, is false.
    fn is_skipped(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| {
            let wanted = match directive.node.name.node.as_str() {
                "skip" => false,
                "include" => true,
                _ => return false,
            };
            let Some(given) = directive.node.get_argument("if") else { return false };
            let value = given.node.clone().into_const_with(|name| self.variables.get(&name).cloned().ok_or(()));
            matches!(value, Ok(Value::Boolean(true))) != wanted
        })
    }
}
