//! Calls of operations: which one, with which arguments, and what `?` makes of it.

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
        let Some(args) = self.arguments(operation, &title, args, close) else { return invalid(span) };
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
    fn arguments(&mut self, operation: &Operation, title: &str, args: &[Arg], close: Span) -> Option<Vec<Expr>> {
        let mut given: Vec<Option<Expr>> = vec![None; operation.params.len()];
        let mut sound = true;
        let mut named: Option<Span> = None;
        for (place, arg) in args.iter().enumerate() {
            let Some(at) = self.parameter_of(operation, title, place, arg, named) else {
                let _ = self.expr(&arg.value);
                sound = false;
                continue;
            };
            named = named.or(arg.name.as_ref().map(|name| name.span));
            let (Some(param), Some(slot)) = (operation.params.get(at), given.get_mut(at)) else { continue };
            if let Some(first) = slot {
                self.report(
                    Diagnostic::new(Code::GW0505, format!("`{}` is given twice", param.name), arg.value.span, "again")
                        .also(first.span, "the first is here"),
                );
                sound = false;
                continue;
            }
            let value = self.argument(param, title, &arg.value);
            *slot = Some(value);
        }
        if !sound || self.has_missing(operation, title, &given, close) {
            return None;
        }
        let filled = given
            .into_iter()
            .zip(&operation.params)
            .map(|(value, param)| value.unwrap_or_else(|| left_out(param, close)));
        Some(filled.collect())
    }

    /// Which parameter an argument is for; reports where there is none.
    fn parameter_of(
        &mut self,
        operation: &Operation,
        title: &str,
        place: usize,
        arg: &Arg,
        named: Option<Span>,
    ) -> Option<usize> {
        let Some(name) = &arg.name else {
            if let Some(named) = named {
                self.report(
                    Diagnostic::new(
                        Code::GW0505,
                        "an argument without a name follows one with a name",
                        arg.value.span,
                        "which parameter is this for?",
                    )
                    .also(named, "named here"),
                );
                return None;
            }
            if place >= operation.params.len() {
                let count = operation.params.len();
                let takes = match count {
                    0 => "no argument".to_owned(),
                    1 => "one argument".to_owned(),
                    _ => format!("{count} arguments"),
                };
                self.report(
                    Diagnostic::new(Code::GW0505, format!("`{title}` takes {takes}"), arg.value.span, "one too many")
                        .also(operation.origin, "declared here"),
                );
                return None;
            }
            return Some(place);
        };
        let found = operation.params.iter().position(|param| param.name == name.text);
        if found.is_none() {
            let message = format!("`{title}` has no parameter `{}`", name.text);
            let diagnostic = Diagnostic::new(Code::GW0260, message, name.span, "no such parameter")
                .also(operation.origin, "declared here");
            let known = operation.params.iter().map(|param| param.name.as_str());
            let diagnostic = with_nearest(diagnostic, name, known, "its parameters are");
            self.report(diagnostic);
        }
        found
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

    fn has_missing(&mut self, operation: &Operation, title: &str, given: &[Option<Expr>], close: Span) -> bool {
        let missing: Vec<&Param> = operation
            .params
            .iter()
            .zip(given)
            .filter(|(param, value)| value.is_none() && is_required(param))
            .map(|(param, _)| param)
            .collect();
        let Some(first) = missing.first() else { return false };
        let names: Vec<String> = missing.iter().map(|param| format!("`{}`", param.name)).collect();
        let word = if names.len() == 1 { "argument" } else { "arguments" };
        self.report(
            Diagnostic::new(
                Code::GW0505,
                format!("`{title}` needs the {word} {}", names.join(", ")),
                close,
                "not given",
            )
            .also(first.origin, "declared here"),
        );
        true
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
