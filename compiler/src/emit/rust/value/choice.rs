//! Branches whose value is needed, and lists that are mapped to values.

use proc_macro2::TokenStream;
use quote::quote;

use super::{By, Level, Scope, Value, Variable};
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::held::Held;
use crate::emit::rust::layout;
use crate::emit::rust::names;
use crate::emit::rust::uses;
use crate::model::{self, Scalar};
use crate::plan::{Expr, ExprKind, LocalId};

impl Endpoint<'_> {
    /// Binds what is behind an `Option` that was looked at: the scope in it, and its name.
    pub(in super::super) fn bind_present(
        &self,
        looked: &Value,
        item: LocalId,
        shadowed: Option<String>,
        scope: &Scope,
    ) -> (Scope, TokenStream) {
        let mut inner = scope.clone();
        let name = shadowed.unwrap_or_else(|| inner.pick(self.local_name(item)));
        let by = match looked.by {
            By::OptionStr => By::Str,
            By::OptionRef => By::Ref,
            By::Made | By::Place | By::Ref | By::Str => By::Place,
        };
        inner.set_local(item, Variable { name: name.clone(), held: looked.held.behind(), by });
        let name = names::ident(&name);
        (inner, quote! { #name })
    }

    /// `then` where a value is there, else `otherwise`.
    pub(super) fn if_present(
        &self,
        expr: &Expr,
        value: &Expr,
        item: LocalId,
        (then, otherwise): (&Expr, &Expr),
        scope: &Scope,
    ) -> Value {
        let looked = self.look(&self.value(value, scope));
        let is_item = then.kind == ExprKind::Local(item);
        let is_null = otherwise.kind == ExprKind::Literal(model::Value::Null);
        if is_item && is_null {
            return looked;
        }
        let shadowed = self.shadowed(value, item, &[then], scope);
        let (inner, name) = self.bind_present(&looked, item, shadowed, scope);
        let then_value = self.value(then, &inner);
        let infallible = !is_fallible(then_value.tokens());
        if is_null && infallible {
            return self.option_map(&looked, &name, &then_value);
        }
        let otherwise = self.value(otherwise, scope);
        let tight = looked.within(Level::Postfix);
        if let (ExprKind::Literal(model::Value::Bool(truth)), true) = (&self.plain(expr), infallible) {
            let method = if *truth {
                quote! { is_none_or }
            } else {
                quote! { is_some_and }
            };
            let then = then_value.tokens();
            return Value::made(quote! { #tight.#method(|#name| #then) }, Held::Scalar(Scalar::Bool));
        }
        if is_item
            && !is_fallible(otherwise.tokens())
            && let Some(value) = self.unwrap_or(&looked, &otherwise)
        {
            return value;
        }
        let otherwise_fails = is_fallible(otherwise.tokens());
        let (then, otherwise, joined) = self.join(&then_value, &otherwise);
        if infallible && !otherwise_fails {
            let tokens = if is_simple(&otherwise) {
                quote! { #tight.map_or(#otherwise, |#name| #then) }
            } else {
                quote! { #tight.map_or_else(|| #otherwise, |#name| #then) }
            };
            return Value { tokens, level: Level::Postfix, ..joined };
        }
        let looked = looked.tokens();
        let tokens = quote! { match #looked { Some(#name) => #then, None => #otherwise } };
        Value { tokens, level: Level::Or, ..joined }
    }

    /// The name of a variable that what is behind it may have as well: nothing in `within` uses the variable itself.
    pub(in super::super) fn shadowed(
        &self,
        value: &Expr,
        item: LocalId,
        within: &[&Expr],
        scope: &Scope,
    ) -> Option<String> {
        let name = match value.kind {
            ExprKind::Step(step) => scope.step_name(step)?,
            ExprKind::Param(param) => scope.param_name(param)?,
            ExprKind::Local(local) => scope.local_name(local)?,
            _ => return None,
        };
        let wanted = names::snake(self.local_name(item));
        (name == wanted && !within.iter().any(|expr| uses::mentions_place(expr, value))).then_some(wanted)
    }

    /// The branch of an `IfPresent` for null, where it is a truth; else anything that is none.
    fn plain(&self, expr: &Expr) -> ExprKind {
        match &expr.kind {
            ExprKind::IfPresent { otherwise, .. } if matches!(self.held_type(&expr.ty), Held::Scalar(Scalar::Bool)) => {
                otherwise.kind.clone()
            }
            _ => ExprKind::Literal(model::Value::Null),
        }
    }

    pub(super) fn option_map(&self, looked: &Value, name: &TokenStream, then: &Value) -> Value {
        let tight = looked.within(Level::Postfix);
        let keeps = looked.by != By::Made || self.is_copy(&looked.held);
        let flat = matches!(then.held, Held::Optional(_));
        let method = if flat {
            quote! { and_then }
        } else {
            quote! { map }
        };
        let held = then.held.clone().optional();
        if !keeps {
            let then = self.owned(then);
            return Value::made(quote! { #tight.#method(|#name| #then) }, held);
        }
        let then = self.look(then);
        let by = match then.by {
            By::Ref => By::OptionRef,
            By::Str => By::OptionStr,
            By::Place | By::Made | By::OptionRef | By::OptionStr => then.by,
        };
        let then = then.tokens();
        Value::new(quote! { #tight.#method(|#name| #then) }, held, by)
    }

    /// `value or default`, where both can be looked at alike.
    fn unwrap_or(&self, looked: &Value, default: &Value) -> Option<Value> {
        let tight = looked.within(Level::Postfix);
        let default = self.look(default);
        let by = match (looked.by, default.by) {
            (By::OptionStr, By::Str) => By::Str,
            (By::OptionRef, By::Ref) => By::Ref,
            (By::Made, By::Made) if self.is_copy(&looked.held) && self.is_copy(&default.held) => By::Made,
            _ => return None,
        };
        let held = looked.held.behind();
        if matches!(default.held, Held::Optional(_)) || held != default.held {
            return None;
        }
        let default = default.tokens();
        Some(Value::new(quote! { #tight.unwrap_or(#default) }, held, by))
    }

    /// Two branches in one form: both looked at, or both of their own; an `Option` where one of them is.
    pub(super) fn join(&self, one: &Value, other: &Value) -> (TokenStream, TokenStream, Value) {
        let optional = [one, other].iter().any(|value| matches!(value.held, Held::Optional(_)));
        let held = if one.held == Held::Scalar(Scalar::Json).optional() { &other.held } else { &one.held };
        let held = if optional { held.clone().optional() } else { held.clone() };
        let (first, second) = (self.look(one), self.look(other));
        let makes = |value: &Value| value.by == By::Made && !self.is_copy(&value.held) && !is_none(value);
        if makes(&first) || makes(&second) {
            let own = |value: &Value| {
                let tokens = self.owned(value);
                if optional && !matches!(value.held, Held::Optional(_)) {
                    quote! { Some(#tokens) }
                } else {
                    tokens
                }
            };
            return (own(one), own(other), Value::made(TokenStream::new(), held));
        }
        let by = match (optional, if is_none(&first) { second.by } else { first.by }) {
            (true, By::Str) => By::OptionStr,
            (true, By::Ref) => By::OptionRef,
            (_, by) => by,
        };
        let form = |value: &Value| {
            let tokens = value.tokens().clone();
            if optional && !matches!(value.held, Held::Optional(_)) {
                quote! { Some(#tokens) }
            } else {
                tokens
            }
        };
        (form(&first), form(&second), Value::new(TokenStream::new(), held, by))
    }

    /// `if condition { then } else { otherwise }`
    pub(super) fn choice(&self, condition: &Expr, then: &Expr, otherwise: &Expr, scope: &Scope) -> Value {
        let truth = |expr: &Expr| match expr.kind {
            ExprKind::Literal(model::Value::Bool(truth)) => Some(truth),
            _ => None,
        };
        let test = self.value(condition, scope);
        let held = Held::Scalar(Scalar::Bool);
        match (truth(then), truth(otherwise)) {
            (Some(true), Some(false)) => test,
            (Some(false), Some(true)) => self.negated(condition, scope),
            (Some(true), _) => {
                let (left, right) = (test.within(Level::Or), self.value(otherwise, scope).within(Level::Or));
                Value::made(quote! { #left || #right }, held).at(Level::Or)
            }
            (Some(false), _) => {
                let (left, right) = (self.negated(condition, scope), self.value(otherwise, scope));
                let (left, right) = (left.within(Level::And), right.within(Level::And));
                Value::made(quote! { #left && #right }, held).at(Level::And)
            }
            (None, Some(false)) => {
                let (left, right) = (test.within(Level::And), self.value(then, scope).within(Level::And));
                Value::made(quote! { #left && #right }, held).at(Level::And)
            }
            _ => {
                let (then, otherwise, joined) = self.join(&self.value(then, scope), &self.value(otherwise, scope));
                let tokens = layout::if_else(test.tokens(), &then, &otherwise);
                Value { tokens, level: Level::Or, ..joined }
            }
        }
    }
}

/// Whether tokens may be evaluated though nobody needs them: a name, a literal, a field.
fn is_simple(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().all(|token| match token {
        proc_macro2::TokenTree::Group(_) => false,
        proc_macro2::TokenTree::Punct(punct) => punct.as_char() != '!',
        proc_macro2::TokenTree::Ident(_) | proc_macro2::TokenTree::Literal(_) => true,
    })
}

fn is_none(value: &Value) -> bool {
    value.tokens().to_string() == "None"
}

/// Whether tokens may return early: they have a `?` in them.
pub(in super::super) fn is_fallible(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Punct(punct) => punct.as_char() == '?',
        proc_macro2::TokenTree::Group(group) => is_fallible(&group.stream()),
        proc_macro2::TokenTree::Ident(_) | proc_macro2::TokenTree::Literal(_) => false,
    })
}
