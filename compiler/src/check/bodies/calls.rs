//! Calls of operations: which one, with which arguments, and what `?` makes of it.

use super::arguments::Callee;
use super::fit::Place;
use super::literals::known;
use super::names::{is_capitalised, with_nearest};
use super::{Elaborator, invalid, optional};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Operation, OperationId, Param, ParamPlace, ServiceId, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Arg, Name};
use crate::typed::{Call, Expr, ExprKind};

impl<'a> Elaborator<'a> {
    /// `call?`
    pub(super) fn optional(&mut self, base: &ast::Expr, mark: Span, span: Span) -> Expr {
        if let ast::ExprKind::Apply { callee, args } = &base.kind {
            return self.apply(callee, args, Some(mark), span);
        }
        let value = self.expr(base);
        if matches!(value.ty, Ty::Unknown) {
            return value;
        }
        let mut diagnostic =
            Diagnostic::new(Code::GW0503, "`?` stands behind something that is no call", mark, "what could fail here?")
                .note("`?` makes a call that fails null, and stands right behind its `)`, before a selection");
        if let Some(call) = call_below(base) {
            diagnostic.fixes.push(crate::diagnostic::Fix {
                title: "put it behind the call".to_owned(),
                edits: vec![(call.at_end(), "?".to_owned()), (mark, String::new())],
                applicable: true,
            });
        }
        self.report(diagnostic);
        invalid(span)
    }

    /// `Users.user(id)`, `lines.count()`, `now()`
    pub(super) fn apply(&mut self, callee: &ast::Expr, args: &[Arg], mark: Option<Span>, span: Span) -> Expr {
        match &callee.kind {
            ast::ExprKind::Field { base, name } => match &base.kind {
                ast::ExprKind::Name(owner) if is_capitalised(&owner.text) && !self.is_bound(&owner.text) => {
                    self.operation(owner, name, args, mark, span)
                }
                _ => self.method(base, name, args, span),
            },
            ast::ExprKind::Name(name) if self.bare.last() != Some(&name.span) => self.function(name, args, span),
            _ => {
                let value = self.expr(callee);
                self.arguments_alone(args);
                if !matches!(value.ty, Ty::Unknown) {
                    let what = self.describe(&value.ty);
                    let message = format!("{what} can't be called");
                    self.report(
                        Diagnostic::new(Code::GW0256, message, callee.span, "no operation")
                            .note("a call names a service and its operation: `Users.user(id)`"),
                    );
                }
                invalid(span)
            }
        }
    }

    /// Arguments of what can't be called: their own faults are worth a report.
    pub(super) fn arguments_alone(&mut self, args: &[Arg]) {
        for arg in args {
            let _ = self.expr(&arg.value);
        }
    }

    // ── operations ───────────────────────────────────────────────────────────────────────────────────────────────

    fn operation(&mut self, owner: &Name, name: &Name, args: &[Arg], mark: Option<Span>, span: Span) -> Expr {
        let Some((id, operation)) = self.find_operation(owner, name) else {
            self.arguments_alone(args);
            return invalid(span);
        };
        let title = format!("{}.{}", owner.text, name.text);
        let close = span_of_arguments(name, mark, span);
        let Some(args) = self.operation_arguments(operation, &title, args, close) else { return invalid(span) };
        if let (Some(mark), Some(status)) = (mark, operation.relay.first()) {
            self.report(
                Diagnostic::new(
                    Code::GW0504,
                    format!("`{title}` relays {status}, in spite of the `?`"),
                    mark,
                    "a relayed status still answers the whole request",
                )
                .also(operation.origin, "relays statuses of its upstream"),
            );
        }
        let Some(returns) = &operation.returns else {
            return self.call_for_effect(id, args, mark.is_some(), &title, span);
        };
        let nullable = mark.is_some() || !operation.absent.is_empty();
        let ty = if nullable { optional(returns.clone()) } else { returns.clone() };
        Expr { kind: ExprKind::Call(Call { operation: id, args, optional: mark.is_some() }), ty, span }
    }

    /// A call of an operation that answers nothing: only `let _ = …` may make it.
    fn call_for_effect(&mut self, id: OperationId, args: Vec<Expr>, optional: bool, title: &str, span: Span) -> Expr {
        if self.effect != Some(span) {
            let declared = self.context.model.operations.get(id.0).map(|operation| operation.origin);
            let mut diagnostic =
                Diagnostic::new(Code::GW0506, format!("`{title}` gives no value"), span, "a value is needed here")
                    .note("an operation without `->` is called for its effect: `let _ = …`");
            if let Some(origin) = declared {
                diagnostic = diagnostic.also(origin, "has no `->`");
            }
            self.report(diagnostic);
            return invalid(span);
        }
        Expr { kind: ExprKind::Call(Call { operation: id, args, optional }), ty: Ty::Null, span }
    }

    fn find_operation(&mut self, owner: &Name, name: &Name) -> Option<(OperationId, &'a Operation)> {
        let context = self.context;
        let names = context.names;
        let Some(service) = names.services.get(&owner.text).copied() else {
            if names.refused.contains_key(&owner.text) {
                return None;
            }
            if names.types.contains_key(&owner.text) {
                let _ = self.variant(owner, name, owner.span.to(name.span));
                return None;
            }
            self.unknown_service(owner);
            return None;
        };
        let found = names.operations.get(&(service, name.text.clone())).copied();
        if let Some(found) = found.and_then(|id| Some((id, context.model.operations.get(id.0)?))) {
            return Some(found);
        }
        let key = format!("{}.{}", owner.text, name.text);
        if !names.refused.contains_key(&key) {
            self.unknown_operation(service, owner, name);
        }
        None
    }

    fn unknown_service(&mut self, owner: &Name) {
        let names = self.context.names;
        if names.incomplete {
            return;
        }
        let message = format!("no service is named `{}`", owner.text);
        let diagnostic = Diagnostic::new(Code::GW0254, message, owner.span, "not declared");
        let known = names.services.keys().map(String::as_str);
        let diagnostic = with_nearest(diagnostic, owner, known, "services are");
        self.report(diagnostic);
    }

    fn unknown_operation(&mut self, service: ServiceId, owner: &Name, name: &Name) {
        let names = self.context.names;
        let known: Vec<&'a str> =
            names.operations.keys().filter(|(of, _)| *of == service).map(|(_, name)| name.as_str()).collect();
        let message = format!("the service `{}` has no operation `{}`", owner.text, name.text);
        let mut diagnostic = Diagnostic::new(Code::GW0254, message, name.span, "no such operation");
        if let Some(declared) = self.context.model.services.get(service.0) {
            diagnostic = diagnostic.also(declared.origin, format!("`{}` is declared here", declared.name));
        }
        let diagnostic = with_nearest(diagnostic, name, known.iter().copied(), "its operations are");
        self.report(diagnostic);
    }

    /// `Users.user` without `(…)`.
    pub(super) fn operation_without_call(&mut self, owner: &Name, name: &Name, span: Span) -> Expr {
        let Some((_, operation)) = self.find_operation(owner, name) else { return invalid(span) };
        let title = format!("{}.{}", owner.text, name.text);
        let params: Vec<&str> = operation.params.iter().map(|param| param.name.as_str()).collect();
        let call = format!("({})", params.join(", "));
        self.report(
            Diagnostic::new(Code::GW0259, format!("the operation `{title}` is no value"), span, "not called").suggest(
                format!("call it: `{title}{call}`"),
                span.at_end(),
                call,
            ),
        );
        invalid(span)
    }

    pub(super) fn service_name(&self, id: ServiceId) -> &'a str {
        self.context.model.services.get(id.0).map_or("", |service| service.name.as_str())
    }

    // ── arguments ────────────────────────────────────────────────────────────────────────────────────────────────

    /// A value for each parameter, in their order; nothing where one is missing or too many.
    fn operation_arguments(
        &mut self,
        operation: &Operation,
        title: &str,
        args: &[Arg],
        close: Span,
    ) -> Option<Vec<Expr>> {
        let callee = Callee {
            title,
            origin: Some(operation.origin),
            params: operation.params.iter().map(|param| (param.name.as_str(), is_required(param))).collect(),
        };
        let given = self.arguments(&callee, args, close)?;
        let filled = given.into_iter().zip(&operation.params).map(|(arg, param)| match arg {
            Some(arg) => self.argument(param, title, &arg.value),
            None => left_out(param, close),
        });
        Some(filled.collect())
    }

    fn argument(&mut self, param: &Param, title: &str, value: &ast::Expr) -> Expr {
        let value = self.expr(value);
        let place = Place { what: format!("the argument `{}` of `{title}`", param.name), origin: Some(param.origin) };
        let value = self.fit(value, &param.ty, &place);
        if matches!(param.place, ParamPlace::Query(_)) {
            self.check_not_empty(&value, param, title);
        }
        value
    }

    /// A query parameter that is a list: an empty one would leave the parameter out, and so ask for everything.
    fn check_not_empty(&mut self, value: &Expr, param: &Param, title: &str) {
        let ty = match self.structure(&value.ty) {
            Ty::Optional(inner) => self.structure(inner),
            other => other,
        };
        let Ty::List(_, bounds) = ty else { return };
        if bounds.min > 0 {
            return;
        }
        let most = bounds.max.map_or_else(String::new, |max| format!("={max}"));
        self.report(
            Diagnostic::new(
                Code::GW0507,
                format!("the list for `{}` of `{title}` can be empty", param.name),
                value.span,
                "of an empty list nothing would be sent, and that means all of them",
            )
            .also(param.origin, "a query parameter")
            .note(format!("say that it never is, in the type that it comes from: `[T](1..{most})`")),
        );
    }
}

fn is_required(param: &Param) -> bool {
    param.default.is_none() && !matches!(param.ty, Ty::Optional(_))
}

/// The value of a parameter that is not given.
fn left_out(param: &Param, span: Span) -> Expr {
    known(param.default.clone().unwrap_or(Value::Null), param.ty.clone(), span)
}

/// The name of the operation up to the closing `)`.
fn span_of_arguments(name: &Name, mark: Option<Span>, span: Span) -> Span {
    let end = mark.map_or(span.end, |mark| mark.start);
    Span::new(span.file, name.span.start, end.max(name.span.end))
}

/// The call that a value is taken from: where a `?` would stand behind.
pub(super) fn call_below(ast: &ast::Expr) -> Option<Span> {
    match &ast.kind {
        ast::ExprKind::Apply { .. } => Some(ast.span),
        ast::ExprKind::Field { base, .. }
        | ast::ExprKind::Index { base, .. }
        | ast::ExprKind::Slice { base, .. }
        | ast::ExprKind::Select { base, .. }
        | ast::ExprKind::Omit { base, .. }
        | ast::ExprKind::Paren(base) => call_below(base),
        _ => None,
    }
}
