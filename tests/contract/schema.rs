//! The schema: written down, guarded field by field, and explained.

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition};
use stoa::app::Surface;
use stoa::gate::schema_index::SchemaIndex;
use stoa::schema;

use super::{assert_file, assert_none, root};

#[test]
fn the_schema_is_the_one_that_is_checked_in() {
    assert_file(&root().join("schema.graphql"), &schema::sdl());
}

#[test]
fn every_root_field_has_an_access_rule() {
    Surface::read(true).map(drop).unwrap_or_else(|error| panic!("{error}"));
}

/// One error must not erase the siblings that were committed.
#[test]
fn every_root_field_may_be_null() {
    let index = SchemaIndex::read(&schema::sdl()).expect("a schema that can be read");
    let roots = index.roots().map(|root| index.get(root)).flat_map(|root| &root.fields);
    let wrong: Vec<String> = roots
        .filter(|field| !field.name.starts_with("__") && !field.ty.nullable[0])
        .map(|field| field.name.to_string())
        .collect();
    assert_none("these root fields can't be null", &wrong);
}

/// Fields that cost more than their objects: the batch behind them counts the rest itself.
const COUNTED_BY_BATCH: &[&str] = &["Cart.deliveryGroups", "Cart.pricing", "Cart.problems"];

/// The executor counts the objects that it answers with, each as one; what counts for more stands at the root, or is
/// counted by a batch.
#[test]
fn below_the_roots_an_object_costs_one_and_a_leaf_nothing() {
    let index = SchemaIndex::read(&schema::sdl()).expect("a schema that can be read");
    let roots: Vec<_> = index.roots().collect();
    let below = index.types().iter().filter(|ty| !roots.contains(&ty.id) && !ty.name.starts_with("__"));
    let wrong: Vec<String> = below
        .flat_map(|ty| ty.fields.iter().map(move |field| (ty, field)))
        .filter(|(_, field)| field.weight != u64::from(index.get(field.ty.named).kind.is_composite()))
        .map(|(ty, field)| format!("{}.{}", ty.name, field.name))
        .filter(|field| !COUNTED_BY_BATCH.contains(&field.as_str()))
        .collect();
    assert_none("the weight of these is not counted when they are answered", &wrong);
}

/// The directives that GraphQL itself defines; the engine writes their descriptions.
const NOT_OURS: &[&str] = &["deprecated", "include", "oneOf", "skip", "specifiedBy"];

#[test]
fn everything_in_the_schema_is_described() {
    let document = parse_schema(schema::sdl()).expect("a schema that can be read");
    let mut wrong = Vec::new();
    for definition in &document.definitions {
        match definition {
            TypeSystemDefinition::Schema(_) => {}
            TypeSystemDefinition::Directive(directive) => {
                let name = directive.node.name.node.as_str();
                if !NOT_OURS.contains(&name) {
                    // The engine prints no descriptions of a directive's arguments.
                    need(&mut wrong, format!("@{name}"), &directive.node.description);
                }
            }
            TypeSystemDefinition::Type(definition) => {
                let name = definition.node.name.node.as_str();
                // The roots are the schema itself.
                if !matches!(name, "Query" | "Mutation" | "Subscription") {
                    need(&mut wrong, name.to_owned(), &definition.node.description);
                }
                match &definition.node.kind {
                    TypeKind::Object(object) => fields(&mut wrong, name, &object.fields),
                    TypeKind::Interface(interface) => fields(&mut wrong, name, &interface.fields),
                    TypeKind::InputObject(input) => arguments(&mut wrong, name, &input.fields),
                    TypeKind::Enum(values) => {
                        for value in &values.values {
                            need(&mut wrong, format!("{name}.{}", value.node.value.node), &value.node.description);
                        }
                    }
                    TypeKind::Scalar | TypeKind::Union(_) => {}
                }
            }
        }
    }
    assert_none("these have no description", &wrong);
}

fn need(wrong: &mut Vec<String>, what: String, description: &Option<Positioned<String>>) {
    if description.as_ref().is_none_or(|text| text.node.trim().is_empty()) {
        wrong.push(what);
    }
}

fn fields(wrong: &mut Vec<String>, of: &str, fields: &[Positioned<FieldDefinition>]) {
    for field in fields {
        let what = format!("{of}.{}", field.node.name.node);
        arguments(wrong, &what, &field.node.arguments);
        need(wrong, what, &field.node.description);
    }
}

fn arguments(wrong: &mut Vec<String>, of: &str, arguments: &[Positioned<InputValueDefinition>]) {
    for argument in arguments {
        need(wrong, format!("{of}({})", argument.node.name.node), &argument.node.description);
    }
}
