//! Expressions whose value is needed in Rust: conditions, arithmetic, arguments, headers.
//!
//! `scope` says what names stand for, `choice` writes branches, `operate` operators, `apply` functions; this file has the places and the forms in
//! which a value is handed on.

mod apply;
mod choice;
mod operate;
mod rows;
mod scope;

use proc_macro2::TokenStream;
use quote::quote;

pub(super) use choice::is_fallible;
pub(super) use rows::Going;
pub(super) use scope::{Scope, Variable};

use super::endpoint::Endpoint;
use super::held::Held;
use super::names;
use super::scalar::number;
use crate::model::{self, Scalar, Ty, TypeDeclKind};
use crate::plan::{Expr, ExprKind, TextPart};

/// How tokens stand for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// They name it where it lies.
    Place,
    /// They are a reference to it.
    Ref,
    /// They make it.
    Made,
    /// Of a string: they are a `&str`.
    Str,
    /// Of an `Option<T>`: they are an `Option<&T>`.
    OptionRef,
    /// Of an `Option<String>`: they are an `Option<&str>`.
    OptionStr,
}

/// How tightly tokens hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Compare,
    Unary,
    Postfix,
}

/// An expression of Rust, and what it is.
#[derive(Debug, Clone)]
pub(super) struct Value {
    tokens: TokenStream,
    pub(super) held: Held,
    pub(super) by: By,
    level: Level,
}

impl Value {
    pub(super) fn new(tokens: TokenStream, held: Held, by: By) -> Self {
        Self { tokens, held, by, level: Level::Postfix }
    }

    pub(super) fn made(tokens: TokenStream, held: Held) -> Self {
        Self::new(tokens, held, By::Made)
    }

    fn at(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// The tokens, in parentheses where something tighter stands around them.
    pub(super) fn within(&self, level: Level) -> TokenStream {
        let tokens = &self.tokens;
        if self.level < level {
            quote! { (#tokens) }
        } else {
            quote! { #tokens }
        }
    }

    pub(super) fn tokens(&self) -> &TokenStream {
        &self.tokens
    }

    /// Something that can stand where a `&T` is wanted.
    pub(super) fn reference(&self) -> TokenStream {
        let unary = self.within(Level::Unary);
        match self.by {
            By::Place | By::Made | By::OptionRef | By::OptionStr => quote! { &#unary },
            By::Ref | By::Str => self.tokens.clone(),
        }
    }

    /// The value itself, to be compared or asked: never moved out of its place.
    pub(super) fn operand(&self) -> Self {
        match self.by {
            By::Ref => {
                let tokens = self.within(Level::Unary);
                Self { tokens: quote! { *#tokens }, level: Level::Unary, by: By::Place, held: self.held.clone() }
            }
            By::Place | By::Made | By::Str | By::OptionRef | By::OptionStr => self.clone(),
        }
    }
}

impl Endpoint<'_> {
    /// A value as little more than a look at it: `&T`, `&str`, `Option<&T>`, or a copy.
    pub(super) fn look(&self, value: &Value) -> Value {
        let (held, tight) = (value.held.clone(), value.within(Level::Postfix));
        let new = |tokens: TokenStream, by: By| Value::new(tokens, held.clone(), by);
        match (value.by, &value.held) {
            (By::Place, held) if self.is_copy(held) => Value { by: By::Made, ..value.clone() },
            (By::Ref, held) if self.is_copy(held) => Value { by: By::Made, ..value.operand() },
            (By::Place | By::Ref, Held::Optional(inner)) if inner.is_string() => {
                new(quote! { #tight.as_deref() }, By::OptionStr)
            }
            (By::Place | By::Ref, Held::Optional(_)) => new(quote! { #tight.as_ref() }, By::OptionRef),
            (By::Place | By::Ref, held) if held.is_string() => new(quote! { #tight.as_str() }, By::Str),
            (By::Place, _) => new(quote! { &#tight }, By::Ref).at(Level::Unary),
            (By::Ref | By::Made | By::Str | By::OptionRef | By::OptionStr, _) => value.clone(),
        }
    }

    /// Something that can be displayed.
    pub(super) fn display(&self, value: &Value) -> TokenStream {
        match value.by {
            By::Place if !self.is_copy(&value.held) => {
                let unary = value.within(Level::Unary);
                quote! { &#unary }
            }
            _ => value.tokens.clone(),
        }
    }

    /// A value of its own, cloned where it lies elsewhere.
    pub(super) fn owned(&self, value: &Value) -> TokenStream {
        let tight = value.within(Level::Postfix);
        match (value.by, &value.held) {
            (By::Place, held) if self.is_copy(held) => value.tokens.clone(),
            (By::Ref, held) if self.is_copy(held) => value.operand().tokens,
            (By::Place | By::Ref, _) => quote! { #tight.clone() },
            (By::Str, _) => quote! { #tight.to_owned() },
            (By::OptionStr, _) => quote! { #tight.map(str::to_owned) },
            (By::OptionRef, held) if self.is_copy(held) => quote! { #tight.copied() },
            (By::OptionRef, _) => quote! { #tight.cloned() },
            (By::Made, _) => value.tokens.clone(),
        }
    }

    // ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────

    /// The value of an expression.
    pub(super) fn value(&self, expr: &Expr, scope: &Scope) -> Value {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal_value(literal, &expr.ty),
            ExprKind::Text(parts) => self.text(parts, scope),
            ExprKind::Param(param) => scope.param(*param).unwrap_or_else(unbound),
            ExprKind::Step(step) => scope.step(*step).unwrap_or_else(unbound),
            ExprKind::Made(step) => self.known(&scope.step(*step).unwrap_or_else(unbound)),
            ExprKind::Known { value, .. } if value.kind == ExprKind::Literal(model::Value::Null) => {
                self.never(&expr.ty)
            }
            ExprKind::Known { value, .. } => self.known(&self.value(value, scope)),
            ExprKind::Inner { results, step, made } => {
                let value = self.inner(*results, *step, scope);
                if *made { self.known(&value) } else { value }
            }
            ExprKind::Local(local) => scope.local(*local).unwrap_or_else(unbound),
            ExprKind::Field { base, name } => self.field(base, name, scope),
            ExprKind::Map { rows, body } => self.mapped(rows, body, scope),
            ExprKind::Found { .. } => self.found(expr, scope),
            ExprKind::Any { rows, condition } => self.any(rows, condition, scope),
            ExprKind::Count(rows) => self.count(rows, scope),
            ExprKind::Fold { .. } => self.folded(expr, scope),
            ExprKind::Join { rows, value, separator } => self.joined_text(rows, value, separator, scope),
            ExprKind::Gather { .. } => self.with_gathered(expr, scope),
            // Gone through, and never a value by themselves.
            ExprKind::Lookup { .. } | ExprKind::Keyed { .. } => unbound(),
            ExprKind::IfPresent { value, item, then, otherwise } => {
                self.if_present(expr, value, *item, (then, otherwise), scope)
            }
            ExprKind::Slice { list, from, to } => self.slice(list, from.as_deref(), to.as_deref(), scope),
            ExprKind::Index { base, index } => self.index(base, index, scope),
            ExprKind::Apply { function, args, place } => self.apply(function, args, place, scope),
            ExprKind::Object(_) => Value::made(quote! { () }, Held::Unit),
            ExprKind::List(elements) => self.list(elements, &expr.ty, scope),
            ExprKind::Concat(parts) => self.concatenated(parts, &expr.ty, scope),
            ExprKind::Not(operand) => self.negated(operand, scope),
            ExprKind::Negate(operand) => self.minus(operand, scope),
            ExprKind::Arithmetic { operator, left, right, place } => {
                self.arithmetic(*operator, (left, right), place, self.held_type(&expr.ty), scope)
            }
            ExprKind::Compare { operator, left, right } => self.compare(*operator, left, right, scope),
            ExprKind::In { item, list, secret: false } => self.contains(item, list, scope),
            ExprKind::In { item, list, secret: true } => self.contains_secret(item, list, scope),
            ExprKind::And(left, right) => self.both(left, right, scope),
            ExprKind::Or(left, right) => self.either(left, right, scope),
            ExprKind::If { condition, then, otherwise } => self.choice(condition, then, otherwise, scope),
        }
    }

    /// A field of an object, or of `Json`.
    fn field(&self, base: &Expr, name: &str, scope: &Scope) -> Value {
        let value = self.value(base, scope);
        let tight = value.within(Level::Postfix);
        let Held::Struct(node) = value.held else {
            let json = Held::Scalar(Scalar::Json);
            return Value::made(quote! { #tight.field(#name) }, json.optional());
        };
        let field = names::ident(&self.field_name(node, name));
        Value::new(quote! { #tight.#field }, self.held_field(node, name), By::Place)
    }

    fn held_field(&self, node: crate::plan::NodeId, name: &str) -> Held {
        match &self.plan.readings.get(node).take {
            crate::plan::Take::Object { fields, .. } => {
                fields.iter().find(|(field, _)| field == name).map_or(Held::Unit, |(_, node)| self.held(*node))
            }
            _ => Held::Unit,
        }
    }

    /// What is behind an `Option` that a condition or a guard has shown to be there.
    fn known(&self, value: &Value) -> Value {
        let behind = value.held.behind();
        let look = self.look(value);
        let tokens = look.tokens;
        match look.by {
            By::Made if self.is_copy(&behind) => Value::made(quote! { gw::known(#tokens)? }, behind),
            By::OptionStr => Value::new(quote! { gw::known(#tokens)? }, behind, By::Str),
            By::OptionRef => Value::new(quote! { gw::known(#tokens)? }, behind, By::Ref),
            By::Made | By::Place | By::Ref | By::Str => Value::made(quote! { gw::known(#tokens)? }, behind),
        }
    }

    /// A value that a guard has shown never to be asked for.
    fn never(&self, ty: &Ty) -> Value {
        Value::made(quote! { match gw::known(None::<gw::Never>)? {} }, self.held_type(ty))
    }

    /// An interpolated string.
    fn text(&self, parts: &[TextPart], scope: &Scope) -> Value {
        if let [TextPart::Value(only)] = parts {
            let tight = self.value(only, scope).within(Level::Postfix);
            return Value::made(quote! { #tight.to_string() }, Held::Scalar(Scalar::String));
        }
        let (mut format, mut arguments) = (String::new(), Vec::new());
        for part in parts {
            match part {
                TextPart::Literal(text) => format.push_str(&text.replace('{', "{{").replace('}', "}}")),
                TextPart::Value(expr) => {
                    push_argument(&mut format, &mut arguments, self.value(expr, scope).tokens);
                }
            }
        }
        Value::made(quote! { format!(#format #(, #arguments)*) }, Held::Scalar(Scalar::String))
    }

    // ── literals ─────────────────────────────────────────────────────────────────────────────────────────────────

    fn literal_value(&self, literal: &model::Value, ty: &Ty) -> Value {
        let held = self.held_type(ty);
        match (literal, &held) {
            (model::Value::Null, _) => Value::made(quote! { None }, held.optional()),
            (_, Held::Optional(inner)) => {
                let inner = self.constant(literal, inner);
                Value::made(quote! { Some(#inner) }, held.clone())
            }
            (model::Value::String(text), Held::Scalar(Scalar::String)) => Value::new(quote! { #text }, held, By::Str),
            (model::Value::List(values), Held::List(element)) => {
                let values = values.iter().map(|value| self.constant(value, element));
                Value::made(quote! { [#(#values),*] }, held.clone())
            }
            (_, Held::Scalar(scalar)) => {
                let level = if is_negative(literal) { Level::Unary } else { Level::Postfix };
                Value::made(self.literal(literal, *scalar, false), held.clone()).at(level)
            }
            _ => Value::made(self.constant(literal, &held), held),
        }
    }

    /// A literal of a scalar type; a string is `owned` or a `&str`.
    pub(super) fn literal(&self, literal: &model::Value, scalar: Scalar, owned: bool) -> TokenStream {
        match (literal, scalar) {
            (model::Value::Number(digits), Scalar::Int) => number(digits),
            (model::Value::Number(digits), Scalar::Float) => {
                let digits = digits.replace('_', "");
                quote! { gw::Float::literal(#digits) }
            }
            (model::Value::Number(digits), Scalar::Decimal) => {
                let digits = digits.replace('_', "");
                quote! { gw::Decimal::literal(#digits) }
            }
            (model::Value::Bool(truth), _) => quote! { #truth },
            (model::Value::String(text), Scalar::String) if owned && text.is_empty() => quote! { String::new() },
            (model::Value::String(text), Scalar::String) if owned => quote! { #text.to_owned() },
            (model::Value::String(text), Scalar::String) => quote! { #text },
            (model::Value::String(text), Scalar::Time) => quote! { gw::Time::literal(#text) },
            (model::Value::String(text), Scalar::Date) => quote! { gw::Date::literal(#text) },
            (model::Value::String(text), Scalar::Uuid) => quote! { gw::Uuid::literal(#text) },
            (model::Value::String(text), Scalar::Url) => quote! { gw::Url::literal(#text) },
            (model::Value::String(text), Scalar::Path) => quote! { gw::Path::literal(#text) },
            (model::Value::Variant(..), _) => self.variant(literal),
            (other, _) => {
                let text = self.site.json_text(other);
                quote! { gw::Json::literal(#text) }
            }
        }
    }

    /// A variant of an enum.
    pub(super) fn variant(&self, value: &model::Value) -> TokenStream {
        match value {
            model::Value::Variant(id, place) => {
                let path = self.declared(*id);
                let variant = names::ident(&self.context.variant_name(*id, *place));
                quote! { #path::#variant }
            }
            model::Value::Null
            | model::Value::Bool(_)
            | model::Value::Number(_)
            | model::Value::String(_)
            | model::Value::List(_) => quote! { () },
        }
    }

    /// `[a, b]`
    fn list(&self, elements: &[Expr], ty: &Ty, scope: &Scope) -> Value {
        let held = self.held_type(ty);
        let Held::List(element) = &held else { return Value::made(quote! { [] }, held) };
        debug_assert!(!matches!(**element, Held::Unit), "a list of nothing");
        let values = elements.iter().map(|expr| self.owned(&self.value(expr, scope)));
        Value::made(quote! { [#(#values),*] }, held.clone())
    }
}

/// A name that nothing binds would be a fault of the plan; rustc then shows where.
fn unbound() -> Value {
    debug_assert!(false, "the plan uses a value that nothing binds");
    Value::made(quote! { () }, Held::Unit)
}

fn is_negative(literal: &model::Value) -> bool {
    matches!(literal, model::Value::Number(digits) if digits.starts_with('-'))
}

/// Adds a value to a format string: a plain name inside the braces, anything else behind.
fn push_argument(format: &mut String, arguments: &mut Vec<TokenStream>, value: TokenStream) {
    let text = value.to_string();
    let plain = text.trim_start_matches("& ").trim_start_matches('&');
    let is_name = plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if is_name {
        format.extend(["{", plain, "}"]);
    } else {
        format.push_str("{}");
        arguments.push(value);
    }
}

impl super::context::Context<'_> {
    /// The name of a variant in Rust.
    pub(super) fn variant_name(&self, id: model::TypeId, place: usize) -> String {
        self.variant_names(id).into_iter().nth(place).unwrap_or_default()
    }

    /// The names of all variants of an enum in Rust.
    pub(super) fn variant_names(&self, id: model::TypeId) -> Vec<String> {
        let TypeDeclKind::Enum { variants, open } = &self.decl(id).kind else { return Vec::new() };
        let mut namer = names::Namer::reserving(open.then_some("Other"));
        variants.iter().map(|variant| namer.pick(&names::pascal(&variant.name))).collect()
    }
}
