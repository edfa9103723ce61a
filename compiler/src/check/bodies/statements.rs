//! `let` and `check`.

use super::fit::Place;
use super::scope::{Binding, Narrowed};
use super::{Elaborator, invalid, is_name, walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Ty;
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOperator};
use crate::typed::{Expr, ExprKind, LetId, Refusal, Statement};

impl Elaborator<'_> {
    /// Every statement, in order.
    pub(super) fn statements(&mut self, statements: &[ast::Statement]) {
        for statement in statements {
            match statement {
                ast::Statement::Let(it) => self.let_statement(it),
                ast::Statement::Check(it) => {
                    let refusal = self.refusal(&it.otherwise);
                    self.check(&it.condition, &refusal, it.span);
                }
            }
        }
    }

    /// `404 "why"`
    pub(super) fn refusal(&mut self, refusal: &ast::Refusal) -> Refusal {
        let status = refusal.status.value;
        if !(400..=599).contains(&status) {
            self.report(
                Diagnostic::new(
                    Code::GW0509,
                    format!("{status} is no status of a refusal"),
                    refusal.status.span,
                    "expected 400 to 599",
                )
                .note("a guard that fails answers with an error: 4xx where the client is at fault, 5xx where we are"),
            );
        }
        Refusal { status, reason: refusal.reason.as_ref().map(|reason| reason.value.clone()) }
    }

    // ── let ──────────────────────────────────────────────────────────────────────────────────────────────────────

    fn let_statement(&mut self, it: &ast::Let) {
        self.to_come.remove(&it.name.text);
        let is_effect = it.name.text == "_" && it.otherwise.is_none();
        self.effect = is_effect.then(|| call_span(&it.value));
        let mut value = self.expr(&it.value);
        self.effect = None;
        if let Some(at_most) = &it.at_most {
            self.at_most(&mut value, at_most, it.span);
        }
        let named = self.is_free(&it.name);
        match &it.otherwise {
            Some(refusal) => self.require_let(it, value, refusal, named),
            None => self.plain_let(it, value, named),
        }
    }

    fn plain_let(&mut self, it: &ast::Let, value: Expr, named: bool) {
        let value = self.written_type(it, value);
        let id = LetId(self.statements.len());
        if it.name.text == "_" {
            self.check_effect(&value, it.name.span);
        } else if named {
            let mut binding = Binding::value(id, &it.name, value.ty.clone());
            // A name in Capitals is a fault already.
            binding.used = super::names::is_capitalised(&it.name.text);
            self.bind_name(binding);
        }
        self.statements.push(Statement::Let { name: it.name.text.clone(), value });
    }

    /// `let order = Orders.order(id) else 404`
    fn require_let(&mut self, it: &ast::Let, value: Expr, refusal: &ast::Refusal, named: bool) {
        let refusal = self.refusal(refusal);
        let behind = match &value.ty {
            Ty::Optional(behind) => (**behind).clone(),
            Ty::Unknown => Ty::Unknown,
            _ => {
                let message = "this is never null, so the `else` never answers";
                self.report_never_null(&value, &it.value, message);
                Ty::Unknown
            }
        };
        let value = match &it.ty {
            Some(written) => {
                let place = Place { what: format!("`{}`", it.name.text), origin: Some(written.span) };
                let wanted = super::optional(self.type_expr(written));
                self.fit(value, &wanted, &place)
            }
            None => value,
        };
        let item = self.locals.forever(&it.name.text, it.name.text != "_");
        if named && it.name.text != "_" {
            self.bind_name(Binding::required(item, &it.name, behind));
        }
        self.statements.push(Statement::Require { value, item, refusal, origin: it.span });
    }

    fn written_type(&mut self, it: &ast::Let, value: Expr) -> Expr {
        let Some(written) = &it.ty else { return value };
        let wanted = self.type_expr(written);
        let place = Place { what: format!("`{}`", it.name.text), origin: Some(written.span) };
        let value = self.fit(value, &wanted, &place);
        // The written type may say less than the value's own, never more.
        match wanted {
            Ty::Unknown => value,
            wanted if matches!(value.ty, Ty::Unknown) => Expr { ty: wanted, ..value },
            _ => value,
        }
    }

    /// Whether a `let` may take a name; reports where it shadows another or is no value's name.
    fn is_free(&mut self, name: &ast::Name) -> bool {
        if name.text == "_" {
            return true;
        }
        if super::names::is_capitalised(&name.text) {
            let lower = lower_case(&name.text);
            self.report(
                Diagnostic::new(
                    Code::GW0261,
                    format!("a value is named in lower case, and `{}` is not", name.text),
                    name.span,
                    "Capitalised names are types and services",
                )
                .suggest(format!("name it `{lower}`"), name.span, lower),
            );
            return true;
        }
        let Some(binding) = self.binding(&name.text) else { return true };
        // Below, nobody knows which of the two is meant.
        (binding.kind, binding.ty, binding.used) = (ExprKind::Invalid, Ty::Unknown, true);
        let origin = binding.origin;
        self.report(
            Diagnostic::new(
                Code::GW0253,
                format!("the name `{}` is taken", name.text),
                name.span,
                "would hide the other",
            )
            .also(origin, "taken here")
            .note("a name means one thing in the whole body, so a guard above still speaks of the same value below"),
        );
        false
    }

    /// `let _ = …` is for calls alone.
    fn check_effect(&mut self, value: &Expr, span: Span) {
        if matches!(value.ty, Ty::Unknown) || walk::makes_calls(value) {
            return;
        }
        self.report(
            Diagnostic::new(Code::GW0515, "this has no effect and no name", span, "nothing uses it")
                .note("`let _ = …` makes a call for its effect; a value that nothing uses can go"),
        );
    }

    /// `let`s that nothing uses. Parameters are told of with the rest of what is declared.
    pub(super) fn report_unused(&mut self) {
        if self.broken {
            return;
        }
        let unused: Vec<(String, Span)> = self
            .bindings
            .iter()
            .filter(|binding| !binding.used && matches!(binding.kind, ExprKind::Let(_)) && binding.ty != Ty::Unknown)
            .map(|binding| (binding.name.clone(), binding.origin))
            .collect();
        for (name, origin) in unused {
            self.report(
                Diagnostic::new(Code::GW0515, format!("nothing uses `{name}`"), origin, "computed for nothing")
                    .note("where a call is made for its effect alone, say so with `let _`")
                    .suggest("make the call for its effect: `_`", origin, "_"),
            );
        }
    }

    // ── check ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// `check condition else …`; `a != null && …` are two guards with one refusal, so that the second may use `a`.
    fn check(&mut self, condition: &ast::Expr, refusal: &Refusal, origin: Span) {
        let mut parts = Vec::new();
        conjuncts(condition, &mut parts);
        let splits = parts.iter().any(|part| tested_path(part).is_some()) && !parts.iter().any(|part| has_apply(part));
        if !splits {
            return self.check_one(condition, refusal, origin);
        }
        for part in parts {
            self.check_one(part, refusal, origin);
        }
    }

    fn check_one(&mut self, condition: &ast::Expr, refusal: &Refusal, origin: Span) {
        let refusal = refusal.clone();
        if let Some(tested) = tested_path(condition)
            && let Some(path) = self.path(tested)
        {
            return self.require_path(tested, path, refusal, origin);
        }
        let condition = self.expr(condition);
        let sound = self.is_bool(&condition, "what `check` asks for");
        let condition = if sound { condition } else { invalid(condition.span) };
        self.statements.push(Statement::Check { condition, refusal, origin });
    }

    /// `check order.buyer != null else …`: below it, `order.buyer` is no null.
    fn require_path(&mut self, tested: &ast::Expr, path: String, refusal: Refusal, origin: Span) {
        let value = self.expr(tested);
        let behind = match &value.ty {
            Ty::Optional(behind) => (**behind).clone(),
            Ty::Unknown => Ty::Unknown,
            _ => {
                self.report_never_null(&value, tested, "this is never null, so the check always holds");
                Ty::Unknown
            }
        };
        let hint = if is_name(&value) { format!("{}_found", self.hint(&value)) } else { self.hint(&value) };
        let item = self.locals.forever(&hint, false);
        self.narrowed.push(Narrowed { path, item, ty: behind });
        self.statements.push(Statement::Require { value, item, refusal, origin });
    }
}

/// The parts of `a && b && c`.
fn conjuncts<'t>(condition: &'t ast::Expr, parts: &mut Vec<&'t ast::Expr>) {
    match &condition.kind {
        ast::ExprKind::Binary { operator, left, right } if operator.value == BinaryOperator::And => {
            conjuncts(left, parts);
            conjuncts(right, parts);
        }
        ast::ExprKind::Paren(inner) => conjuncts(inner, parts),
        _ => parts.push(condition),
    }
}

/// The `x` of `x != null`.
fn tested_path(condition: &ast::Expr) -> Option<&ast::Expr> {
    let (operator, left, right) = match &condition.kind {
        ast::ExprKind::Binary { operator, left, right } => (operator, left, right),
        ast::ExprKind::Paren(inner) => return tested_path(inner),
        _ => return None,
    };
    if operator.value != BinaryOperator::NotEqual {
        return None;
    }
    match (is_null(left), is_null(right)) {
        (true, false) => Some(right),
        (false, true) => Some(left),
        _ => None,
    }
}

fn is_null(ast: &ast::Expr) -> bool {
    matches!(&ast.kind, ast::ExprKind::Literal(ast::Literal { kind: ast::LiteralKind::Null, .. }))
}

/// Whether a call may stand in it: calls of a later part of `a && b` must not run ahead.
fn has_apply(ast: &ast::Expr) -> bool {
    match &ast.kind {
        ast::ExprKind::Field { base, .. } | ast::ExprKind::Paren(base) => has_apply(base),
        ast::ExprKind::Unary { operand, .. } => has_apply(operand),
        ast::ExprKind::Binary { left, right, .. } => has_apply(left) || has_apply(right),
        ast::ExprKind::Literal(_) | ast::ExprKind::Name(_) | ast::ExprKind::Subject(_) => false,
        _ => true,
    }
}

/// The call whose effect `let _` is for.
fn call_span(value: &ast::Expr) -> Span {
    match &value.kind {
        ast::ExprKind::Paren(inner) => call_span(inner),
        _ => value.span,
    }
}

fn lower_case(name: &str) -> String {
    let mut lower = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !lower.is_empty() && !lower.ends_with('_') {
            lower.push('_');
        }
        lower.extend(letter.to_lowercase());
    }
    lower
}
