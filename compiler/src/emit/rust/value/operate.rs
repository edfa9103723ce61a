//! Operators: arithmetic, comparison, `in`, boolean ones, slices and indexes.

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{By, Level, Scope, Value};
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::held::Held;
use crate::emit::rust::scalar::number;
use crate::model::{self, Scalar};
use crate::plan::{Arithmetic, Comparison, Expr, ExprKind, TextPart};

impl Endpoint<'_> {
    /// `a + b`
    pub(super) fn arithmetic(
        &self,
        operator: Arithmetic,
        (left, right): (&Expr, &Expr),
        place: &str,
        held: Held,
        scope: &Scope,
    ) -> Value {
        if held.is_string() {
            let mut parts = Vec::new();
            for side in [left, right] {
                text_parts(side, &mut parts);
            }
            return self.text(&parts, scope);
        }
        let function = match operator {
            Arithmetic::Add => quote! { add },
            Arithmetic::Subtract => quote! { sub },
            Arithmetic::Multiply => quote! { mul },
            Arithmetic::Divide => quote! { div },
            Arithmetic::Remainder => quote! { rem },
        };
        let (left, right) = (self.number(left, scope), self.number(right, scope));
        Value::made(quote! { gw::math::#function(#left, #right, #place)? }, held)
    }

    /// A reference to a number; a literal says that it is an `i64`.
    fn number(&self, expr: &Expr, scope: &Scope) -> TokenStream {
        if let (ExprKind::Literal(model::Value::Number(digits)), Held::Scalar(Scalar::Int)) =
            (&expr.kind, self.held_type(&expr.ty))
        {
            let literal = number(digits).to_string().replace(' ', "");
            let literal: TokenStream = format!("{literal}_i64").parse().unwrap_or_default();
            return quote! { &#literal };
        }
        self.value(expr, scope).reference()
    }

    /// `-a`
    pub(super) fn minus(&self, operand: &Expr, scope: &Scope) -> Value {
        let held = self.held_type(&operand.ty);
        if let ExprKind::Literal(model::Value::Number(digits)) = &operand.kind {
            let negative = digits.strip_prefix('-').map_or_else(|| format!("-{digits}"), str::to_owned);
            return self.literal_value(&model::Value::Number(negative), &operand.ty);
        }
        let (value, place) = (self.number(operand, scope), self.context.line(self.plan.head.origin));
        Value::made(quote! { gw::math::neg(#value, #place)? }, held)
    }

    /// `a < b`
    pub(super) fn compare(&self, operator: Comparison, left: &Expr, right: &Expr, scope: &Scope) -> Value {
        let held = Held::Scalar(Scalar::Bool);
        if matches!(operator, Comparison::SecretEqual | Comparison::SecretNotEqual) {
            return self.compare_secret(operator, left, right, scope);
        }
        if right.kind == ExprKind::Literal(model::Value::Null) {
            if let Some(value) = self.has_first(left, operator == Comparison::NotEqual, scope) {
                return value;
            }
            let value = self.value(left, scope).within(Level::Postfix);
            let method = if operator == Comparison::NotEqual {
                quote! { is_some }
            } else {
                quote! { is_none }
            };
            return Value::made(quote! { #value.#method() }, held);
        }
        if let ExprKind::Literal(model::Value::Bool(truth)) = right.kind {
            let same = (operator == Comparison::Equal) == truth;
            return if same { self.value(left, scope) } else { self.negated(left, scope) };
        }
        let (left_value, right_value) = (self.value(left, scope), self.value(right, scope));
        if matches!(&right.kind, ExprKind::Literal(model::Value::String(text)) if text.is_empty())
            && left_value.held.is_string()
            && matches!(operator, Comparison::Equal | Comparison::NotEqual)
        {
            return is_empty(&left_value, operator == Comparison::NotEqual);
        }
        if left_value.held != right_value.held {
            let (left, right) = (self.number(left, scope), self.number(right, scope));
            let method = format_ident!("{}", ordering_method(operator));
            return Value::made(quote! { gw::math::compare(#left, #right).#method() }, held);
        }
        let is_order = !matches!(operator, Comparison::Equal | Comparison::NotEqual);
        let side = |value: &Value| {
            let value = if is_order && value.held.is_string() { self.look(value) } else { value.operand() };
            value.within(Level::Unary)
        };
        let (left, right, sign) = (side(&left_value), side(&right_value), sign(operator));
        Value::made(quote! { #left #sign #right }, held).at(Level::Compare)
    }

    /// `a == b` of texts of which one is secret.
    fn compare_secret(&self, operator: Comparison, left: &Expr, right: &Expr, scope: &Scope) -> Value {
        let held = Held::Scalar(Scalar::Bool);
        let (left, right) = (self.value(left, scope).reference(), self.value(right, scope).reference());
        if operator == Comparison::SecretEqual {
            return Value::made(quote! { gw::secret::same(#left, #right) }, held);
        }
        Value::made(quote! { !gw::secret::same(#left, #right) }, held).at(Level::Unary)
    }

    /// `a in list` of texts of which one is secret.
    pub(super) fn contains_secret(&self, item: &Expr, list: &Expr, scope: &Scope) -> Value {
        let (item, list) = (self.value(item, scope).reference(), self.value(list, scope).reference());
        Value::made(quote! { gw::secret::among(#item, #list) }, Held::Scalar(Scalar::Bool))
    }

    /// `list[0] != null`: whether a list has elements.
    fn has_first(&self, expr: &Expr, negated: bool, scope: &Scope) -> Option<Value> {
        let ExprKind::Index { base, index } = &expr.kind else { return None };
        let is_first = matches!(&index.kind, ExprKind::Literal(model::Value::Number(digits)) if digits == "0");
        let list = self.value(base, scope);
        let Held::List(element) = &list.held else { return None };
        if !is_first || matches!(**element, Held::Optional(_)) {
            return None;
        }
        Some(is_empty(&list, negated))
    }

    /// `a in list`
    pub(super) fn contains(&self, item: &Expr, list: &Expr, scope: &Scope) -> Value {
        let held = Held::Scalar(Scalar::Bool);
        let value = self.value(item, scope);
        if let Some(patterns) = self.patterns(list, &value.held) {
            let value = if value.held.is_string() { self.look(&value) } else { value.operand() };
            let value = value.within(Level::Unary);
            return Value::made(quote! { matches!(#value, #(#patterns)|*) }, held);
        }
        let list = self.value(list, scope);
        if value.held.is_string() {
            let text = self.look(&value);
            let text = if text.by == By::Made { text.reference() } else { text.tokens().clone() };
            if has_arguments(&text) {
                let list = list.reference();
                return Value::made(quote! { gw::has_text(#list, #text) }, held);
            }
            let list = list.within(Level::Postfix);
            return Value::made(quote! { #list.iter().any(|entry| entry == #text) }, held);
        }
        let list = list.within(Level::Postfix);
        let value = value.reference();
        Value::made(quote! { #list.contains(#value) }, held)
    }

    /// The elements of a constant list as patterns, where Rust can match on them.
    fn patterns(&self, list: &Expr, held: &Held) -> Option<Vec<TokenStream>> {
        let values: Vec<&model::Value> = match &list.kind {
            ExprKind::Literal(model::Value::List(values)) => values.iter().collect(),
            ExprKind::List(elements) => elements.iter().map(literal).collect::<Option<_>>()?,
            _ => return None,
        };
        if values.is_empty() {
            return None;
        }
        match held {
            Held::Enum(_) => Some(values.into_iter().map(|value| self.variant(value)).collect()),
            Held::Scalar(scalar @ (Scalar::Int | Scalar::String)) => {
                Some(values.into_iter().map(|value| self.literal(value, *scalar, false)).collect())
            }
            _ => None,
        }
    }

    /// `a && b`
    pub(super) fn both(&self, left: &Expr, right: &Expr, scope: &Scope) -> Value {
        let (left, right) = (self.value(left, scope).within(Level::And), self.value(right, scope).within(Level::And));
        Value::made(quote! { #left && #right }, Held::Scalar(Scalar::Bool)).at(Level::And)
    }

    /// `a || b`
    pub(super) fn either(&self, left: &Expr, right: &Expr, scope: &Scope) -> Value {
        let (left, right) = (self.value(left, scope).within(Level::Or), self.value(right, scope).within(Level::Or));
        Value::made(quote! { #left || #right }, Held::Scalar(Scalar::Bool)).at(Level::Or)
    }

    /// The contrary of a condition, as a person would write it.
    pub(in super::super) fn negated(&self, condition: &Expr, scope: &Scope) -> Value {
        let held = Held::Scalar(Scalar::Bool);
        if let Some(contrary) = contrary(condition) {
            self.value(&contrary, scope)
        } else {
            let value = self.value(condition, scope).within(Level::Unary);
            Value::made(quote! { !#value }, held).at(Level::Unary)
        }
    }

    /// `list[from..to]`
    pub(super) fn slice(&self, list: &Expr, from: Option<&Expr>, to: Option<&Expr>, scope: &Scope) -> Value {
        let list = self.value(list, scope);
        let bound = |bound: &Expr| self.look(&self.value(bound, scope)).tokens().clone();
        let from = from.map_or_else(|| quote! { 0 }, bound);
        let to = to.map(bound).map_or_else(|| quote! { None }, |to| quote! { Some(#to) });
        let reference = list.reference();
        Value::new(quote! { gw::slice(#reference, #from, #to) }, list.held, By::Ref)
    }

    /// `list[i]` and `map[key]`
    pub(super) fn index(&self, base: &Expr, index: &Expr, scope: &Scope) -> Value {
        let base = self.value(base, scope);
        let tight = base.within(Level::Postfix);
        let (found, element) = match &base.held {
            Held::Map(element) => {
                let key = self.value(index, scope);
                let key = self.look(&key);
                let key = if key.by == By::Made { key.reference() } else { key.tokens().clone() };
                (quote! { #tight.get(#key) }, element)
            }
            Held::List(element) => (self.element(&base, index, scope), element),
            _ => return Value::made(quote! { None }, base.held.optional()),
        };
        match &**element {
            Held::Optional(_) => {
                Value::new(quote! { #found.and_then(Option::as_ref) }, (**element).clone(), By::OptionRef)
            }
            held => Value::new(found, held.clone().optional(), By::OptionRef),
        }
    }

    fn element(&self, list: &Value, index: &Expr, scope: &Scope) -> TokenStream {
        let tight = list.within(Level::Postfix);
        match &index.kind {
            ExprKind::Literal(model::Value::Number(digits)) if digits == "0" => quote! { #tight.first() },
            ExprKind::Literal(model::Value::Number(digits)) if !digits.starts_with('-') => {
                let place = number(digits);
                quote! { #tight.get(#place) }
            }
            _ => {
                let (list, index) = (list.reference(), self.look(&self.value(index, scope)).tokens().clone());
                quote! { gw::element(#list, #index) }
            }
        }
    }
}

/// Whether a string or a list is empty, or with `negated` whether it is not.
fn is_empty(value: &Value, negated: bool) -> Value {
    let (tight, held) = (value.within(Level::Postfix), Held::Scalar(Scalar::Bool));
    if negated {
        Value::made(quote! { !#tight.is_empty() }, held).at(Level::Unary)
    } else {
        Value::made(quote! { #tight.is_empty() }, held)
    }
}

/// Whether tokens compute something: a function is called in them with arguments.
fn has_arguments(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| matches!(token, TokenTree::Group(group) if !group.stream().is_empty()))
}

/// What strings that are put together consist of.
fn text_parts(expr: &Expr, parts: &mut Vec<TextPart>) {
    match &expr.kind {
        ExprKind::Literal(model::Value::String(text)) => parts.push(TextPart::Literal(text.clone())),
        ExprKind::Text(inner) => parts.extend(inner.iter().cloned()),
        ExprKind::Arithmetic { operator: Arithmetic::Add, left, right, .. } => {
            text_parts(left, parts);
            text_parts(right, parts);
        }
        _ => parts.push(TextPart::Value(expr.clone())),
    }
}

fn literal(expr: &Expr) -> Option<&model::Value> {
    match &expr.kind {
        ExprKind::Literal(value) => Some(value),
        _ => None,
    }
}

/// The contrary of a condition, where it can be said without `!` before it.
fn contrary(condition: &Expr) -> Option<Expr> {
    let not = |expr: &Expr| {
        let kind = ExprKind::Not(Box::new(expr.clone()));
        Box::new(contrary(expr).unwrap_or_else(|| Expr { kind, ..condition.clone() }))
    };
    let kind = match &condition.kind {
        ExprKind::Not(operand) => return Some((**operand).clone()),
        ExprKind::Literal(model::Value::Bool(truth)) => ExprKind::Literal(model::Value::Bool(!truth)),
        ExprKind::Compare { operator, left, right } => {
            ExprKind::Compare { operator: opposite(*operator), left: left.clone(), right: right.clone() }
        }
        ExprKind::And(left, right) => ExprKind::Or(not(left), not(right)),
        ExprKind::Or(left, right) => ExprKind::And(not(left), not(right)),
        ExprKind::IfPresent { value, item, then, otherwise } => {
            ExprKind::IfPresent { value: value.clone(), item: *item, then: not(then), otherwise: not(otherwise) }
        }
        ExprKind::If { condition, then, otherwise } => {
            ExprKind::If { condition: condition.clone(), then: not(then), otherwise: not(otherwise) }
        }
        _ => return None,
    };
    Some(Expr { kind, ..condition.clone() })
}

fn opposite(operator: Comparison) -> Comparison {
    match operator {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::SecretEqual => Comparison::SecretNotEqual,
        Comparison::SecretNotEqual => Comparison::SecretEqual,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

fn sign(operator: Comparison) -> TokenStream {
    match operator {
        Comparison::Equal | Comparison::SecretEqual => quote! { == },
        Comparison::NotEqual | Comparison::SecretNotEqual => quote! { != },
        Comparison::Less => quote! { < },
        Comparison::LessOrEqual => quote! { <= },
        Comparison::Greater => quote! { > },
        Comparison::GreaterOrEqual => quote! { >= },
    }
}

fn ordering_method(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Equal | Comparison::SecretEqual => "is_eq",
        Comparison::NotEqual | Comparison::SecretNotEqual => "is_ne",
        Comparison::Less => "is_lt",
        Comparison::LessOrEqual => "is_le",
        Comparison::Greater => "is_gt",
        Comparison::GreaterOrEqual => "is_ge",
    }
}
