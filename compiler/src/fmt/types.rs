//! Types, fields, parameters and literals.

use super::doc::Doc;
use super::lists::{BRACES, BRACKETS, PARENS};
use super::{Layout, concat};
use crate::syntax::ast::{
    Constraint, Field, Literal, LiteralKind, Param, Range, SourceCall, TypeBody, TypeExpr, TypeKind, Variant,
};

impl Layout<'_> {
    /// `= Int(1..)` or `{ fields, .. }`
    pub(super) fn type_body(&mut self, body: &TypeBody, end: u32) -> Doc {
        match body {
            TypeBody::Alias(ty) => concat([Doc::text("= "), self.ty(ty)]),
            TypeBody::Object { fields, open } => {
                let entries: Vec<_> = fields.iter().map(Some).chain(open.then_some(None)).collect();
                self.open_list(&entries, end, |layout, field| {
                    layout.entry(&field.docs, field.span, |layout| layout.field(field))
                })
            }
        }
    }

    /// Variants of an enum.
    pub(super) fn variants(&mut self, variants: &[Variant], open: bool, end: u32) -> Doc {
        let entries: Vec<_> = variants.iter().map(Some).chain(open.then_some(None)).collect();
        self.open_list(&entries, end, |layout, variant| {
            let span = variant.wire.as_ref().map_or(variant.name.span, |wire| wire.span.to(variant.name.span));
            layout.entry(&variant.docs, span, |layout| {
                let wire = layout.wire(variant.wire.as_ref());
                concat([wire, Doc::text(&variant.name.text)])
            })
        })
    }

    fn field(&mut self, field: &Field) -> Doc {
        let mut parts =
            vec![self.wire(field.wire.as_ref()), Doc::text(format!("{}: ", field.name.text)), self.ty(&field.ty)];
        if let Some(marking) = &field.marking {
            parts.push(Doc::text(format!(" {}", marking.text)));
        }
        if let Some(default) = &field.default {
            parts.extend([Doc::text(" = "), self.literal(default)]);
        }
        if let Some(fallback) = &field.fallback {
            parts.extend([Doc::text(" else "), self.literal(fallback)]);
        }
        Doc::Concat(parts)
    }

    fn wire(&self, wire: Option<&crate::syntax::ast::Text>) -> Doc {
        wire.map_or_else(Doc::nothing, |wire| concat([self.token(wire.span), Doc::text(" ")]))
    }

    /// A type.
    pub(super) fn ty(&mut self, ty: &TypeExpr) -> Doc {
        let mut parts = match &ty.kind {
            TypeKind::Name(name) => vec![Doc::text(&name.text)],
            TypeKind::List(element) => vec![Doc::text("["), self.ty(element), Doc::text("]")],
            TypeKind::Map(key, value) => {
                vec![Doc::text("{"), self.ty(key), Doc::text(": "), self.ty(value), Doc::text("}")]
            }
        };
        if let Some(constraint) = &ty.constraint {
            parts.push(self.constraint(constraint));
        }
        if ty.optional.is_some() {
            parts.push(Doc::text("?"));
        }
        Doc::Concat(parts)
    }

    fn constraint(&self, constraint: &Constraint) -> Doc {
        let mut parts = vec![Doc::text("(")];
        if let Some(range) = &constraint.range {
            parts.push(Doc::text(range_text(range)));
        }
        if let Some(pattern) = &constraint.pattern {
            let separator = if constraint.range.is_some() { ", " } else { "" };
            parts.extend([Doc::text(format!("{separator}matches ")), self.token(pattern.span)]);
        }
        parts.push(Doc::text(")"));
        Doc::Concat(parts)
    }

    /// `(a: A, header "X-B" b: B = 1)`
    pub(super) fn params(&mut self, params: &[Param]) -> Doc {
        let end = params.last().map_or(0, |param| param.span.end + 1);
        self.list(PARENS, params, end, |layout, param| layout.entry(&[], param.span, |layout| layout.param(param)))
    }

    fn param(&mut self, param: &Param) -> Doc {
        let mut parts = Vec::new();
        if let Some((place, wire)) = &param.place {
            parts.extend([Doc::text(format!("{} ", place.text)), self.token(wire.span), Doc::text(" ")]);
        }
        parts.extend([Doc::text(format!("{}: ", param.name.text)), self.ty(&param.ty)]);
        if let Some(marking) = &param.marking {
            parts.push(Doc::text(format!(" {}", marking.text)));
        }
        if let Some(default) = &param.default {
            parts.extend([Doc::text(" = "), self.literal(default)]);
        }
        Doc::Concat(parts)
    }

    /// `env("X", default)`
    pub(super) fn source_call(&mut self, call: &SourceCall) -> Doc {
        let mut parts = vec![Doc::text(format!("{}(", call.function.text))];
        if let Some(argument) = &call.argument {
            parts.push(self.token(argument.span));
        }
        if let Some(default) = &call.default {
            parts.extend([Doc::text(", "), self.literal(default)]);
        }
        parts.push(Doc::text(")"));
        Doc::Concat(parts)
    }

    /// A literal, in its own digits and quotes.
    pub(super) fn literal(&mut self, literal: &Literal) -> Doc {
        match &literal.kind {
            LiteralKind::List(elements) => self.list(BRACKETS, elements, literal.span.end, |layout, element| {
                layout.entry(&[], element.span, |layout| layout.literal(element))
            }),
            LiteralKind::Path(names) => {
                Doc::text(names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("."))
            }
            LiteralKind::Number(_) => match self.slice(literal.span).strip_prefix('-') {
                Some(digits) => Doc::text(format!("-{}", last_word(digits))),
                None => self.token(literal.span),
            },
            _ => self.token(literal.span),
        }
    }

    /// A list in braces that may end in `..`, which is a missing entry here.
    fn open_list<T>(
        &mut self,
        entries: &[Option<&T>],
        end: u32,
        mut build: impl FnMut(&mut Self, &T) -> super::lists::Entry,
    ) -> Doc {
        self.list(BRACES, entries, end, |layout, entry| match entry {
            Some(entry) => build(layout, entry),
            None => super::lists::Entry::open_end(),
        })
    }
}

/// A blank or a comment may stand between a sign and its digits.
fn last_word(digits: &str) -> &str {
    digits.split_whitespace().last().unwrap_or_default()
}

fn range_text(range: &Range) -> String {
    let bound = |bound: &Option<crate::syntax::ast::Spanned<String>>| {
        bound.as_ref().map_or("", |b| b.value.as_str()).to_owned()
    };
    let dots = if range.inclusive { "..=" } else { ".." };
    format!("{}{dots}{}", bound(&range.from), bound(&range.to))
}
