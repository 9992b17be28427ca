//! From parsed definitions to the index.

use std::collections::HashMap;

use async_graphql::parser::types as ast;
use async_graphql::{Name, Positioned, Value};

use super::{
    ArgumentEntry, DirectiveEntry, FieldEntry, FieldId, FieldType, IndexError, Kind, SchemaIndex, TypeEntry, TypeId,
    introspection,
};

/// What a write counts for, where its field says nothing: it takes locks, and waits for the disk.
const WRITE: u64 = 10;

pub(super) struct Builder {
    by_name: HashMap<Box<str>, TypeId>,
    next_field: u32,
}

impl Builder {
    pub(super) fn new(definitions: &[ast::TypeDefinition]) -> Self {
        let mut by_name = HashMap::new();
        let named = definitions.iter().map(|definition| definition.name.node.as_str());
        for name in introspection::BUILT_IN_SCALARS.iter().copied().chain(named) {
            let next = TypeId(by_name.len() as u32);
            by_name.entry(name.into()).or_insert(next);
        }
        Self { by_name, next_field: 0 }
    }

    pub(super) fn build(
        mut self,
        definitions: Vec<ast::TypeDefinition>,
        roots: &ast::SchemaDefinition,
    ) -> Result<SchemaIndex, IndexError> {
        let mut types: Vec<TypeEntry> = Vec::with_capacity(self.by_name.len());
        for name in introspection::BUILT_IN_SCALARS {
            types.push(empty(TypeId(types.len() as u32), name, Kind::Scalar));
        }
        let mut members: Vec<(TypeId, Vec<TypeId>)> = Vec::new();
        for definition in definitions {
            let id = self.named(&definition.name.node)?;
            if (id.0 as usize) < types.len() {
                continue; // One of the built-in scalars, or introspection's own, which the SDL has named again.
            }
            let mut entry = empty(id, &definition.name.node, Kind::Scalar);
            match definition.kind {
                ast::TypeKind::Scalar => {}
                ast::TypeKind::Enum(_) => entry.kind = Kind::Enum,
                ast::TypeKind::Object(object) => {
                    entry.kind = Kind::Object;
                    entry.interfaces = self.all_named(object.implements)?;
                    entry.fields = self.fields(object.fields)?;
                    entry.possible = vec![id];
                }
                ast::TypeKind::Interface(interface) => {
                    entry.kind = Kind::Interface;
                    entry.interfaces = self.all_named(interface.implements)?;
                    entry.fields = self.fields(interface.fields)?;
                }
                ast::TypeKind::Union(union) => {
                    entry.kind = Kind::Union;
                    members.push((id, self.all_named(union.members)?));
                }
                ast::TypeKind::InputObject(input) => {
                    entry.kind = Kind::InputObject;
                    entry.inputs = self.arguments(input.fields)?;
                }
            }
            types.push(entry);
        }
        let implementors: Vec<(TypeId, TypeId)> = types
            .iter()
            .filter(|entry| entry.kind == Kind::Object)
            .flat_map(|entry| entry.interfaces.iter().map(|interface| (*interface, entry.id)))
            .collect();
        for (interface, object) in implementors {
            types[interface.0 as usize].possible.push(object);
        }
        for (union, objects) in members {
            types[union.0 as usize].possible = objects;
        }
        let root = |name: &Option<Positioned<Name>>| name.as_ref().map(|name| self.named(&name.node)).transpose();
        let query = root(&roots.query)?.ok_or(IndexError::NoQueryRoot)?;
        let (mutation, subscription) = (root(&roots.mutation)?, root(&roots.subscription)?);
        let introspection_root = self.named(introspection::ROOT)?;
        let introspection_fields = types[introspection_root.0 as usize].fields.clone();
        types[query.0 as usize].fields.extend(introspection_fields);
        for entry in &mut types {
            entry.possible.sort_unstable();
            entry.by_name =
                entry.fields.iter().enumerate().map(|(position, field)| (field.name.clone(), position)).collect();
        }
        let typename = FieldEntry {
            id: self.next_id(),
            name: "__typename".into(),
            ty: FieldType { named: self.named("String")?, nullable: [false].into() },
            arguments: Vec::new(),
            directives: Vec::new(),
            weight: 0,
        };
        weigh(&mut types, mutation);
        Ok(SchemaIndex {
            types,
            query,
            mutation,
            subscription,
            typename,
            fields: self.next_field,
            by_name: self.by_name,
        })
    }

    fn named(&self, name: &str) -> Result<TypeId, IndexError> {
        self.by_name.get(name).copied().ok_or_else(|| IndexError::UnknownType(name.to_owned()))
    }

    fn all_named(&self, names: Vec<Positioned<Name>>) -> Result<Vec<TypeId>, IndexError> {
        let mut ids: Vec<TypeId> = names.iter().map(|name| self.named(&name.node)).collect::<Result<_, _>>()?;
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn next_id(&mut self) -> FieldId {
        self.next_field += 1;
        FieldId(self.next_field - 1)
    }

    fn ty(&self, ty: &ast::Type) -> Result<FieldType, IndexError> {
        let mut nullable = vec![ty.nullable];
        let mut inner = ty;
        loop {
            match &inner.base {
                ast::BaseType::List(item) => {
                    inner = item;
                    nullable.push(inner.nullable);
                }
                ast::BaseType::Named(name) => {
                    return Ok(FieldType { named: self.named(name)?, nullable: nullable.into() });
                }
            }
        }
    }

    fn fields(&mut self, fields: Vec<Positioned<ast::FieldDefinition>>) -> Result<Vec<FieldEntry>, IndexError> {
        fields
            .into_iter()
            .map(|field| {
                Ok(FieldEntry {
                    id: self.next_id(),
                    name: field.node.name.node.as_str().into(),
                    ty: self.ty(&field.node.ty.node)?,
                    arguments: self.arguments(field.node.arguments)?,
                    directives: field.node.directives.into_iter().map(|directive| entry_of(directive.node)).collect(),
                    weight: 0,
                })
            })
            .collect()
    }

    fn arguments(
        &self,
        arguments: Vec<Positioned<ast::InputValueDefinition>>,
    ) -> Result<Vec<ArgumentEntry>, IndexError> {
        arguments
            .into_iter()
            .map(|argument| {
                Ok(ArgumentEntry {
                    name: argument.node.name.node.as_str().into(),
                    ty: self.ty(&argument.node.ty.node)?,
                    default: argument.node.default_value.map(|value| value.node),
                })
            })
            .collect()
    }
}

/// Gives each field its weight: that of its `@cost`; or else 1 where it returns objects, more where it writes,
/// and nothing where it returns leaves. Introspection counts as a whole, at the root.
fn weigh(types: &mut [TypeEntry], mutation: Option<TypeId>) {
    let counts: Vec<bool> = types.iter().map(|ty| ty.kind.is_composite() && !ty.is_introspection()).collect();
    for ty in types {
        for field in &mut ty.fields {
            let stated = match field.directive("cost").and_then(|cost| cost.argument("weight")) {
                Some(Value::Number(weight)) => weight.as_u64(),
                _ => None,
            };
            let usual = match counts[field.ty.named.0 as usize] {
                true if mutation == Some(ty.id) => WRITE,
                counts => u64::from(counts),
            };
            field.weight = stated.unwrap_or(usual);
        }
    }
}

fn entry_of(directive: ast::ConstDirective) -> DirectiveEntry {
    DirectiveEntry {
        name: directive.name.node.as_str().into(),
        arguments: directive
            .arguments
            .into_iter()
            .map(|(name, value)| (name.node.as_str().into(), value.node))
            .collect(),
    }
}

fn empty(id: TypeId, name: &str, kind: Kind) -> TypeEntry {
    TypeEntry {
        id,
        name: name.into(),
        kind,
        fields: Vec::new(),
        possible: Vec::new(),
        interfaces: Vec::new(),
        inputs: Vec::new(),
        by_name: HashMap::new(),
    }
}
