//! Expressions that are written out as JSON: constant text between them is one piece, each value is written by how it is held.

use proc_macro2::TokenStream;
use quote::quote;

use super::copy::json_string;
use super::endpoint::Endpoint;
use super::held::Held;
use super::layout::{self, byte_string};
use super::names;
use super::uses::mentions;
use super::value::{By, Level, Scope, Value, is_fallible};
use crate::model;
use crate::plan::{Expr, ExprKind, LocalId, NodeId, Part, Rows, Take};

/// What is written, statement by statement.
#[derive(Default)]
pub(super) struct Output {
    statements: TokenStream,
    text: Vec<u8>,
    /// How many statements there are, and whether the last one is an `if`.
    count: usize,
    ends_with_if: bool,
}

impl Output {
    fn text(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    fn statement(&mut self, statement: TokenStream) {
        self.flush();
        self.count += 1;
        self.ends_with_if = false;
        self.statements.extend(statement);
    }

    /// `if test { then } else { otherwise }`
    fn choice(&mut self, test: &TokenStream, then: Self, otherwise: Self) {
        let contrary = if otherwise.is_if() { None } else { layout::contrary(test) };
        let (test, then, otherwise) = match &contrary {
            Some(contrary) => (contrary, otherwise, then),
            None => (test, then, otherwise),
        };
        let (then, otherwise) = (then.finish(), otherwise.finish_else());
        self.statement(quote! { if #test { #then } else #otherwise });
        self.ends_with_if = true;
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = byte_string(&self.text);
            self.statements.extend(quote! { out.raw(#text); });
            self.text.clear();
            self.count += 1;
            self.ends_with_if = false;
        }
    }

    /// Whether it is one `if` and nothing else.
    fn is_if(&self) -> bool {
        self.count == 1 && self.ends_with_if && self.text.is_empty()
    }

    /// What stands behind `else`: another `if`, or a block.
    fn finish_else(mut self) -> TokenStream {
        self.flush();
        let is_if = self.is_if();
        let statements = self.statements;
        if is_if {
            statements
        } else {
            quote! { { #statements } }
        }
    }

    /// The statements; they write to `out`.
    pub(super) fn finish(mut self) -> TokenStream {
        self.flush();
        self.statements
    }
}

impl Endpoint<'_> {
    /// The statements that write an expression to `out`.
    pub(super) fn written(&self, expr: &Expr, scope: &Scope) -> TokenStream {
        self.output(expr, scope).finish()
    }

    fn output(&self, expr: &Expr, scope: &Scope) -> Output {
        let mut out = Output::default();
        self.write(expr, scope, &mut out);
        out
    }

    fn write(&self, expr: &Expr, scope: &Scope, out: &mut Output) {
        match &expr.kind {
            ExprKind::Literal(value) => out.text(self.site.json_text(value).as_bytes()),
            ExprKind::Object(entries) => {
                out.text(b"{");
                for (at, entry) in entries.iter().enumerate() {
                    out.text(if at > 0 { b"," } else { b"" });
                    out.text(json_string(&entry.key).as_bytes());
                    out.text(b":");
                    self.write(&entry.value, scope, out);
                }
                out.text(b"}");
            }
            ExprKind::List(elements) => {
                out.text(b"[");
                for (at, element) in elements.iter().enumerate() {
                    out.text(if at > 0 { b"," } else { b"" });
                    self.write(element, scope, out);
                }
                out.text(b"]");
            }
            ExprKind::Concat(parts) => self.write_parts(parts, scope, out),
            ExprKind::Map { .. } => self.write_map(expr, scope, out),
            ExprKind::Found { rows, then, otherwise } => self.write_found(rows, (then, otherwise), scope, out),
            ExprKind::Gather { item, rows, by, body } => {
                let (before, inner) = self.gathered(*item, rows, by, scope);
                out.statement(before);
                self.write(body, &inner, out);
            }
            ExprKind::Keyed { rows, key, body } => self.write_keyed(rows, (key, body), scope, out),
            ExprKind::IfPresent { value, item, then, otherwise } => {
                self.write_present(value, *item, (then, otherwise), scope, out);
            }
            ExprKind::If { condition, then, otherwise } => {
                let test = self.value(condition, scope);
                out.choice(test.tokens(), self.output(then, scope), self.output(otherwise, scope));
            }
            ExprKind::Known { value, .. } if value.kind == ExprKind::Literal(model::Value::Null) => {
                let never = self.value(expr, scope);
                let never = never.tokens();
                out.statement(quote! { #never });
            }
            ExprKind::Made(_) | ExprKind::Known { .. } | ExprKind::Inner { .. } => {
                self.write_value(&self.kept(expr, scope), out);
            }
            ExprKind::Text(_)
            | ExprKind::Param(_)
            | ExprKind::Step(_)
            | ExprKind::Local(_)
            | ExprKind::Field { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Index { .. }
            | ExprKind::Any { .. }
            | ExprKind::Count(_)
            | ExprKind::Fold { .. }
            | ExprKind::Join { .. }
            | ExprKind::Lookup { .. }
            | ExprKind::Not(_)
            | ExprKind::Negate(_)
            | ExprKind::Apply { .. }
            | ExprKind::Arithmetic { .. }
            | ExprKind::Compare { .. }
            | ExprKind::In { .. }
            | ExprKind::And(..)
            | ExprKind::Or(..) => self.write_value(&self.value(expr, scope), out),
        }
    }

    /// A value as it is kept: one that was shown not to be null stays an `Option`, which writes the same.
    fn kept(&self, expr: &Expr, scope: &Scope) -> Value {
        match &expr.kind {
            ExprKind::Made(step) => scope.step(*step).unwrap_or_else(|| self.value(expr, scope)),
            ExprKind::Known { value, .. } => self.kept(value, scope),
            ExprKind::Inner { results, step, .. } => self.inner(*results, *step, scope),
            _ => self.value(expr, scope),
        }
    }

    fn write_value(&self, value: &Value, out: &mut Output) {
        match &value.held {
            Held::Unit => out.text(b"null"),
            Held::Fragment => {
                let fragment = value.reference();
                out.statement(quote! { out.fragment(#fragment); });
            }
            held if held.is_string() => {
                let text = value.reference();
                out.statement(quote! { out.string(#text); });
            }
            Held::Struct(node) => self.write_members(value, *node, out),
            Held::Optional(inner) if **inner == Held::Fragment => {
                let looked = self.look(value);
                let looked = looked.tokens();
                out.statement(quote! { out.fragment_or_null(#looked); });
            }
            held if is_to_json(held) => {
                let reference = value.reference();
                out.statement(quote! { out.value(#reference); });
            }
            Held::Optional(_) => {
                let looked = self.look(value);
                let inner = Value::new(quote! { value }, looked.held.behind(), By::Ref);
                let mut then = Output::default();
                self.write_value(&inner, &mut then);
                let (looked, then) = (some_of(value, &looked), then.finish());
                out.statement(quote! { if let Some(value) = #looked { #then } else { out.raw(b"null"); } });
            }
            Held::List(element) => {
                let mut each = Output::default();
                self.write_value(&Value::new(quote! { element }, (**element).clone(), By::Ref), &mut each);
                let (list, each) = (value.within(Level::Postfix), each.finish());
                out.statement(quote! { out.list(#list.iter(), |out, element| { #each }); });
            }
            Held::Map(element) => {
                let mut each = Output::default();
                self.write_value(&Value::new(quote! { value }, (**element).clone(), By::Ref), &mut each);
                let (map, each) = (value.within(Level::Postfix), each.finish());
                out.statement(quote! {
                    let mut object = out.object();
                    for (key, value) in #map.iter() {
                        let out = object.name(key);
                        #each
                    }
                    object.end();
                });
            }
            Held::Raw | Held::Scalar(_) | Held::Enum(_) | Held::Results(_) => {
                let reference = value.reference();
                out.statement(quote! { out.value(#reference); });
            }
        }
    }

    /// An object of which some fields are kept.
    fn write_members(&self, value: &Value, id: NodeId, out: &mut Output) {
        let node = self.plan.readings.get(id);
        let Take::Object { fields, whole } = &node.take else { return };
        let tight = value.within(Level::Postfix);
        if *whole {
            out.statement(quote! { out.fragment(&#tight.whole); });
            return;
        }
        let declared = self.fields(&node.ty);
        out.text(b"{");
        for (at, (name, field)) in fields.iter().enumerate() {
            let wire = declared.iter().find(|declared| declared.name == *name).map_or(name, |declared| &declared.wire);
            out.text(if at > 0 { b"," } else { b"" });
            out.text(json_string(wire).as_bytes());
            out.text(b":");
            let member = names::ident(&self.field_name(id, name));
            self.write_value(&Value::new(quote! { #tight.#member }, self.held(*field), By::Place), out);
        }
        out.text(b"}");
    }

    /// A list of which each element is written by `body`.
    fn write_map(&self, expr: &Expr, scope: &Scope, out: &mut Output) {
        let ExprKind::Map { rows, body } = &expr.kind else { return };
        if let [item] = rows.columns.as_slice()
            && body.kind == ExprKind::Local(*item)
            && rows.is_all()
            && scope.gathered(gathered_name(&rows.list)).is_none()
        {
            return self.write(&rows.list, scope, out);
        }
        let going = self.rows(rows, &|local| mentions(body, local), scope);
        let each = self.written(body, &going.scope);
        let (iterator, pattern) = (going.items(), going.pattern(body));
        if !going.before().is_empty() {
            out.statement(going.before().clone());
        }
        out.statement(if is_fallible(&each) {
            quote! { out.try_list(#iterator, |out, #pattern| { #each Ok::<_, gw::Error>(()) })?; }
        } else {
            quote! { out.list(#iterator, |out, #pattern| { #each }); }
        });
    }

    /// `then` with the first row, else `otherwise`.
    fn write_found(&self, rows: &Rows, (then, otherwise): (&Expr, &Expr), scope: &Scope, out: &mut Output) {
        let going = self.rows(rows, &|local| mentions(then, local), scope);
        let (first, pattern) = (going.first(), going.pattern(then));
        if !going.before().is_empty() {
            out.statement(going.before().clone());
        }
        let test = if pattern.to_string() == "_" {
            going.exists()
        } else {
            quote! { let Some(#pattern) = #first }
        };
        out.choice(&test, self.output(then, &going.scope), self.output(otherwise, scope));
    }

    /// Lists behind each other.
    fn write_parts(&self, parts: &[Part], scope: &Scope, out: &mut Output) {
        let mut inner = scope.clone();
        inner.reserve("items");
        let mut statements = TokenStream::new();
        for part in parts {
            let values: Vec<&Expr> = part.values.iter().collect();
            statements.extend(self.part(part, &values, &inner, &|scope| {
                let each: TokenStream = part.values.iter().map(|value| self.written(value, scope)).collect();
                quote! { let out = items.item(); #each }
            }));
        }
        out.statement(quote! { { let mut items = out.items(); #statements items.end(); } });
    }

    /// An object with a key for each row.
    fn write_keyed(&self, rows: &Rows, (key, body): (&Expr, &Expr), scope: &Scope, out: &mut Output) {
        let used = |local| mentions(key, local) || mentions(body, local);
        let going = self.rows(rows, &used, scope);
        let (before, iterator, pattern) = (going.before(), going.looped(), going.pattern_of(&used));
        let key = self.look(&self.value(key, &going.scope));
        let key = match (key.by, key.held.is_string()) {
            (By::Str, _) => key.tokens().clone(),
            (_, true) => key.reference(),
            _ => {
                let tight = key.within(Level::Postfix);
                quote! { &#tight.to_string() }
            }
        };
        let each = self.written(body, &going.scope);
        out.statement(quote! {
            #before
            let mut object = out.object();
            for #pattern in #iterator {
                let out = object.name(#key);
                #each
            }
            object.end();
        });
    }

    /// `then` where a value is there, else `otherwise`.
    fn write_present(
        &self,
        value: &Expr,
        item: LocalId,
        (then, otherwise): (&Expr, &Expr),
        scope: &Scope,
        out: &mut Output,
    ) {
        if is_itself(item, then, otherwise) {
            return self.write_value(&self.value(value, scope), out);
        }
        if let Some(value) = self.present_or_literal(value, item, (then, otherwise), scope) {
            return self.write_value(&value, out);
        }
        let (test, mut inner) = self.present_test(value, item, then, scope);
        let (mut tests, mut then) = (vec![test], then);
        // What is asked next, with the same answer where it is null, is asked in the same breath.
        while let ExprKind::IfPresent { value, item, then: next, otherwise: same } = &then.kind
            && same.kind == otherwise.kind
            && !is_itself(*item, next, same)
        {
            let (test, scope) = self.present_test(value, *item, next, &inner);
            tests.push(test);
            (inner, then) = (scope, next);
        }
        out.choice(&quote! { #(#tests)&&* }, self.output(then, &inner), self.output(otherwise, scope));
    }

    /// `value or 0`, of a value that is copied.
    fn present_or_literal(
        &self,
        value: &Expr,
        item: LocalId,
        (then, otherwise): (&Expr, &Expr),
        scope: &Scope,
    ) -> Option<Value> {
        let ExprKind::Literal(literal) = &otherwise.kind else { return None };
        let value = self.look(&self.value(value, scope));
        let held = value.held.behind();
        if then.kind != ExprKind::Local(item) || value.by != By::Made || !self.is_copy(&held) {
            return None;
        }
        let (tight, literal) = (value.within(Level::Postfix), self.constant(literal, &held));
        Some(Value::made(quote! { #tight.unwrap_or(#literal) }, held))
    }

    /// `let Some(order) = &order`, and the scope in which it holds.
    fn present_test(&self, value: &Expr, item: LocalId, then: &Expr, scope: &Scope) -> (TokenStream, Scope) {
        let shadowed = self.shadowed(value, item, &[then], scope);
        let value = self.value(value, scope);
        let looked = self.look(&value);
        let (inner, name) = self.bind_present(&looked, item, shadowed, scope);
        if mentions(then, item) {
            let looked = some_of(&value, &looked);
            (quote! { let Some(#name) = #looked }, inner)
        } else {
            let tight = value.within(Level::Postfix);
            (quote! { #tight.is_some() }, inner)
        }
    }

    /// The finished JSON that an object keeps beside its fields.
    fn whole_of(&self, value: &Value) -> Option<TokenStream> {
        let Held::Struct(node) = value.held else { return None };
        let Take::Object { whole: true, .. } = self.plan.readings.get(node).take else { return None };
        let tight = value.within(Level::Postfix);
        Some(quote! { #tight.whole.clone() })
    }

    /// A body for an upstream: finished JSON.
    pub(super) fn finished_json(&self, expr: &Expr, scope: &Scope) -> TokenStream {
        let place = match &expr.kind {
            ExprKind::Object(_)
            | ExprKind::Map { .. }
            | ExprKind::Found { .. }
            | ExprKind::Gather { .. }
            | ExprKind::Keyed { .. }
            | ExprKind::List(_)
            | ExprKind::Concat(_)
            | ExprKind::Literal(_)
            | ExprKind::IfPresent { .. }
            | ExprKind::If { .. } => None,
            _ => Some(self.value(expr, scope)),
        };
        let place_whole = place.as_ref().and_then(|value| self.whole_of(value));
        if let Some(value) = place
            && value.held == Held::Fragment
        {
            let is_last = match &expr.kind {
                ExprKind::Param(param) => self.uses.of_param(*param) == 1,
                _ => false,
            };
            return if is_last && value.by == By::Place { value.tokens().clone() } else { self.owned(&value) };
        }
        if let Some(whole) = place_whole {
            return whole;
        }
        let written = self.written(expr, scope);
        quote! { { let mut out = gw::Writer::new(); #written out.finish() } }
    }
}

/// An `Option` to match on with `Some(…)`: of a place a reference to it.
pub(super) fn some_of(value: &Value, looked: &Value) -> TokenStream {
    match (value.by, looked.by) {
        (By::Place, By::OptionRef | By::OptionStr) => {
            let unary = value.within(Level::Unary);
            quote! { &#unary }
        }
        (By::Ref, By::OptionRef | By::OptionStr) => value.tokens().clone(),
        _ => looked.tokens().clone(),
    }
}

/// The name under which rows would have been gathered.
fn gathered_name(list: &Expr) -> LocalId {
    match list.kind {
        ExprKind::Local(local) => local,
        _ => LocalId(usize::MAX),
    }
}

/// Whether the runtime writes such a value by itself.
fn is_to_json(held: &Held) -> bool {
    match held {
        Held::Raw | Held::Fragment | Held::Scalar(_) | Held::Enum(_) => true,
        Held::List(inner) | Held::Map(inner) | Held::Optional(inner) => is_to_json(inner),
        Held::Unit | Held::Struct(_) | Held::Results(_) => false,
    }
}

/// Whether an `IfPresent` is its value as it is.
fn is_itself(item: LocalId, then: &Expr, otherwise: &Expr) -> bool {
    then.kind == ExprKind::Local(item) && otherwise.kind == ExprKind::Literal(model::Value::Null)
}
