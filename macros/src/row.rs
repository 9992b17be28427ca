//! An entity's model out of the columns of a row.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Fields, ItemStruct, Result};

/// Expands the derive.
pub fn expand(item: TokenStream) -> Result<TokenStream> {
    let item: ItemStruct = syn::parse2(item)?;
    let Fields::Named(fields) = &item.fields else {
        return Err(Error::new_spanned(item, "the columns of a row have names"));
    };
    let ident = &item.ident;
    let columns = fields.named.iter().enumerate().map(|(place, field)| {
        let name = &field.ident;
        quote!(#name: columns.column(#place, ::core::stringify!(#name))?)
    });
    let width = fields.named.len();
    Ok(quote! {
        #[automatically_derived]
        impl ::entity::row::Row for #ident {
            const WIDTH: usize = #width;

            fn read(columns: &impl ::entity::row::Columns) -> ::core::result::Result<Self, ::sea_orm::DbErr> {
                Ok(Self { #(#columns),* })
            }
        }
    })
}
