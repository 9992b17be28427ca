//! What the engine's registry is told of types and fields: for the schema, introspection and validation. The
//! engine runs none of them.

use async_graphql::registry::location_traits::Directive_At_FIELD_DEFINITION;
use async_graphql::registry::{
    Deprecation, MetaDirectiveInvocation, MetaField, MetaInputValue, MetaType, MetaTypeId, Registry,
};
use async_graphql::{InputType, OutputType, TypeDirective};

/// Tells the registry of a type, and answers how it is written in the schema.
type Create = fn(&mut Registry) -> String;

/// Tells of an object. Answers its type in the schema.
pub fn object<T: OutputType>(
    registry: &mut Registry,
    docs: &[&str],
    fields: fn(&mut Registry) -> Vec<MetaField>,
) -> String {
    registry.create_output_type::<T, _>(MetaTypeId::Object, |registry| MetaType::Object {
        name: T::type_name().into_owned(),
        description: description(docs),
        fields: fields(registry).into_iter().map(|field| (field.name.clone(), field)).collect(),
        cache_control: Default::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        keys: None,
        visible: None,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        is_subscription: false,
        rust_typename: Some(std::any::type_name::<T>()),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    })
}

/// Tells of an interface: its fields with their types in the schema and their descriptions, and the objects that
/// have them. Answers its type in the schema.
pub fn interface<T: OutputType>(
    registry: &mut Registry,
    docs: &[&str],
    fields: &[(&str, &str, &str)],
    members: &[(&str, Create)],
) -> String {
    registry.create_output_type::<T, _>(MetaTypeId::Interface, |registry| {
        let name = T::type_name().into_owned();
        for (member, create) in members {
            create(registry);
            registry.add_implements(member, &name);
        }
        let fields = fields.iter().map(|(name, ty, description)| {
            ((*name).to_owned(), field(name, &[description], (*ty).to_owned(), Vec::new(), Vec::new()))
        });
        MetaType::Interface {
            name,
            description: description(docs),
            fields: fields.collect(),
            possible_types: members.iter().map(|(member, _)| (*member).to_owned()).collect(),
            extends: false,
            inaccessible: false,
            tags: Vec::new(),
            keys: None,
            visible: None,
            rust_typename: Some(std::any::type_name::<T>()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        }
    })
}

/// A field, whose type in the schema is `ty`.
pub fn field(
    name: &str,
    docs: &[&str],
    ty: String,
    arguments: Vec<MetaInputValue>,
    directives: Vec<MetaDirectiveInvocation>,
) -> MetaField {
    MetaField {
        name: name.to_owned(),
        description: description(docs),
        args: arguments.into_iter().map(|argument| (argument.name.clone(), argument)).collect(),
        ty,
        deprecation: Deprecation::NoDeprecated,
        cache_control: Default::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: directives,
        requires_scopes: Vec::new(),
    }
}

/// An argument of a field.
pub fn argument<T: InputType>(
    registry: &mut Registry,
    name: &str,
    description: Option<&str>,
    default: Option<T>,
) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: description.map(str::to_owned),
        ty: T::create_type_info(registry),
        deprecation: Deprecation::NoDeprecated,
        default_value: default.map(|default| default.to_value().to_string()),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

/// A directive that is applied to a field.
pub fn directive<D>(registry: &mut Registry, directive: &D, applied: MetaDirectiveInvocation) -> MetaDirectiveInvocation
where
    D: TypeDirective + Directive_At_FIELD_DEFINITION,
{
    directive.register(registry);
    applied
}

fn description(docs: &[&str]) -> Option<String> {
    let text = docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
