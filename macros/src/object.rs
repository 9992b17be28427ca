//! The whole object: its registration with the engine, and its columns.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Error, Expr, Fields, ImplItem, Item, ItemImpl, ItemStruct, Result, Type};

use crate::attributes::{Graphql, docs};
use crate::field::Field;

/// Expands the attribute.
pub fn expand(attribute: TokenStream, item: TokenStream) -> Result<TokenStream> {
    if !attribute.is_empty() {
        return Err(Error::new_spanned(attribute, "what the schema has to know stands in `#[graphql(…)]`"));
    }
    match syn::parse2(item)? {
        Item::Struct(item) => of_struct(item),
        Item::Impl(item) => of_impl(item),
        other => Err(Error::new_spanned(other, "an object is a struct, or the `impl` block of a type")),
    }
}

fn of_struct(mut item: ItemStruct) -> Result<TokenStream> {
    let graphql = Graphql::take(&mut item.attrs)?;
    let Fields::Named(named) = &mut item.fields else {
        return Err(Error::new_spanned(item, "the fields of an object have names"));
    };
    let fields = named.named.iter_mut().map(Field::of_struct).collect::<Result<Vec<_>>>()?;
    let object = object(&item.ident, &graphql, &docs(&item.attrs), &fields)?;
    Ok(quote!(#item #object))
}

fn of_impl(mut item: ItemImpl) -> Result<TokenStream> {
    let graphql = Graphql::take(&mut item.attrs)?;
    let ident = match &*item.self_ty {
        Type::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    };
    let ident = ident.ok_or_else(|| Error::new_spanned(&item.self_ty, "an object is a type without parameters"))?;
    let mut fields = Vec::new();
    for inner in &mut item.items {
        if let ImplItem::Fn(function) = inner {
            fields.push(Field::of_function(function)?);
        }
    }
    let object = object(&ident, &graphql, &docs(&item.attrs), &fields)?;
    Ok(quote!(#item #object))
}

fn object(ident: &Ident, graphql: &Graphql, docs: &[Expr], fields: &[Field]) -> Result<TokenStream> {
    let name = graphql.name().unwrap_or_else(|| ident.to_string());
    let registrations = fields.iter().map(Field::registration).collect::<Result<Vec<_>>>()?;
    let names = fields.iter().map(Field::name);
    let places = 0..fields.len();
    let columns = fields.iter().map(Field::column);
    let column_places = 0..fields.len();
    Ok(quote! {
        const _: () = {
            use crate::kernel::graph as __graph;

            impl __graph::Object for #ident {
                const NAME: &'static str = #name;

                fn field(name: &str) -> ::core::option::Option<usize> {
                    ::core::option::Option::Some(match name {
                        #(#names => #places,)*
                        _ => return ::core::option::Option::None,
                    })
                }

                #[allow(unused_imports, reason = "one of the two serves each field")]
                fn column<'x>(
                    __objects: &'x [&'x Self],
                    __field: usize,
                    __at: __graph::At<'x>,
                ) -> __graph::Step<'x> {
                    use __graph::{LeafValues as _, ObjectValues as _};
                    match __field {
                        #(#column_places => #columns)*
                        _ => __graph::Step::nothing(),
                    }
                }
            }

            impl __graph::Output for #ident {
                fn write<'x>(values: ::std::vec::Vec<&'x Self>, at: __graph::At<'x>) -> __graph::Later<'x> {
                    __graph::objects(values, at)
                }
            }

            impl ::async_graphql::OutputType for #ident {
                fn type_name() -> ::std::borrow::Cow<'static, str> {
                    ::std::borrow::Cow::Borrowed(#name)
                }

                fn create_type_info(registry: &mut ::async_graphql::registry::Registry) -> ::std::string::String {
                    __graph::register_object::<Self>(registry, &[#(#docs),*], |registry| {
                        ::std::vec![#(#registrations),*]
                    })
                }

                async fn resolve(
                    &self,
                    selection: &::async_graphql::ContextSelectionSet<'_>,
                    field: &::async_graphql::Positioned<::async_graphql::parser::types::Field>,
                ) -> ::async_graphql::ServerResult<::async_graphql::Value> {
                    __graph::answer(self, selection, field).await
                }
            }
        };
    })
}
