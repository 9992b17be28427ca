//! The `data` of a response, written as JSON text beside the plan.

use std::collections::HashMap;

use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, PathSegment, Response, ServerError, Value};

use super::plan::{Place, Plan, Planned, ROOT};
use crate::gate::document::PRIVATE_TYPENAME;
use crate::gate::schema_index::{FieldType, TypeId};

/// The data, written.
pub(super) struct Written {
    /// The JSON text; `null` where the root itself had to go.
    pub json: Vec<u8>,
    /// Whether a null stood where none may.
    pub broken: bool,
}

/// Null stands where it may not: the nearest parent that may be null becomes null.
struct Broken;

/// Where errors happened, as a tree: it tells an object of which every field failed from one that isn't there.
#[derive(Default)]
struct Failures<'a> {
    fields: HashMap<&'a str, Failures<'a>>,
    items: HashMap<usize, Failures<'a>>,
}

impl<'a> Failures<'a> {
    fn of(errors: &'a [ServerError]) -> Self {
        let mut all = Self::default();
        for error in errors {
            let mut at = &mut all;
            for segment in &error.path {
                at = match segment {
                    PathSegment::Field(key) => at.fields.entry(key).or_default(),
                    PathSegment::Index(index) => at.items.entry(*index).or_default(),
                };
            }
        }
        all
    }
}

/// Writes the data of `response`, whose root is an object of the type `root`.
pub(super) fn write(plan: &mut Plan<'_>, root: TypeId, response: &Response) -> Written {
    let failures = (!response.errors.is_empty()).then(|| Failures::of(&response.errors));
    let empty = IndexMap::new();
    let object = match &response.data {
        Value::Object(object) => object,
        _ => &empty,
    };
    let mut writer = Writer { plan, json: Vec::with_capacity(4096), broken: false };
    if writer.object(object, ROOT, root, root, failures.as_ref()).is_err() {
        writer.json.clear();
        writer.json.extend_from_slice(b"null");
    }
    Written { json: writer.json, broken: writer.broken }
}

struct Writer<'p, 'a> {
    plan: &'p mut Plan<'a>,
    json: Vec<u8>,
    broken: bool,
}

impl<'a> Writer<'_, 'a> {
    // The recursion is as deep as the document, which is bounded, and as deep as lists nest in its types.
    fn object(
        &mut self,
        object: &IndexMap<Name, Value>,
        place: Place,
        declared: TypeId,
        ty: TypeId,
        failures: Option<&Failures<'_>>,
    ) -> Result<(), Broken> {
        let fields = self.plan.fields(place, declared, ty);
        self.json.push(b'{');
        // Mostly the engine's order is the query's: then each field is found where the last one ended.
        let mut next = 0;
        for (position, field) in fields.iter().enumerate() {
            if position > 0 {
                self.json.push(b',');
            }
            self.json.extend_from_slice(&field.written);
            let value = find(object, field, &mut next);
            let below = failures.and_then(|failures| failures.fields.get(field.key));
            self.value(value, field.ty, 0, field.place, below)?;
        }
        self.json.push(b'}');
        Ok(())
    }

    /// Writes a value whose type is `ty` from its list `level` inwards; `Value::Null` for one that failed.
    fn value(
        &mut self,
        value: &Value,
        ty: &'a FieldType,
        level: usize,
        place: Place,
        failures: Option<&Failures<'_>>,
    ) -> Result<(), Broken> {
        let start = self.json.len();
        let written = if level < ty.lists() {
            self.list(value, ty, level, place, failures)
        } else {
            self.named(value, ty, place, failures)
        };
        match written {
            Ok(()) => Ok(()),
            Err(Broken) if ty.nullable[level] => {
                self.json.truncate(start);
                self.json.extend_from_slice(b"null");
                Ok(())
            }
            Err(Broken) => {
                self.broken = true;
                Err(Broken)
            }
        }
    }

    fn list(
        &mut self,
        value: &Value,
        ty: &'a FieldType,
        level: usize,
        place: Place,
        failures: Option<&Failures<'_>>,
    ) -> Result<(), Broken> {
        let Value::List(items) = value else { return Err(Broken) };
        self.json.push(b'[');
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.json.push(b',');
            }
            let below = failures.and_then(|failures| failures.items.get(&position));
            self.value(item, ty, level + 1, place, below)?;
        }
        self.json.push(b']');
        Ok(())
    }

    fn named(
        &mut self,
        value: &Value,
        ty: &FieldType,
        place: Place,
        failures: Option<&Failures<'_>>,
    ) -> Result<(), Broken> {
        let entry = self.plan.index.get(ty.named);
        if !entry.kind.is_composite() {
            return match value {
                Value::Null => Err(Broken),
                value => {
                    write_json(&mut self.json, value);
                    Ok(())
                }
            };
        }
        let declared = entry.id;
        match value {
            // What the product's own executor wrote is text already, with its nulls in place.
            Value::Binary(json) => {
                self.json.extend_from_slice(json);
                Ok(())
            }
            Value::Object(object) => {
                let runtime = match object.get(PRIVATE_TYPENAME) {
                    Some(Value::String(name)) if entry.kind.is_abstract() => {
                        self.plan.index.type_named(name).map(|entry| entry.id).ok_or(Broken)?
                    }
                    _ if entry.kind.is_abstract() => return Err(Broken),
                    _ => declared,
                };
                self.object(object, place, declared, runtime, failures)
            }
            // The engine answers null for an object of which every field failed. An interface's or a union's
            // has its type name at least, so its null is one.
            Value::Null if !entry.kind.is_abstract() && failures.is_some_and(|below| !below.fields.is_empty()) => {
                self.object(&IndexMap::new(), place, declared, declared, failures)
            }
            _ => Err(Broken),
        }
    }
}

fn find<'v>(object: &'v IndexMap<Name, Value>, field: &Planned<'_>, next: &mut usize) -> &'v Value {
    if *next == 0 && object.get_index(0).is_some_and(|(key, _)| key == PRIVATE_TYPENAME) {
        *next = 1;
    }
    match object.get_index(*next) {
        Some((key, value)) if key == field.key => {
            *next += 1;
            value
        }
        _ => match object.get_full(field.key) {
            Some((position, _, value)) => {
                *next = position + 1;
                value
            }
            None => &Value::Null,
        },
    }
}

/// Writes a string as JSON.
pub(super) fn write_string(json: &mut Vec<u8>, text: &str) {
    // Writing to memory can't fail, and any text can be written.
    let _ = serde_json::to_writer(json, text);
}

/// Writes any value as JSON.
pub(super) fn write_json(json: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => json.extend_from_slice(b"null"),
        Value::Boolean(true) => json.extend_from_slice(b"true"),
        Value::Boolean(false) => json.extend_from_slice(b"false"),
        Value::String(text) => write_string(json, text),
        Value::Enum(name) => write_string(json, name),
        Value::Number(_) | Value::Binary(_) => {
            let _ = serde_json::to_writer(json, value);
        }
        Value::List(items) => {
            json.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    json.push(b',');
                }
                write_json(json, item);
            }
            json.push(b']');
        }
        Value::Object(fields) => {
            json.push(b'{');
            for (position, (key, value)) in fields.iter().enumerate() {
                if position > 0 {
                    json.push(b',');
                }
                write_string(json, key);
                json.push(b':');
                write_json(json, value);
            }
            json.push(b'}');
        }
    }
}
