//! `value omit { a, b.c }`: every field but these.

use std::rc::Rc;

use super::{Elaborator, invalid};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{BuiltField, Ty};
use crate::source::Span;
use crate::syntax::ast::Name;
use crate::typed::{Entry, Expr, ExprKind};

impl Elaborator<'_> {
    /// Drops the fields that `paths` name.
    pub(super) fn omit(&mut self, base: Expr, paths: &[Vec<Name>], span: Span) -> Expr {
        let paths: Vec<&[Name]> = paths.iter().map(Vec::as_slice).collect();
        if !self.each_once(&paths) {
            return invalid(span);
        }
        self.without(base, &paths, span)
    }

    /// A path that is dropped twice, or lies in one that is dropped, is a slip.
    fn each_once(&mut self, paths: &[&[Name]]) -> bool {
        for (at, path) in paths.iter().enumerate() {
            let starts_with = |long: &[Name], short: &[Name]| {
                long.len() >= short.len() && long.iter().zip(short).all(|(one, other)| one.text == other.text)
            };
            let earlier = paths.iter().take(at).find(|it| starts_with(path, it) || starts_with(it, path));
            let (Some(earlier), Some(here)) = (earlier.and_then(|it| it.last()), path.last()) else { continue };
            self.report(
                Diagnostic::new(Code::GW0508, format!("`{}` is dropped twice", here.text), here.span, "a second time")
                    .also(earlier.span, "the first is here"),
            );
            return false;
        }
        true
    }

    fn without(&mut self, base: Expr, paths: &[&[Name]], span: Span) -> Expr {
        match self.structure(&base.ty) {
            Ty::Unknown => invalid(span),
            Ty::Optional(_) => self.present(base, span, |this, item| this.without(item, paths, span)),
            Ty::List(..) => self.map(base, span, |this, item| this.without(item, paths, span)),
            Ty::Object(_) | Ty::Built(_) => {
                self.bind(base, span, |this, subject| this.object_without(&subject, paths, span))
            }
            _ => {
                let what = self.describe(&base.ty);
                let message = format!("{what} has no fields to drop");
                self.report(
                    Diagnostic::new(Code::GW0331, message, base.span, format!("this is {what}"))
                        .note("`omit` works where the type names the fields"),
                );
                invalid(span)
            }
        }
    }

    fn object_without(&mut self, subject: &Expr, paths: &[&[Name]], span: Span) -> Expr {
        let keys = self.keys(&subject.ty).unwrap_or_default();
        let mut sound = true;
        for path in paths {
            if let Some(first) = path.first().filter(|first| !keys.iter().any(|known| known.name == first.text)) {
                self.unknown_field(&subject.ty, first);
                sound = false;
            }
        }
        let (mut entries, mut fields) = (Vec::new(), Vec::new());
        for known in keys {
            let here = |path: &&[Name]| path.first().is_some_and(|first| first.text == known.name);
            let deeper: Vec<&[Name]> = paths.iter().copied().filter(here).filter_map(|path| path.get(1..)).collect();
            if deeper.iter().any(|path| path.is_empty()) {
                continue;
            }
            let kind = ExprKind::Field { base: Box::new(subject.clone()), name: known.name };
            let field = Expr { kind, ty: known.ty, span };
            let value = if deeper.is_empty() { field } else { self.without(field, &deeper, span) };
            fields.push(BuiltField { key: known.key.clone(), ty: value.ty.clone() });
            entries.push(Entry { key: known.key, value });
        }
        if !sound {
            return invalid(span);
        }
        Expr { kind: ExprKind::Object(entries), ty: Ty::Built(Rc::new(fields)), span }
    }
}
