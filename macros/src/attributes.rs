//! What stands in `#[graphql(…)]` and in doc comments.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Result, Token};

/// The words of one item's `#[graphql(…)]`.
pub struct Graphql(Vec<Meta>);

impl Graphql {
    /// Reads them, and takes the attribute off the item.
    pub fn take(attributes: &mut Vec<Attribute>) -> Result<Self> {
        let mut words = Vec::new();
        for attribute in attributes.extract_if(.., |attribute| attribute.path().is_ident("graphql")) {
            let list = attribute.meta.require_list()?;
            words.extend(Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list.tokens.clone())?);
        }
        Ok(Self(words))
    }

    fn value(&self, name: &str) -> Option<&Expr> {
        self.0.iter().find_map(|word| match word {
            Meta::NameValue(pair) if pair.path.is_ident(name) => Some(&pair.value),
            _ => None,
        })
    }

    /// The name in the schema, where one is given.
    pub fn name(&self) -> Option<String> {
        match self.value("name") {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => Some(text.value()),
            _ => None,
        }
    }

    /// An argument's default, as an expression of its type.
    pub fn default(&self) -> Option<TokenStream> {
        if let Some(value) = self.value("default") {
            return Some(quote!(::core::convert::From::from(#value)));
        }
        let bare = self.0.iter().any(|word| matches!(word, Meta::Path(path) if path.is_ident("default")));
        bare.then(|| quote!(::core::default::Default::default()))
    }

    /// An argument's description.
    pub fn description(&self) -> Option<&Expr> {
        self.value("desc")
    }

    /// The directives that are applied, each as the call that applies it.
    pub fn directives(&self) -> Vec<&Expr> {
        let directives = self.0.iter().filter_map(|word| match word {
            Meta::NameValue(pair) if pair.path.is_ident("directive") => Some(&pair.value),
            _ => None,
        });
        directives.collect()
    }
}

/// The lines of the doc comment, each an expression.
pub fn docs(attributes: &[Attribute]) -> Vec<Expr> {
    let docs = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => Some(pair.value.clone()),
        _ => None,
    });
    docs.collect()
}

/// `price_range` as GraphQL writes it: `priceRange`.
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}
