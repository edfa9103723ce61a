//! Objects: entries of `{ … }`, whether it builds or selects, spreads, and lists.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::size::MOST_SPREADS;
use super::{Elaborator, invalid, is_name};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{BuiltField, Scalar, Ty, TypeDeclKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Entry, Expr, ExprKind, LocalId};

/// Which braces the entries stand in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `value { … }`: a bare entry is a field of the subject.
    Selection,
    /// `{ … }`: a bare entry is a name in scope.
    Object,
}

/// An object while its entries are read.
#[derive(Default)]
struct Building {
    entries: Vec<Entry>,
    fields: Vec<BuiltField>,
    /// Where each key comes from.
    origins: BTreeMap<String, Span>,
    /// Values that several entries take from, outermost first.
    binds: Vec<(Expr, LocalId)>,
    /// Whether a spread's keys are not known.
    unknown: bool,
}

/// One key of a value that is spread.
pub(super) struct KnownKey {
    /// The key as JSON has it.
    pub(super) key: String,
    /// The name that `ExprKind::Field` takes.
    pub(super) name: String,
    pub(super) ty: Ty,
}

impl Elaborator<'_> {
    /// The object that entries build. In a selection, the subject is the innermost one.
    pub(super) fn object(&mut self, entries: &[ast::Entry], form: Form, span: Span) -> Expr {
        let mut building = Building::default();
        for entry in entries {
            match &entry.kind {
                ast::EntryKind::Rest => self.rest(&mut building, entries, form, entry.span),
                ast::EntryKind::Spread(value) => {
                    let value = self.expr(value);
                    self.spread(&mut building, value, entry.span);
                }
                ast::EntryKind::Pair { key, value, at_most } => {
                    let mut value = self.expr(value);
                    if let Some(at_most) = at_most {
                        self.at_most(&mut value, at_most, entry.span);
                    }
                    self.entry(&mut building, key.text.clone(), value, key.span);
                }
                ast::EntryKind::Short { key, value } => {
                    let value = self.short(key, value, form);
                    self.entry(&mut building, key.text.clone(), value, key.span);
                }
            }
        }
        self.finish_object(building, span)
    }

    /// `a`, `lines { quantity }`: the value behind a bare entry.
    fn short(&mut self, key: &ast::Name, value: &ast::Expr, form: Form) -> Expr {
        if form == Form::Object {
            return self.expr(value);
        }
        self.bare.push(key.span);
        let value = self.expr(value);
        self.bare.pop();
        value
    }

    fn finish_object(&mut self, building: Building, span: Span) -> Expr {
        let Building { entries, fields, binds, unknown, .. } = building;
        for _ in &binds {
            self.locals.close();
        }
        if unknown {
            return invalid(span);
        }
        let object = Expr { kind: ExprKind::Object(entries), ty: Ty::Built(Rc::new(fields)), span };
        binds.into_iter().rev().fold(object, |body, (value, item)| Expr {
            ty: body.ty.clone(),
            kind: ExprKind::Bind { value: Box::new(value), item, body: Box::new(body) },
            span,
        })
    }

    fn entry(&mut self, building: &mut Building, key: String, value: Expr, origin: Span) {
        if let Some(first) = building.origin(&key) {
            self.report(
                Diagnostic::new(
                    Code::GW0508,
                    format!("the key `{key}` is given twice"),
                    origin,
                    "a second value for one key",
                )
                .also(first, "the first is here")
                .note("the answer never depends on which came first: keep one, or give the other a name of its own"),
            );
            return;
        }
        building.push(key, value, origin);
    }

    // ── spreads ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// `...`: every field of the subject that no entry names.
    fn rest(&mut self, building: &mut Building, entries: &[ast::Entry], form: Form, span: Span) {
        let subject = self.subjects.last().cloned();
        let (Form::Selection, Some(subject)) = (form, subject) else {
            self.report(
                Diagnostic::new(
                    Code::GW0339,
                    "`...` takes the other fields of a subject, and here is none",
                    span,
                    "of what?",
                )
                .note("where an object is built, write whose keys to take: `...value`"),
            );
            building.unknown = true;
            return;
        };
        let Some(keys) = self.known_keys(&subject.ty, span) else {
            building.unknown = true;
            return;
        };
        let named = named_in(entries);
        let left: Vec<KnownKey> =
            keys.into_iter().filter(|it| !named.contains(&it.name) && !named.contains(&it.key)).collect();
        self.spread_keys(building, &subject, left, false, span);
    }

    /// `...value`: each key of it, in its place.
    fn spread(&mut self, building: &mut Building, value: Expr, span: Span) {
        if building.binds.len() >= MOST_SPREADS {
            if !building.unknown {
                let message = format!("one object takes the keys of more than {MOST_SPREADS} values");
                self.report(Diagnostic::new(Code::GW0606, message, span, "one too many"));
            }
            building.unknown = true;
            return;
        }
        let (object, nullable) = match &value.ty {
            Ty::Optional(inner) => ((**inner).clone(), true),
            ty => (ty.clone(), false),
        };
        let Some(keys) = self.known_keys(&object, span) else {
            building.unknown = true;
            return;
        };
        if let Some(entries) = self.inlined(building, &value) {
            let keys = keys.into_iter().map(|known| known.key);
            let values = entries.into_iter().map(|entry| entry.value);
            self.merge(building, keys.zip(values).collect(), span);
            return;
        }
        let subject = self.hoisted(building, value);
        self.spread_keys(building, &subject, keys, nullable, span);
    }

    /// The entries of a value that is an object built on the spot: its keys need no name in between.
    fn inlined(&mut self, building: &mut Building, value: &Expr) -> Option<Vec<Entry>> {
        match &value.kind {
            ExprKind::Object(entries) => Some(entries.clone()),
            ExprKind::Bind { value, item, body } if matches!(innermost(body).kind, ExprKind::Object(_)) => {
                self.locals.reopen(*item);
                building.binds.push(((**value).clone(), *item));
                self.inlined(building, body)
            }
            _ => None,
        }
    }

    /// A name for a value that several entries take from.
    fn hoisted(&mut self, building: &mut Building, value: Expr) -> Expr {
        if is_name(&value) {
            return value;
        }
        let hint = self.hint(&value);
        let item = self.locals.open(&hint);
        let name = super::local(item, value.ty.clone(), value.span);
        building.binds.push((value, item));
        name
    }

    fn spread_keys(
        &mut self,
        building: &mut Building,
        subject: &Expr,
        keys: Vec<KnownKey>,
        nullable: bool,
        span: Span,
    ) {
        let mut values = Vec::new();
        for KnownKey { key, name, ty } in keys {
            let take = |object: Expr| Expr { kind: ExprKind::Field { base: Box::new(object), name }, ty, span };
            let value = if nullable {
                self.present(subject.clone(), span, |_, item| take(item))
            } else {
                take(subject.clone())
            };
            values.push((key, value));
        }
        self.merge(building, values, span);
    }

    /// Adds keys that come together; the ones that are there already are one error.
    fn merge(&mut self, building: &mut Building, values: Vec<(String, Expr)>, span: Span) {
        let mut twice = Vec::new();
        for (key, value) in values {
            match building.origin(&key) {
                Some(first) => twice.push((key, first)),
                None => building.push(key, value, span),
            }
        }
        let Some((_, first)) = twice.first() else { return };
        let first = *first;
        let keys: Vec<String> = twice.into_iter().map(|(key, _)| key).collect();
        let (keys, word) = (keys.join("`, `"), if keys.len() == 1 { "the key" } else { "the keys" });
        let are = if word == "the key" { "is" } else { "are" };
        self.report(
            Diagnostic::new(
                Code::GW0508,
                format!("{word} `{keys}` {are} given twice"),
                span,
                "comes with this spread too",
            )
            .also(first, "given here")
            .note("the answer never depends on which came first: drop one, as in `...value omit { key }`"),
        );
    }

    /// The keys of a value that is spread; reports where they can't be known.
    fn known_keys(&mut self, ty: &Ty, span: Span) -> Option<Vec<KnownKey>> {
        if let Some(keys) = self.keys(ty) {
            return Some(keys);
        }
        let note = match self.structure(ty) {
            Ty::Unknown => return None,
            Ty::Scalar(Scalar::Json) | Ty::Map(_) => {
                "its keys are known only when it comes, so they could clash with the others: give it a key of its own"
            }
            Ty::List(..) => "a list has no keys: give it a key of its own",
            _ => "only an object has keys",
        };
        let what = self.describe(ty);
        self.report(
            Diagnostic::new(Code::GW0339, format!("{what} can't be spread"), span, format!("this is {what}"))
                .note(note),
        );
        None
    }

    /// The keys of an object, in its type's order.
    pub(super) fn keys(&self, ty: &Ty) -> Option<Vec<KnownKey>> {
        match self.structure(ty) {
            Ty::Built(fields) => {
                let keys = fields.iter().map(|field| KnownKey {
                    key: field.key.clone(),
                    name: field.key.clone(),
                    ty: field.ty.clone(),
                });
                Some(keys.collect())
            }
            Ty::Object(id) => match &self.context.model.types.get(id.0)?.kind {
                TypeDeclKind::Object { fields, .. } => {
                    let keys = fields.iter().map(|field| KnownKey {
                        key: field.wire.clone(),
                        name: field.name.clone(),
                        ty: field.ty.clone(),
                    });
                    Some(keys.collect())
                }
                TypeDeclKind::Alias { .. } | TypeDeclKind::Enum { .. } => None,
            },
            _ => None,
        }
    }
}

impl Building {
    fn origin(&self, key: &str) -> Option<Span> {
        self.origins.get(key).copied()
    }

    fn push(&mut self, key: String, value: Expr, origin: Span) {
        self.fields.push(BuiltField { key: key.clone(), ty: value.ty.clone() });
        self.origins.insert(key.clone(), origin);
        self.entries.push(Entry { key, value });
    }
}

/// The body behind any number of `Bind`s.
fn innermost(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Bind { body, .. } => innermost(body),
        _ => expr,
    }
}

/// The words that entries name: their keys, and the fields that their values start with.
fn named_in(entries: &[ast::Entry]) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for entry in entries {
        match &entry.kind {
            ast::EntryKind::Rest | ast::EntryKind::Spread(_) => {}
            ast::EntryKind::Short { key, .. } => {
                named.insert(key.text.clone());
            }
            ast::EntryKind::Pair { key, value, .. } => {
                named.insert(key.text.clone());
                named.extend(field_at_head(value).map(|field| field.text.clone()));
            }
        }
    }
    named
}

/// The field of the subject that a chain of fields, places and selections starts with: the `c` of `.c.d[..3] { e }`.
fn field_at_head(expr: &ast::Expr) -> Option<&ast::Name> {
    match &expr.kind {
        ast::ExprKind::Subject(name) => Some(name),
        ast::ExprKind::Field { base, .. }
        | ast::ExprKind::Index { base, .. }
        | ast::ExprKind::Slice { base, .. }
        | ast::ExprKind::Select { base, .. }
        | ast::ExprKind::Omit { base, .. }
        | ast::ExprKind::Paren(base) => field_at_head(base),
        _ => None,
    }
}
