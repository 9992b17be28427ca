//! Interfaces: values that are one of several objects.

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
                    &[$description],
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
