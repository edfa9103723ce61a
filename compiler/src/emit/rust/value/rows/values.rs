//! What rows give: lists of what each becomes, and values of all of them together.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::{By, Level, Scope, Value, is_fallible};
use super::Going;
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::held::Held;
use crate::emit::rust::{names, uses};
use crate::model::{self, Scalar};
use crate::plan::{Expr, ExprKind, Fold, Rows};

impl Endpoint<'_> {
    /// An iterator over what each row becomes, and the statements before it.
    fn of_each(&self, rows: &Rows, value: &Expr, own: bool, scope: &Scope) -> (Going, TokenStream, Held) {
        let mut going = self.rows(rows, &|local| uses::mentions(value, local), scope);
        let made = self.value(value, &going.scope);
        let held = made.held.clone();
        let tokens = if own { self.owned(&made) } else { self.look(&made).tokens().clone() };
        let (pattern, iterator) = (going.pattern(value), going.iterator.clone());
        if is_fallible(&tokens) {
            let name = names::ident(&going.scope.pick("values"));
            let all = going.each(&pattern, &quote! { #name.push(#tokens); });
            going.before.extend(quote! { let mut #name = Vec::new(); #all });
            return (going, quote! { #name.into_iter() }, held);
        }
        let is_row = tokens.to_string() == pattern.to_string();
        let (is_copy, closure) = (quote! { *#pattern }, closure(&pattern, &tokens));
        let each = match tokens.to_string() {
            _ if is_row => iterator,
            text if text == is_copy.to_string() => quote! { #iterator.copied() },
            _ => quote! { #iterator.map(#closure) },
        };
        (going, each, held)
    }

    /// A list of what each row becomes.
    pub(in super::super) fn mapped(&self, rows: &Rows, body: &Expr, scope: &Scope) -> Value {
        let (going, values, held) = self.of_each(rows, body, true, scope);
        Value::made(going.block(quote! { #values.collect::<Vec<_>>() }), Held::List(Box::new(held)))
    }

    pub(in super::super) fn any(&self, rows: &Rows, condition: &Expr, scope: &Scope) -> Value {
        let mut going = self.rows(rows, &|local| uses::mentions(condition, local), scope);
        let (pattern, value) = (going.pattern(condition), self.value(condition, &going.scope));
        let (iterator, looped, value) = (going.iterator.clone(), going.looped(), value.tokens());
        let held = Held::Scalar(Scalar::Bool);
        if is_fallible(value) {
            let name = names::ident(&going.scope.pick("found"));
            going.before.extend(quote! {
                let mut #name = false;
                for #pattern in #looped {
                    if #value {
                        #name = true;
                        break;
                    }
                }
            });
            return Value::made(going.block(quote! { #name }), held);
        }
        Value::made(going.block(quote! { #iterator.any(|#pattern| #value) }), held)
    }

    pub(in super::super) fn count(&self, rows: &Rows, scope: &Scope) -> Value {
        let going = self.rows(rows, &|_| false, scope);
        let iterator = &going.iterator;
        Value::made(going.block(quote! { gw::rows::count(#iterator) }), Held::Scalar(Scalar::Int))
    }

    pub(in super::super) fn folded(&self, expr: &Expr, scope: &Scope) -> Value {
        let ExprKind::Fold { fold, rows, value, place } = &expr.kind else { return nothing_of(expr) };
        let result = self.held_type(&expr.ty);
        let own = matches!(fold, Fold::Sum | Fold::Average);
        let (going, values, held) = self.of_each(rows, value, own, scope);
        match fold {
            Fold::Sum => Value::made(going.block(quote! { gw::rows::sum(#values, #place)? }), result),
            Fold::Average => Value::made(going.block(quote! { gw::rows::average(#values, #place)? }), result),
            Fold::Min | Fold::Max => {
                let method = if *fold == Fold::Min {
                    quote! { min }
                } else {
                    quote! { max }
                };
                let least = quote! { #values.#method() };
                let by = self.option_of(value, &going, &held);
                let found = Value::new(least, result.clone(), by);
                if going.before.is_empty() {
                    return found;
                }
                Value::made(going.block(self.owned(&found)), result)
            }
        }
    }

    /// How an `Option` of a looked-at value stands.
    fn option_of(&self, value: &Expr, going: &Going, held: &Held) -> By {
        match self.look(&self.value(value, &going.scope)).by {
            By::Str => By::OptionStr,
            By::Ref | By::Place if !self.is_copy(held) => By::OptionRef,
            _ => By::Made,
        }
    }

    pub(in super::super) fn joined_text(&self, rows: &Rows, value: &Expr, separator: &Expr, scope: &Scope) -> Value {
        let (going, values, _) = self.of_each(rows, value, false, scope);
        let separator = self.look(&self.value(separator, scope));
        let separator = if separator.by == By::Made { separator.reference() } else { separator.tokens().clone() };
        Value::made(going.block(quote! { gw::rows::join(#values, #separator) }), Held::Scalar(Scalar::String))
    }

    /// `then` with the first row, else `otherwise`.
    pub(in super::super) fn found(&self, expr: &Expr, scope: &Scope) -> Value {
        let ExprKind::Found { rows, then, otherwise } = &expr.kind else { return nothing_of(expr) };
        let going = self.rows(rows, &|local| uses::mentions(then, local), scope);
        let (first, pattern) = (going.first(), going.pattern(then));
        let truth = |expr: &Expr| match expr.kind {
            ExprKind::Literal(model::Value::Bool(truth)) => Some(truth),
            _ => None,
        };
        match (truth(then), truth(otherwise)) {
            (Some(true), Some(false)) => {
                return Value::made(going.block(going.exists()), Held::Scalar(Scalar::Bool));
            }
            (Some(false), Some(true)) => {
                return Value::made(going.block(going.lacks()), Held::Scalar(Scalar::Bool)).at(Level::Unary);
            }
            _ => {}
        }
        let mut then_value = self.value(then, &going.scope);
        if going.held_before {
            then_value = Value::made(self.owned(&then_value), then_value.held);
        }
        let is_null = otherwise.kind == ExprKind::Literal(model::Value::Null);
        if is_null && then_value.tokens().to_string() == pattern.to_string() && then_value.by == By::Ref {
            return Value::new(going.block(first), then_value.held.optional(), By::OptionRef);
        }
        if is_null && !is_fallible(then_value.tokens()) {
            let found =
                self.option_map(&Value::new(first, Held::Unit.optional(), By::OptionRef), &pattern, &then_value);
            let tokens = going.block(found.tokens().clone());
            return Value::new(tokens, found.held, found.by);
        }
        let (then, otherwise, joined) = self.join(&then_value, &self.value(otherwise, scope));
        let tokens = going.block(quote! { match #first { Some(#pattern) => #then, None => #otherwise } });
        Value { tokens, level: Level::Or, ..joined }
    }

    /// A value of rows that were gathered before it.
    pub(in super::super) fn with_gathered(&self, expr: &Expr, scope: &Scope) -> Value {
        let ExprKind::Gather { item, rows, by, body } = &expr.kind else { return nothing_of(expr) };
        let (before, inner) = self.gathered(*item, rows, by, scope);
        let value = self.value(body, &inner);
        let held = value.held.clone();
        let tokens = self.owned(&value);
        Value::made(quote! { { #before #tokens } }, held)
    }
}

/// `|row| value`, or the function that says the same.
pub(super) fn closure(pattern: &TokenStream, value: &TokenStream) -> TokenStream {
    if value.to_string() == quote! { #pattern.as_str() }.to_string() {
        quote! { String::as_str }
    } else {
        quote! { |#pattern| #value }
    }
}

fn nothing_of(expr: &Expr) -> Value {
    debug_assert!(false, "another kind of expression: {expr:?}");
    Value::made(quote! { () }, Held::Unit)
}
