//! One field of an object: what it takes, what it gives, and how its column is written.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{
    Error, Expr, ExprCall, ExprPath, FnArg, GenericArgument, ImplItemFn, Pat, PathArguments, Result, ReturnType,
    Signature, Type,
};

use crate::attributes::{Graphql, camel_case, docs};

/// How a field's value comes to be.
enum How {
    /// It stands in the struct.
    Stored,
    /// By a function that answers at once.
    Plain,
    /// By a batch, for all objects together.
    Loaded,
    /// By a function that waits.
    Awaited,
}

/// A parameter of a field's function.
enum Parameter {
    Context,
    Argument(Box<Argument>),
}

/// An argument of a field.
struct Argument {
    ident: Ident,
    ty: Type,
    name: String,
    graphql: Graphql,
    default: Option<TokenStream>,
}

pub struct Field {
    ident: Ident,
    name: String,
    how: How,
    /// Whether the function gives a `Result`.
    fallible: bool,
    /// What the field gives in the end.
    ty: Type,
    parameters: Vec<Parameter>,
    graphql: Graphql,
    docs: Vec<Expr>,
}

impl Field {
    /// Reads a field of a struct, and takes what is the schema's off it.
    pub fn of_struct(field: &mut syn::Field) -> Result<Self> {
        let graphql = Graphql::take(&mut field.attrs)?;
        let ident =
            field.ident.clone().ok_or_else(|| Error::new_spanned(&*field, "a field of an object has a name"))?;
        Ok(Self {
            name: graphql.name().unwrap_or_else(|| camel_case(&ident.unraw().to_string())),
            ident,
            how: How::Stored,
            fallible: false,
            ty: field.ty.clone(),
            parameters: Vec::new(),
            graphql,
            docs: docs(&field.attrs),
        })
    }

    /// Reads a function of an `impl` block, and takes what is the schema's off it.
    pub fn of_function(function: &mut ImplItemFn) -> Result<Self> {
        let graphql = Graphql::take(&mut function.attrs)?;
        let signature = &mut function.sig;
        let ReturnType::Type(_, given) = &signature.output else {
            return Err(Error::new_spanned(&*signature, "a field gives something"));
        };
        let (fallible, given) = match generic(given, "Result") {
            Some(arguments) => (true, arguments.into_iter().next().unwrap_or_else(|| (**given).clone())),
            None => (false, (**given).clone()),
        };
        let (how, ty) = match generic(&given, "Load") {
            Some(arguments) => match <[Type; 2]>::try_from(arguments) {
                Ok([_, ty]) => (How::Loaded, ty),
                Err(_) => return Err(Error::new_spanned(given, "`Load` names its batch and what the field gives")),
            },
            None if signature.asyncness.is_some() => (How::Awaited, given),
            None => (How::Plain, given),
        };
        let parameters = parameters(signature)?;
        Ok(Self {
            ident: signature.ident.clone(),
            name: graphql.name().unwrap_or_else(|| camel_case(&signature.ident.unraw().to_string())),
            how,
            fallible,
            ty,
            parameters,
            graphql,
            docs: docs(&function.attrs),
        })
    }

    /// The name in the schema.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The expression that tells the engine's registry of the field.
    pub fn registration(&self) -> Result<TokenStream> {
        let Self { name, docs, ty, .. } = self;
        let arguments = self.parameters.iter().filter_map(|parameter| match parameter {
            Parameter::Context => None,
            Parameter::Argument(argument) => {
                let Argument { ty, name, graphql, default, .. } = &**argument;
                let description = match graphql.description() {
                    Some(description) => quote!(::core::option::Option::Some(#description)),
                    None => quote!(::core::option::Option::None),
                };
                let default = match default {
                    Some(default) => quote!(::core::option::Option::Some(#default)),
                    None => quote!(::core::option::Option::None),
                };
                Some(quote!(__graph::argument::<#ty>(registry, #name, #description, #default)))
            }
        });
        let mut directives = Vec::new();
        for call in self.graphql.directives() {
            let directive = applied(call)?;
            directives.push(quote!(__graph::directive(registry, &#directive, #call)));
        }
        Ok(quote!({
            let arguments = ::std::vec![#(#arguments),*];
            let directives = ::std::vec![#(#directives),*];
            let ty = <#ty as ::async_graphql::OutputType>::create_type_info(registry);
            __graph::field(#name, &[#(#docs),*], ty, arguments, directives)
        }))
    }

    /// The expression that starts the field's column for all objects.
    pub fn column(&self) -> TokenStream {
        let Self { ident, ty, fallible, .. } = self;
        let nullable = generic(ty, "Option").is_some();
        let mut read_arguments = Vec::new();
        let mut passed = Vec::new();
        for parameter in &self.parameters {
            match parameter {
                Parameter::Context => passed.push(quote!(__at.ctx())),
                Parameter::Argument(argument) => {
                    let Argument { ident, ty, name, default, .. } = &**argument;
                    let variable = format_ident!("__argument_{}", ident.unraw());
                    let default = match default {
                        Some(default) => quote!(::core::option::Option::Some(|| #default)),
                        None => quote!(::core::option::Option::None),
                    };
                    read_arguments.push(quote! {
                        let #variable: #ty = match __at.argument(#name, #default) {
                            ::core::result::Result::Ok(value) => value,
                            ::core::result::Result::Err(error) => {
                                return __at.refused(__objects.len(), #nullable, error);
                            }
                        };
                    });
                    passed.push(quote!(::core::clone::Clone::clone(&#variable)));
                }
            }
        }
        let write = quote!(|__values: ::std::vec::Vec<#ty>, __at| __graph::Values(__values).column(__at));
        let call = quote!(Self::#ident(__object #(, #passed)*));
        let each = |one: TokenStream| quote!(__objects.iter().map(|__object| #one).collect());
        let column = match (&self.how, fallible) {
            (How::Stored, _) => {
                let values = each(quote!(&__object.#ident));
                quote!(let __values: ::std::vec::Vec<&#ty> = #values; __graph::Stored(__values).column(__at))
            }
            (How::Plain, false) => {
                let values = each(call);
                quote!(let __values: ::std::vec::Vec<#ty> = #values; __graph::Values(__values).column(__at))
            }
            (How::Plain, true) => {
                let results = each(call);
                quote!(__at.results(#results, #nullable, #write))
            }
            (How::Loaded, _) => {
                let loads = each(if *fallible { call } else { quote!(__graph::Result::Ok(#call)) });
                quote!(__at.load(#loads, #nullable, #write))
            }
            (How::Awaited, _) => {
                let futures =
                    each(if *fallible { call } else { quote!(async move { __graph::Result::Ok(#call.await) }) });
                quote!(__at.wait(#futures, #nullable, #write))
            }
        };
        quote!({ #(#read_arguments)* #column })
    }
}

fn parameters(signature: &mut Signature) -> Result<Vec<Parameter>> {
    let mut parameters = Vec::new();
    for input in &mut signature.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Pat::Ident(pattern) = &*typed.pat else {
            return Err(Error::new_spanned(&typed.pat, "an argument of a field has a name"));
        };
        let ident = pattern.ident.clone();
        let is_context = matches!(&*typed.ty, Type::Reference(reference)
            if matches!(&*reference.elem, Type::Path(path)
                if path.path.segments.last().is_some_and(|last| last.ident == "Ctx")));
        if is_context {
            parameters.push(Parameter::Context);
            continue;
        }
        let graphql = Graphql::take(&mut typed.attrs)?;
        parameters.push(Parameter::Argument(Box::new(Argument {
            name: graphql.name().unwrap_or_else(|| camel_case(&ident.unraw().to_string())),
            default: graphql.default(),
            ident,
            ty: (*typed.ty).clone(),
            graphql,
        })));
    }
    Ok(parameters)
}

/// The directive in `directive::apply(…)`.
fn applied(call: &Expr) -> Result<syn::Path> {
    let refused = || Error::new_spanned(call, "a directive is written `directive::apply(…)`");
    let Expr::Call(ExprCall { func, .. }) = call else { return Err(refused()) };
    let Expr::Path(ExprPath { path, .. }) = &**func else { return Err(refused()) };
    let mut path = path.clone();
    if path.segments.pop().is_none_or(|last| last.into_value().ident != "apply") || path.segments.pop_punct().is_none()
    {
        return Err(refused());
    }
    Ok(path)
}

/// The type arguments of `ty`, if it is a `wrapper`.
fn generic(ty: &Type, wrapper: &str) -> Option<Vec<Type>> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == wrapper)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    Some(types.collect())
}
