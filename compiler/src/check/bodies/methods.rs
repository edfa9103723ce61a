//! Methods and functions: which kind of value a method is called on, and what there is to call.

use super::names::with_nearest;
use super::{Elaborator, invalid, lists};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Ty;
use crate::source::Span;
use crate::syntax::ast::{self, Arg, ExprKind, Name};
use crate::typed::Expr;

/// Methods that plain values have in the language and this version does not compile.
const LATER_METHODS: &[&str] =
    &["contains", "ends_with", "format", "lower", "replace", "split", "starts_with", "trim", "truncate", "upper"];

/// Functions that the language has and this version does not.
const LATER_FUNCTIONS: &[&str] = &["now"];

/// Whether any kind of value has a method of this name.
pub(super) fn is_known(name: &str) -> bool {
    LATER_METHODS.contains(&name) || lists::names().any(|method| method == name)
}

impl Elaborator<'_> {
    /// `value.method(args)`
    pub(super) fn method(&mut self, base: &ast::Expr, name: &Name, args: &[Arg], span: Span) -> Expr {
        let base = self.expr(base);
        self.method_of(base, name, args, span)
    }

    /// A method by what it is called on: null stays null, and a list is not its elements.
    fn method_of(&mut self, base: Expr, name: &Name, args: &[Arg], span: Span) -> Expr {
        match self.structure(&base.ty) {
            Ty::Optional(_) => self.present(base, span, |this, item| this.method_of(item, name, args, span)),
            Ty::List(..) | Ty::Map(_) | Ty::Keyed { .. } => self.list_method(base, name, args, span),
            _ => self.plain_method(&base, name, args, span),
        }
    }

    /// A method of a plain value: none is built yet.
    fn plain_method(&mut self, base: &Expr, name: &Name, args: &[Arg], span: Span) -> Expr {
        // What a function argument says can't be read before its method is known.
        if !args.iter().any(|arg| matches!(arg.value.kind, ExprKind::Lambda { .. })) {
            self.arguments_alone(args);
        }
        if matches!(base.ty, Ty::Unknown) {
            return invalid(span);
        }
        if !is_known(&name.text) {
            return self.unknown_method(base, name, LATER_METHODS, span);
        }
        let _ = self.not_yet(&format!("the method `{}`", name.text), name.span);
        invalid(span)
    }

    /// `x => …` where no method takes it.
    pub(super) fn function_as_value(&mut self, span: Span) -> Expr {
        let message = "a function is no value";
        self.report(
            Diagnostic::new(Code::GW0360, message, span, "only methods of lists take one")
                .note("it stands in the parentheses of a method: `products.filter(p => p.price < 10)`"),
        );
        invalid(span)
    }

    /// Reports a method that nothing has; `known` are those that this kind of value has.
    pub(super) fn unknown_method(&mut self, base: &Expr, name: &Name, known: &[&str], span: Span) -> Expr {
        let what = self.describe(&base.ty);
        let message = format!("{what} has no method `{}`", name.text);
        let diagnostic = Diagnostic::new(Code::GW0256, message, name.span, "no such method");
        let diagnostic = with_nearest(diagnostic, name, known.iter().copied(), "its methods are");
        self.report(diagnostic);
        invalid(span)
    }

    /// `now()`
    pub(super) fn function(&mut self, name: &Name, args: &[Arg], span: Span) -> Expr {
        self.arguments_alone(args);
        if self.context.names.refused.contains_key(&name.text) {
            return invalid(span);
        }
        if LATER_FUNCTIONS.contains(&name.text.as_str()) {
            return self.not_yet(&format!("`{}()`", name.text), span);
        }
        let mut diagnostic =
            Diagnostic::new(Code::GW0256, format!("there is no function `{}`", name.text), name.span, "not declared");
        let owner = self.context.model.operations.iter().find(|operation| operation.name == name.text);
        if name.text == "env" || name.text == "file" {
            diagnostic = diagnostic.note(format!("`{}` stands in settings and addresses only", name.text));
        } else if let Some(service) = owner.map(|operation| self.service_name(operation.service)) {
            let meant = format!("{service}.{}", name.text);
            diagnostic = diagnostic.fix(format!("did you mean `{meant}`?"), name.span, meant);
        } else {
            diagnostic = diagnostic.note("a call names a service and its operation: `Users.user(id)`");
        }
        self.report(diagnostic);
        invalid(span)
    }
}
