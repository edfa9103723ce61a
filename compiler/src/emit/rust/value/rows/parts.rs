//! Lists behind each other: each part is a loop that adds to one list, or writes its elements.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::{By, Scope, Value, Variable};
use super::{Going, Shape};
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::held::Held;
use crate::emit::rust::{names, uses};
use crate::model::{self, Ty};
use crate::plan::{Expr, ExprKind, LocalId, Part};

impl Endpoint<'_> {
    /// The rows of all parts, of the columns that are used.
    pub(super) fn parts(&self, parts: &[Part], columns: &[LocalId], scope: &Scope) -> Going {
        let mut inner = scope.clone();
        let title = inner.pick("all");
        let used: Vec<(usize, LocalId)> =
            columns.iter().copied().enumerate().filter(|(_, column)| self.uses.local(*column)).collect();
        let types: Vec<Held> = used.iter().map(|(at, _)| self.column_held(parts, *at)).collect();
        let name = names::ident(&title);
        let (mut statements, mut alone) = (TokenStream::new(), Vec::new());
        for part in parts {
            let values: Vec<&Expr> = used.iter().filter_map(|(at, _)| part.values.get(*at)).collect();
            let row =
                |scope: &Scope| row(values.iter().zip(&types).map(|(value, held)| self.as_held(value, held, scope)));
            if part.rows.is_none() && part.when.is_none() {
                alone.push(row(&inner));
            }
            statements.extend(self.part(part, &values, &inner, &|scope| {
                let row = row(scope);
                quote! { #name.push(#row); }
            }));
        }
        // Elements that are all known make an array.
        let before = if alone.len() == parts.len() {
            quote! { let #name = [#(#alone),*]; }
        } else {
            quote! { let mut #name = Vec::new(); #statements }
        };
        let mut shapes = Vec::new();
        for ((_, column), held) in used.iter().zip(types) {
            shapes.push(self.column(*column, Variable { name: String::new(), held, by: By::Ref }, &mut inner));
        }
        Going {
            before,
            iterator: quote! { #name.iter() },
            list: Some((quote! { &#name }, quote! { #name })),
            reversed: None,
            first: None,
            made: None,
            option: None,
            shape: Shape::of(shapes),
            scope: inner,
            two_ended: true,
            held_before: true,
        }
    }

    /// The statements of one part; `each` makes those of an element.
    pub(in super::super::super) fn part(
        &self,
        part: &Part,
        values: &[&Expr],
        scope: &Scope,
        each: &dyn Fn(&Scope) -> TokenStream,
    ) -> TokenStream {
        let statements = match &part.rows {
            None => each(scope),
            Some(rows) => {
                let used = |local| values.iter().any(|value| uses::mentions(value, local));
                let going = self.rows(rows, &used, scope);
                let all = going.each(&going.pattern_of(&used), &each(&going.scope));
                let before = going.before();
                quote! { #before #all }
            }
        };
        match &part.when {
            Some(when) => {
                let when = self.value(when, scope);
                let when = when.tokens();
                quote! { if #when { #statements } }
            }
            None => statements,
        }
    }

    /// How the values of a column are held: nullable where one of them is.
    fn column_held(&self, parts: &[Part], at: usize) -> Held {
        let types: Vec<&Ty> = parts.iter().filter_map(|part| part.values.get(at)).map(|value| &value.ty).collect();
        let known = types.iter().find(|ty| !matches!(ty, Ty::Null | Ty::Unknown)).or(types.first());
        let held = known.map_or(Held::Unit, |ty| self.held_type(ty));
        let nullable = types.iter().any(|ty| matches!(ty, Ty::Null | Ty::Optional(_)));
        if nullable { held.optional() } else { held }
    }

    /// A value of its own that is held so.
    fn as_held(&self, value: &Expr, held: &Held, scope: &Scope) -> TokenStream {
        let made = self.value(value, scope);
        let tokens = match &value.kind {
            ExprKind::List(elements) if elements.is_empty() => quote! { Vec::new() },
            ExprKind::List(_) | ExprKind::Literal(model::Value::List(_)) => {
                let list = made.tokens();
                quote! { Vec::from(#list) }
            }
            _ => self.owned(&made),
        };
        match (held, &made.held) {
            (Held::Optional(_), Held::Optional(_)) => tokens,
            (Held::Optional(_), _) if value.ty != Ty::Null => quote! { Some(#tokens) },
            _ => tokens,
        }
    }

    /// Several lists of plain values as one.
    pub(in super::super) fn concatenated(&self, parts: &[Part], ty: &Ty, scope: &Scope) -> Value {
        let held = self.held_type(ty);
        let Held::List(element) = &held else { return Value::made(quote! { Vec::new() }, held) };
        let mut inner = scope.clone();
        let name = names::ident(&inner.pick("all"));
        let mut statements = TokenStream::new();
        for part in parts {
            let all: Vec<&Expr> = part.values.iter().collect();
            statements.extend(self.part(part, &all, &inner, &|scope| {
                let values = part.values.iter().map(|value| self.as_held(value, element, scope));
                quote! { #(#name.push(#values);)* }
            }));
        }
        Value::made(quote! { { let mut #name = Vec::new(); #statements #name } }, held.clone())
    }
}

/// One row of these values.
fn row(values: impl Iterator<Item = TokenStream>) -> TokenStream {
    let values: Vec<TokenStream> = values.collect();
    tuple(&values)
}

/// One value as it is, several as a tuple.
pub(super) fn tuple(values: &[TokenStream]) -> TokenStream {
    if let [only] = values {
        only.clone()
    } else {
        quote! { (#(#values),*) }
    }
}
