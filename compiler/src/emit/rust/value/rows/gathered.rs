//! Rows that are gathered in a variable: in a list, or by their keys.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::Gathered;
use super::super::{By, Scope, Variable, is_fallible};
use super::{Going, Shape};
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::names;
use crate::plan::{Expr, Gathering, LocalId, Rows};

impl Endpoint<'_> {
    /// The statements that gather rows, and the scope in which they have their name.
    pub(in super::super::super) fn gathered(
        &self,
        item: LocalId,
        rows: &Rows,
        by: &Gathering,
        scope: &Scope,
    ) -> (TokenStream, Scope) {
        let mut outer = scope.clone();
        let name = outer.pick(self.local_name(item));
        let mut going = self.rows(rows, &|_| true, &outer);
        let (ident, columns) = (names::ident(&name), variables(&going));
        let (collected, group_key) = match by {
            Gathering::List => {
                let rows = self.flat(&mut going);
                (quote! { #rows.collect::<Vec<_>>() }, None)
            }
            Gathering::Index(key) => (self.keyed(&going, key, &quote! { index }), None),
            Gathering::Groups(key) => {
                let value = self.look(&self.value(key, &going.scope));
                let by = match value.by {
                    By::Str => By::Str,
                    By::Made if self.is_copy(&value.held) => By::Place,
                    By::Made if value.held.is_string() => By::Ref,
                    _ => By::Ref,
                };
                let variable = Variable { name: String::new(), held: value.held.clone(), by };
                (self.keyed(&going, key, &quote! { groups }), Some(variable))
            }
        };
        outer.set_gathered(item, Gathered { name, columns, group_key });
        let before = going.before;
        (quote! { #before let #ident = #collected; }, outer)
    }

    fn keyed(&self, going: &Going, key: &Expr, function: &TokenStream) -> TokenStream {
        let value = self.look(&self.value(key, &going.scope));
        let (value, iterator) = (value.tokens(), &going.iterator);
        let (pattern, row) = (going.shape.pattern(&|_| true), flat_row(&going.shape));
        if is_fallible(value) {
            quote! { gw::rows::#function(#iterator.map(|#pattern| Ok((#value, #row))).collect::<Result<Vec<_>, gw::Error>>()?) }
        } else {
            quote! { gw::rows::#function(#iterator.map(|#pattern| (#value, #row))) }
        }
    }

    /// The iterator of rows whose columns are nested from the left.
    #[allow(clippy::unused_self, reason = "reads as the other parts do")]
    pub(super) fn flat(&self, going: &mut Going) -> TokenStream {
        let iterator = &going.iterator;
        match &going.shape {
            Shape::Pair(..) => {
                let (pattern, row) = (going.shape.pattern(&|_| true), flat_row(&going.shape));
                quote! { #iterator.map(|#pattern| #row) }
            }
            Shape::Nothing | Shape::One { .. } | Shape::Row(_) => iterator.clone(),
        }
    }
}

/// The row as a tuple that is nested from the left.
fn flat_row(shape: &Shape) -> TokenStream {
    let mut columns = Vec::new();
    shape.columns(&mut columns);
    Shape::of(columns).row()
}

/// The columns of rows, from the first on.
pub(super) fn variables(going: &Going) -> Vec<Variable> {
    let mut columns = Vec::new();
    going.shape.columns(&mut columns);
    let variable = |column: &Shape| match column {
        Shape::One { local, .. } => going.scope.variable(*local).cloned(),
        Shape::Nothing | Shape::Pair(..) | Shape::Row(_) => None,
    };
    columns.iter().filter_map(variable).collect()
}
