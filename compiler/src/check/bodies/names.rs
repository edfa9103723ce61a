//! Names: what a word means where it stands, and which word was surely meant where it means nothing.

use super::{Elaborator, invalid};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Ty, TypeDeclKind, Value};
use crate::resolve::nearest;
use crate::source::Span;
use crate::syntax::ast::Name;
use crate::typed::{Expr, ExprKind};

/// Values that the language has and this version does not.
const LATER_VALUES: &[&str] = &["client"];

impl<'a> Elaborator<'a> {
    /// A name by itself: a parameter, a `let`, or at the start of a bare entry a field of the subject.
    pub(super) fn name(&mut self, name: &Name) -> Expr {
        if self.bare.last() == Some(&name.span) {
            return self.subject_field(name, name.span);
        }
        if let Some(binding) = self.binding(&name.text) {
            binding.used = true;
            return Expr { kind: binding.kind.clone(), ty: binding.ty.clone(), span: name.span };
        }
        if self.context.names.refused.contains_key(&name.text) {
            return invalid(name.span);
        }
        if is_capitalised(&name.text) { self.item_as_value(name) } else { self.unknown_value(name) }
    }

    /// `.x`, or a bare entry `x`: a field of the innermost subject.
    pub(super) fn subject_field(&mut self, name: &Name, span: Span) -> Expr {
        let Some(subject) = self.subjects.last().cloned() else {
            return self.no_subject(name, span);
        };
        if let Some(ty) = self.field_type(&subject.ty, &name.text) {
            let kind = ExprKind::Field { base: Box::new(subject), name: name.text.clone() };
            return Expr { kind, ty, span };
        }
        if matches!(subject.ty, Ty::Unknown) || self.may_have(&subject.ty) {
            return invalid(span);
        }
        let bare = span == name.span;
        if let Some(binding) = self.binding(&name.text) {
            binding.used = true;
            let origin = binding.origin;
            let (mend, title) = if bare {
                (format!("{0}: {0}", name.text), "take the value of the scope outside")
            } else {
                (name.text.clone(), "take the value of the scope outside, without the dot")
            };
            let what = self.describe(&subject.ty);
            self.report(
                Diagnostic::new(
                    Code::GW0252,
                    format!("`{}` is no field of {what}", name.text),
                    span,
                    "inside a selection this means a field of what is selected from",
                )
                .also(origin, format!("`{}` is declared here", name.text))
                .fix(title, span, mend),
            );
            return invalid(span);
        }
        self.unknown_field(&subject.ty, name);
        invalid(span)
    }

    /// `Status.paid`, where the first word is Capitalised and no service.
    pub(super) fn variant(&mut self, owner: &Name, name: &Name, span: Span) -> Expr {
        let names = self.context.names;
        if names.refused.contains_key(&owner.text) {
            return invalid(span);
        }
        let Some(id) = names.types.get(&owner.text).copied() else {
            return self.unknown_item(owner, span);
        };
        let Some(variants) = self.enum_variants(id) else {
            let message = format!("the type `{}` is no value", owner.text);
            let diagnostic = Diagnostic::new(Code::GW0259, message, owner.span, "a type");
            let services =
                names.services.iter().filter(|(_, id)| names.operations.contains_key(&(**id, name.text.clone())));
            let meant = nearest(&owner.text, services.map(|(service, _)| service.as_str()));
            self.report(match meant {
                Some(service) => diagnostic.fix(format!("did you mean the service `{service}`?"), owner.span, service),
                None => {
                    diagnostic.note("only an enum's variants are written behind a type's name, as in `Status.paid`")
                }
            });
            return invalid(span);
        };
        if let Some(at) = variants.iter().position(|variant| variant.name == name.text) {
            return Expr { kind: ExprKind::Literal(Value::Variant(id, at)), ty: Ty::Enum(id), span };
        }
        if names.broken_types.contains(&id) {
            return invalid(span);
        }
        let known = variants.iter().map(|variant| variant.name.as_str());
        let diagnostic = Diagnostic::new(
            Code::GW0255,
            format!("the enum `{}` has no variant `{}`", owner.text, name.text),
            name.span,
            "no such variant",
        );
        let diagnostic = with_nearest(diagnostic, name, known.clone(), "its variants are");
        self.report(diagnostic);
        invalid(span)
    }

    /// The type of a field of an object that is not null, or nothing where it has none of that name.
    pub(super) fn field_type(&self, object: &Ty, name: &str) -> Option<Ty> {
        match self.structure(object) {
            Ty::Object(id) => match &self.context.model.types.get(id.0)?.kind {
                TypeDeclKind::Object { fields, .. } => {
                    fields.iter().find(|field| field.name == name).map(|field| field.ty.clone())
                }
                TypeDeclKind::Alias { .. } | TypeDeclKind::Enum { .. } => None,
            },
            Ty::Built(fields) => fields.iter().find(|field| field.key == name).map(|field| field.ty.clone()),
            Ty::Scalar(crate::model::Scalar::Json) => Some(super::optional(Ty::Scalar(crate::model::Scalar::Json))),
            _ => None,
        }
    }

    /// The names of an object's fields, in order.
    pub(super) fn field_names(&self, object: &Ty) -> Vec<String> {
        match self.structure(object) {
            Ty::Object(id) => match self.context.model.types.get(id.0).map(|decl| &decl.kind) {
                Some(TypeDeclKind::Object { fields, .. }) => fields.iter().map(|field| field.name.clone()).collect(),
                _ => Vec::new(),
            },
            Ty::Built(fields) => fields.iter().map(|field| field.key.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// Reports a field that an object does not have.
    pub(super) fn unknown_field(&mut self, object: &Ty, name: &Name) {
        if self.may_have(object) {
            return;
        }
        let known = self.field_names(object);
        let what = self.describe(object);
        let mut diagnostic =
            Diagnostic::new(Code::GW0251, format!("{what} has no field `{}`", name.text), name.span, "no such field");
        if let Ty::Object(id) = self.structure(object)
            && let Some(decl) = self.context.model.types.get(id.0)
        {
            diagnostic = diagnostic.also(decl.origin, format!("`{}` is declared here", decl.name));
        }
        let diagnostic = with_nearest(diagnostic, name, known.iter().map(String::as_str), "its fields are");
        self.report(diagnostic);
    }

    /// Whether a part of a type could not be read, so that a field that is missing in it may have been written.
    fn may_have(&self, object: &Ty) -> bool {
        matches!(self.structure(object), Ty::Object(id) if self.context.names.broken_types.contains(id))
    }

    /// Reports a Capitalised name that nothing declares.
    pub(super) fn unknown_item(&mut self, name: &Name, span: Span) -> Expr {
        let names = self.context.names;
        if names.incomplete {
            return invalid(span);
        }
        let known: Vec<&'a str> = names.services.keys().chain(self.enum_names()).map(String::as_str).collect();
        let diagnostic = Diagnostic::new(
            Code::GW0254,
            format!("no service, type or enum is named `{}`", name.text),
            name.span,
            "not declared",
        );
        let diagnostic = with_nearest(diagnostic, name, known.iter().copied(), "declared are");
        self.report(diagnostic);
        invalid(span)
    }

    fn enum_names(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        let model = self.context.model;
        let is_enum = move |id: &crate::model::TypeId| {
            model.types.get(id.0).is_some_and(|decl| matches!(decl.kind, TypeDeclKind::Enum { .. }))
        };
        self.context.names.types.iter().filter(move |(_, id)| is_enum(id)).map(|(name, _)| name)
    }

    /// A service, a type or an enum where a value stands.
    fn item_as_value(&mut self, name: &Name) -> Expr {
        let names = self.context.names;
        let (kind, note) = if names.services.contains_key(&name.text) {
            ("service", format!("a call of one of its operations is: `{}.operation(…)`", name.text))
        } else if let Some(id) = names.types.get(&name.text) {
            match self.enum_variants(*id).and_then(<[_]>::first) {
                Some(variant) => ("enum", format!("one of its variants is: `{}.{}`", name.text, variant.name)),
                None => ("type", "a value of it comes from a parameter, a call or `{ … }`".to_owned()),
            }
        } else {
            return self.unknown_item(name, name.span);
        };
        self.report(
            Diagnostic::new(
                Code::GW0259,
                format!("the {kind} `{}` is no value", name.text),
                name.span,
                format!("a {kind}"),
            )
            .note(note),
        );
        invalid(name.span)
    }

    /// Reports a lower-case name that means nothing in the scope outside of selections.
    fn unknown_value(&mut self, name: &Name) -> Expr {
        if let Some(origin) = self.to_come.get(&name.text).copied() {
            self.report(
                Diagnostic::new(
                    Code::GW0258,
                    format!("`{}` is used above its `let`", name.text),
                    name.span,
                    "not known yet",
                )
                .also(origin, "it gets its value here")
                .note("a body is read from top to bottom; move the `let` up"),
            );
            return invalid(name.span);
        }
        if LATER_VALUES.contains(&name.text.as_str()) {
            return self.not_yet(&format!("`{}`", name.text), name.span);
        }
        let subject = self.subjects.last().cloned();
        if let Some(subject) = subject.filter(|subject| self.field_type(&subject.ty, &name.text).is_some()) {
            return self.field_without_dot(&subject, name);
        }
        if self.broken {
            return invalid(name.span);
        }
        let known: Vec<String> = self.bindings.iter().map(|binding| binding.name.clone()).collect();
        let diagnostic = Diagnostic::new(
            Code::GW0250,
            format!("nothing here is named `{}`", name.text),
            name.span,
            "no parameter and no `let`",
        );
        let mut diagnostic = with_nearest(diagnostic, name, known.iter().map(String::as_str), "known here are");
        if let Some(meant) = self.nearest_binding(&name.text).filter(|_| !diagnostic.fixes.is_empty()) {
            meant.used = true;
        }
        diagnostic.notes.truncate(1);
        self.report(diagnostic);
        invalid(name.span)
    }

    fn nearest_binding(&mut self, wrong: &str) -> Option<&mut super::scope::Binding> {
        let known = self.bindings.iter().map(|binding| binding.name.as_str());
        let meant = nearest(wrong, known)?.to_owned();
        self.binding(&meant)
    }

    /// A name that only the subject has: the dot is missing.
    fn field_without_dot(&mut self, subject: &Expr, name: &Name) -> Expr {
        let what = self.describe(&subject.ty);
        self.report(
            Diagnostic::new(
                Code::GW0252,
                format!("`{}` is a field of {what}, and no name of the scope outside", name.text),
                name.span,
                "a field is written with a dot here",
            )
            .also(subject.span, "selected from this")
            .fix(format!("take the field: `.{}`", name.text), name.span, format!(".{}", name.text)),
        );
        invalid(name.span)
    }

    /// `.x` outside of a selection.
    fn no_subject(&mut self, name: &Name, span: Span) -> Expr {
        let mut diagnostic = Diagnostic::new(
            Code::GW0257,
            format!("`.{}` stands outside of a selection", name.text),
            span,
            "a field of what?",
        )
        .note("`.x` is a field of what the braces around it select from, as in `order { total: .total }`");
        if let Some(binding) = self.binding(&name.text) {
            binding.used = true;
            diagnostic = diagnostic.fix(format!("take the value: `{}`", name.text), span, name.text.clone());
        }
        self.report(diagnostic);
        invalid(span)
    }
}

/// Adds the name that was surely meant, or else lists what there is.
pub(super) fn with_nearest<'n>(
    diagnostic: Diagnostic,
    wrong: &Name,
    known: impl Iterator<Item = &'n str> + Clone,
    list: &str,
) -> Diagnostic {
    /// More names than this help nobody.
    const MOST_NAMES: usize = 12;
    if let Some(meant) = nearest(&wrong.text, known.clone()) {
        return diagnostic.fix(format!("did you mean `{meant}`?"), wrong.span, meant);
    }
    let names: Vec<String> = known.clone().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let more = if known.count() > MOST_NAMES { " …" } else { "" };
    if names.is_empty() { diagnostic } else { diagnostic.note(format!("{list} {}{more}", names.join(", "))) }
}

pub(super) fn is_capitalised(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}
