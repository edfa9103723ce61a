//! What stands for a gateway that has errors: its module with the public names in it, so that code which uses them is
//! no second error.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_compiler::Compiled;
use gatewright_compiler::emit::rust::{ident, module_name, type_name};
use gatewright_compiler::syntax::ast::ItemKind;
use proc_macro2::TokenStream;
use quote::quote;

/// The module of a gateway that can't be made; nothing where it has not even a name. `error` is one of the
/// `compile_error!`s that say why.
///
/// All its types are one: an array whose length is that error. rustc says nothing more of what has an error in its type,
/// whatever is called on it.
pub(crate) fn module(compiled: &Compiled, error: &TokenStream) -> Option<TokenStream> {
    let mut gateway = None;
    let mut types = BTreeSet::new();
    let mut services: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in compiled.files.iter().flat_map(|(_, file, _)| &file.items) {
        match &item.kind {
            ItemKind::Gateway(item) => gateway = gateway.or(Some(&item.name.text)),
            ItemKind::Type(item) => drop(types.insert(type_name(&item.name.text))),
            ItemKind::Enum(item) => drop(types.insert(type_name(&item.name.text))),
            ItemKind::Service(item) => {
                services.entry(module_name(&item.name.text)).or_default().insert(type_name(&item.name.text));
            }
            _ => {}
        }
    }

    let gateway = gateway?;
    let root = ident(&module_name(gateway));
    let own = BTreeSet::from([type_name(gateway), "Builder".to_owned(), "Services".to_owned()]);
    let own = own.iter().map(|name| ident(name));
    let types = types.iter().map(|name| ident(name));
    let services = services.iter().map(|(name, types)| {
        let (name, types) = (ident(name), types.iter().map(|name| ident(name)));
        quote! { pub mod #name { #(pub type #types = super::super::Broken;)* } }
    });
    Some(quote! {
        pub mod #root {
            type Broken = [(); #error];
            #(pub type #own = Broken;)*
            pub mod services { #(#services)* }
            pub mod types { #(pub type #types = super::Broken;)* }
        }
    })
}
