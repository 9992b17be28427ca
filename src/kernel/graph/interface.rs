//! Interfaces: values that are one of several objects.

use async_graphql::OutputType;
use async_graphql::registry::{Deprecation, MetaField, MetaType, MetaTypeId, Registry};

/// Tells the engine of an interface: its fields with their types in the schema and their descriptions, and the
/// objects that have them. Answers its type in the schema.
pub fn register<T: OutputType>(
    registry: &mut Registry,
    description: &str,
    fields: &[(&str, &str, &str)],
    members: &[(&str, fn(&mut Registry) -> String)],
) -> String {
    registry.create_output_type::<T, _>(MetaTypeId::Interface, |registry| {
        let name = T::type_name().into_owned();
        for (member, create) in members {
            create(registry);
            registry.add_implements(member, &name);
        }
        let fields = fields.iter().map(|(name, ty, description)| ((*name).to_owned(), field(name, ty, description)));
        MetaType::Interface {
            fields: fields.collect(),
            name,
            description: Some(description.trim().to_owned()),
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

fn field(name: &str, ty: &str, description: &str) -> MetaField {
    MetaField {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        args: Default::default(),
        ty: ty.to_owned(),
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
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// Declares an interface: an enum over the objects that implement it, and the fields that they share.
///
/// ```ignore
/// interface! {
///     /// Something with an id.
///     pub enum Node {
///         /// A brand.
///         Brand(Brand),
///     }
///     fields {
///         "id": "ID!" = "The id.",
///     }
/// }
/// ```
#[macro_export]
macro_rules! interface {
    (
        #[doc = $description:expr]
        pub enum $interface:ident { $($(#[$doc:meta])* $variant:ident($object:ty),)+ }
        fields { $($field:literal: $ty:literal = $field_description:literal,)+ }
    ) => {
        #[doc = $description]
        #[derive(Clone)]
        pub enum $interface {
            $($(#[$doc])* $variant($object),)+
        }

        impl $crate::kernel::graph::Output for $interface {
            fn write<'x>(values: Vec<&'x Self>, at: $crate::kernel::graph::At<'x>) -> $crate::kernel::graph::Later<'x> {
                Box::pin(async move {
                    let mut all = $crate::kernel::graph::Members::new(values.len());
                    $({
                        let mut objects: Vec<&$object> = Vec::new();
                        let mut rows = Vec::new();
                        for (row, value) in values.iter().enumerate() {
                            #[allow(irrefutable_let_patterns, reason = "an interface may have one member")]
                            if let $interface::$variant(object) = *value {
                                objects.push(object);
                                rows.push(row);
                            }
                        }
                        all.add(objects, rows, at, stringify!($interface)).await;
                    })+
                    all.column()
                })
            }
        }

        impl async_graphql::OutputType for $interface {
            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($interface))
            }

            fn introspection_type_name(&self) -> std::borrow::Cow<'static, str> {
                match self {
                    $(Self::$variant(_) => <$object as async_graphql::OutputType>::type_name(),)+
                }
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                $crate::kernel::graph::register_interface::<Self>(
                    registry,
                    $description,
                    &[$(($field, $ty, $field_description)),+],
                    &[$((
                        <$object as $crate::kernel::graph::Object>::NAME,
                        <$object as async_graphql::OutputType>::create_type_info,
                    )),+],
                )
            }

            async fn resolve(
                &self,
                selection: &async_graphql::ContextSelectionSet<'_>,
                field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                $crate::kernel::graph::answer(self, selection, field).await
            }
        }
    };
}
