//! A module of generated code while it is being written: its names, and the items that its code turned out to need.

use std::cell::{Cell, RefCell};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::context::Context;
use super::names::{self, Namer};
use crate::model::TypeId;

/// One module.
pub(super) struct Site<'a> {
    pub(super) context: &'a Context<'a>,
    names: RefCell<Namer>,
    items: RefCell<Vec<TokenStream>>,
    patterns: RefCell<Vec<(String, Ident)>>,
    is_types: bool,
    names_types: Cell<bool>,
}

impl<'a> Site<'a> {
    /// The module of declared types.
    pub(super) fn of_types(context: &'a Context<'a>) -> Self {
        Self::new(context, Namer::default(), true)
    }

    /// Any other module.
    pub(super) fn beside_types(context: &'a Context<'a>, names: Namer) -> Self {
        Self::new(context, names, false)
    }

    fn new(context: &'a Context<'a>, names: Namer, is_types: bool) -> Self {
        Self {
            context,
            names: RefCell::new(names),
            items: RefCell::default(),
            patterns: RefCell::default(),
            is_types,
            names_types: Cell::new(false),
        }
    }

    /// A name for an item of this module.
    pub(super) fn pick(&self, wanted: &str) -> Ident {
        names::ident(&self.names.borrow_mut().pick(wanted))
    }

    /// Adds an item; items stand in the order in which they are added.
    pub(super) fn add(&self, item: TokenStream) {
        self.items.borrow_mut().push(item);
    }

    /// Keeps a place for an item before those that are added next.
    pub(super) fn reserve(&self) -> usize {
        self.add(TokenStream::new());
        self.items.borrow().len() - 1
    }

    /// Puts an item at a place that was kept.
    pub(super) fn put(&self, place: usize, item: TokenStream) {
        if let Some(slot) = self.items.borrow_mut().get_mut(place) {
            *slot = item;
        }
    }

    /// All items so far, patterns last.
    pub(super) fn take_items(&self) -> Vec<TokenStream> {
        let mut items = std::mem::take(&mut *self.items.borrow_mut());
        for (pattern, name) in self.patterns.borrow_mut().drain(..) {
            let pattern = raw_string(&pattern);
            items.push(quote! { static #name: gw::Pattern = gw::Pattern::new(#pattern); });
        }
        items
    }

    /// The static of a pattern.
    pub(super) fn pattern(&self, pattern: &str) -> Ident {
        let known = self.patterns.borrow().iter().find(|(text, _)| text == pattern).map(|(_, name)| name.clone());
        known.unwrap_or_else(|| {
            let name = self.pick("PATTERN");
            self.patterns.borrow_mut().push((pattern.to_owned(), name.clone()));
            name
        })
    }

    /// A declared type, as this module writes it.
    pub(super) fn type_path(&self, id: TypeId) -> TokenStream {
        if self.is_types {
            let name = self.context.type_ident(id);
            return quote! { #name };
        }
        self.names_types.set(true);
        self.context.type_path(id)
    }

    /// Whether this module names anything of `types`.
    pub(super) fn names_types(&self) -> bool {
        self.names_types.get()
    }
}

/// `r"…"`, as people write patterns.
fn raw_string(text: &str) -> TokenStream {
    let fence = "#".repeat(text.matches("\"#").count() + usize::from(text.contains('"')));
    let literal = format!("r{fence}\"{text}\"{fence}").parse::<TokenStream>();
    literal.unwrap_or_else(|_| quote! { #text })
}
