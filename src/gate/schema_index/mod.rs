//! The index of the server's own schema, read once at start from the SDL that it prints.
//!
//! Owns compact look-ups: types, their fields with arguments, nullability and directives, who implements
//! what. Never changes after it is read, and never asks the engine. Access rules, cost and the response
//! writer read it; to make another directive mean something, read it from `FieldEntry::directive`.

mod build;
mod introspection;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use async_graphql::Value;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types as ast;

/// A type's place in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(u32);

/// A field's place in the index; unique over all types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(u32);

impl FieldId {
    /// The place as a number, from 0 to `SchemaIndex::field_count`.
    pub const fn position(self) -> usize {
        self.0 as usize
    }
}

/// What kind of type it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A leaf with a value.
    Scalar,
    /// A leaf with a name.
    Enum,
    /// An object, which has fields.
    Object,
    /// An interface: fields that several objects have.
    Interface,
    /// A union: one of several objects.
    Union,
    /// An input object.
    InputObject,
}

impl Kind {
    /// Whether a field of this kind needs a selection set.
    pub const fn is_composite(self) -> bool {
        matches!(self, Self::Object | Self::Interface | Self::Union)
    }

    /// Whether the type at run time is another than the type in the schema.
    pub const fn is_abstract(self) -> bool {
        matches!(self, Self::Interface | Self::Union)
    }
}

/// A type as it stands in a field: the named type, and how it is wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldType {
    /// The named type in the middle.
    pub named: TypeId,
    /// Whether each level may be null, from the outside in. The last is the named type; each before it a list.
    pub nullable: Box<[bool]>,
}

impl FieldType {
    /// How many lists stand around the named type.
    pub fn lists(&self) -> usize {
        self.nullable.len() - 1
    }
}

/// An argument of a field, or a field of an input object.
#[derive(Debug, Clone)]
pub struct ArgumentEntry {
    /// Its name.
    pub name: Box<str>,
    /// Its type.
    pub ty: FieldType,
    /// What it is when it isn't given.
    pub default: Option<Value>,
}

/// A directive on a field.
#[derive(Debug, Clone)]
pub struct DirectiveEntry {
    /// Its name, without the `@`.
    pub name: Box<str>,
    /// Its arguments.
    pub arguments: Vec<(Box<str>, Value)>,
}

impl DirectiveEntry {
    /// The argument of this name.
    pub fn argument(&self, name: &str) -> Option<&Value> {
        self.arguments.iter().find(|(argument, _)| **argument == *name).map(|(_, value)| value)
    }
}

/// A field of an object or interface.
#[derive(Debug, Clone)]
pub struct FieldEntry {
    /// Its place.
    pub id: FieldId,
    /// Its name.
    pub name: Box<str>,
    /// What it returns.
    pub ty: FieldType,
    /// Its arguments, in the schema's order.
    pub arguments: Vec<ArgumentEntry>,
    /// The directives on it, in the schema's order.
    pub directives: Vec<DirectiveEntry>,
    /// What each thing that it returns counts for in the cost of an operation, what stands below it left out.
    pub weight: u64,
}

impl FieldEntry {
    /// The first directive of this name.
    pub fn directive(&self, name: &str) -> Option<&DirectiveEntry> {
        self.directives.iter().find(|directive| *directive.name == *name)
    }

    /// The argument of this name.
    pub fn argument(&self, name: &str) -> Option<&ArgumentEntry> {
        self.arguments.iter().find(|argument| *argument.name == *name)
    }
}

/// A type of the schema.
#[derive(Debug, Clone)]
pub struct TypeEntry {
    /// Its place.
    pub id: TypeId,
    /// Its name.
    pub name: Box<str>,
    /// Its kind.
    pub kind: Kind,
    /// The fields of an object or interface, in the schema's order.
    pub fields: Vec<FieldEntry>,
    /// The objects that a value of this type can be: itself, the implementors, or the members; sorted.
    pub possible: Vec<TypeId>,
    /// The interfaces it implements, sorted.
    pub interfaces: Vec<TypeId>,
    /// The fields of an input object.
    pub inputs: Vec<ArgumentEntry>,
    by_name: HashMap<Box<str>, usize>,
}

impl TypeEntry {
    /// Whether it is one of introspection's own types.
    pub fn is_introspection(&self) -> bool {
        self.name.starts_with("__")
    }
}

/// Why an SDL could not be read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It isn't valid SDL.
    #[error("the schema's own SDL can't be parsed: {0}")]
    Syntax(#[from] async_graphql::parser::Error),
    /// A type is used that isn't defined.
    #[error("the schema uses the type {0}, which it does not define")]
    UnknownType(String),
    /// There is no query root.
    #[error("the schema has no query root")]
    NoQueryRoot,
}

/// The schema, compactly.
#[derive(Debug, Clone)]
pub struct SchemaIndex {
    types: Vec<TypeEntry>,
    by_name: HashMap<Box<str>, TypeId>,
    query: TypeId,
    mutation: Option<TypeId>,
    subscription: Option<TypeId>,
    typename: FieldEntry,
    fields: u32,
}

impl SchemaIndex {
    /// Reads the schema's own SDL; introspection's types and root fields, which SDL leaves out, are added.
    ///
    /// # Errors
    /// Where the SDL does not parse, names a type that it does not define, or has no query root.
    pub fn read(sdl: &str) -> Result<Self, IndexError> {
        let own = parse_schema(sdl)?;
        let built_in = parse_schema(introspection::SDL)?;
        let mut roots = ast::SchemaDefinition {
            extend: false,
            directives: Vec::new(),
            query: None,
            mutation: None,
            subscription: None,
        };
        let mut definitions = Vec::new();
        for definition in own.definitions.into_iter().chain(built_in.definitions) {
            match definition {
                ast::TypeSystemDefinition::Type(definition) => definitions.push(definition.node),
                ast::TypeSystemDefinition::Schema(schema) => roots = schema.node,
                ast::TypeSystemDefinition::Directive(_) => {}
            }
        }
        build::Builder::new(&definitions).build(definitions, &roots)
    }

    /// The type of this name.
    pub fn type_named(&self, name: &str) -> Option<&TypeEntry> {
        self.by_name.get(name).map(|id| self.get(*id))
    }

    /// The type at this place.
    pub fn get(&self, id: TypeId) -> &TypeEntry {
        &self.types[id.0 as usize]
    }

    /// Every type, introspection's included.
    pub fn types(&self) -> &[TypeEntry] {
        &self.types
    }

    /// The field of this name on an object, interface or union; `__typename` is on all of them.
    pub fn field(&self, on: TypeId, name: &str) -> Option<&FieldEntry> {
        let on = self.get(on);
        match on.by_name.get(name) {
            Some(position) => on.fields.get(*position),
            None if name == "__typename" && on.kind.is_composite() => Some(&self.typename),
            None => None,
        }
    }

    /// The type at the root of operations of this kind, if the schema has them.
    pub fn root(&self, operation: ast::OperationType) -> Option<TypeId> {
        match operation {
            ast::OperationType::Query => Some(self.query),
            ast::OperationType::Mutation => self.mutation,
            ast::OperationType::Subscription => self.subscription,
        }
    }

    /// Every root type that there is.
    pub fn roots(&self) -> impl Iterator<Item = TypeId> {
        [Some(self.query), self.mutation, self.subscription].into_iter().flatten()
    }

    /// How many fields there are; every `FieldId` is below it.
    pub fn field_count(&self) -> usize {
        self.fields as usize
    }

    /// Whether a value whose type at run time is `object` is also a `condition`.
    pub fn is_a(&self, object: TypeId, condition: TypeId) -> bool {
        object == condition || self.get(condition).possible.binary_search(&object).is_ok()
    }

    /// Whether some object is both.
    pub fn overlap(&self, one: TypeId, other: TypeId) -> bool {
        one == other || self.get(one).possible.iter().any(|object| self.is_a(*object, other))
    }
}
