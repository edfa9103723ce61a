//! From the tree of an endpoint's body to the core language: names looked up, types found, sugar gone.
//!
//! One [`Elaborator`] walks one body. It reports and goes on; what is wrong becomes [`ExprKind::Invalid`] of
//! [`Ty::Unknown`], so that one fault stays one error. What leaves here without an error can be planned.

mod arguments;
mod bounds;
mod build;
mod calls;
mod compatible;
mod describe;
mod fields;
mod fit;
mod hoist;
mod join;
mod lists;
mod literals;
mod locals;
mod methods;
mod names;
mod omit;
mod operators;
mod outcome;
mod privacy;
mod proof;
mod scope;
mod select;
mod size;
mod statements;
mod strings;
#[cfg(test)]
mod tests;
pub(super) mod walk;
mod written;

use std::collections::BTreeMap;
use std::rc::Rc;

pub(super) use self::privacy::Declared;

use self::locals::Locals;
use self::scope::{Binding, Narrowed};
use super::Context;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{EndpointHead, Proof, Ty, TypeDeclKind};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Endpoint, Expr, ExprKind, LetId, LocalId, OfList, Outcome, ParamId, Statement};

/// Checks the body of one endpoint.
pub(crate) fn check_endpoint(
    ast: &ast::Endpoint,
    head: EndpointHead,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics,
) -> Endpoint {
    if !size::is_readable(ast, diagnostics) {
        let outcome = Outcome::Respond { status: 200, body: Some(invalid(head.origin)), with: Vec::new() };
        return Endpoint {
            head,
            statements: Vec::new(),
            outcome,
            local_names: Vec::new(),
            proof: Proof::default(),
            disclosures: Vec::new(),
        };
    }
    let mut elaborator = Elaborator::new(ast, &head, *context, diagnostics);
    elaborator.statements(&ast.statements);
    let mut outcome = elaborator.outcome(ast, &head);
    elaborator.report_unused();
    let Elaborator { mut statements, locals, .. } = elaborator;
    let local_names = locals.names;
    let is_small = size::check(&statements, &outcome, &head, diagnostics);
    let proof = proof::prove(&statements, &outcome, &head, context.model, diagnostics);
    let disclosures = if is_small {
        let body = (statements.as_mut_slice(), &mut outcome);
        privacy::check(body, (ast, &head), (context.model, context.declared), diagnostics)
    } else {
        Vec::new()
    };
    Endpoint { head, statements, outcome, local_names, proof, disclosures }
}

/// What is known while one body is read from top to bottom.
struct Elaborator<'a> {
    context: Context<'a>,
    diagnostics: &'a mut Diagnostics,
    /// Parameters and the `let`s so far.
    bindings: Vec<Binding>,
    /// Where each name stands in `bindings`.
    places: BTreeMap<String, usize>,
    /// The names of `let`s that are still to come, and where.
    to_come: BTreeMap<String, Span>,
    /// What selections around this place select from, the innermost last.
    subjects: Vec<Expr>,
    /// Names that start a bare entry of a selection: fields of the subject.
    bare: Vec<Span>,
    /// Paths that a `check` found to be no null.
    narrowed: Vec<Narrowed>,
    /// The lists around this place that are mapped, the innermost last: how many elements may be in work at once, where someone said so.
    fans: Vec<Option<u32>>,
    /// The one call that need have no value: the right side of `let _`.
    effect: Option<Span>,
    /// Where the body could not be read: names may be missing there, and what stands beside may not be what was meant.
    unread: Vec<Span>,
    /// Whether something of the body is left out for that.
    broken: bool,
    locals: Locals,
    statements: Vec<Statement>,
}

impl<'a> Elaborator<'a> {
    fn new(ast: &ast::Endpoint, head: &EndpointHead, context: Context<'a>, diagnostics: &'a mut Diagnostics) -> Self {
        let to_come: BTreeMap<String, Span> = ast.statements.iter().filter_map(named_let).collect();
        let params = head.params.iter().map(|param| param.name.clone());
        let unread = unread(ast, diagnostics);
        let taken = params.chain(to_come.keys().cloned()).collect();
        Self {
            context,
            diagnostics,
            bindings: head.params.iter().enumerate().map(|(at, param)| Binding::param(ParamId(at), param)).collect(),
            places: head.params.iter().enumerate().rev().map(|(at, param)| (param.name.clone(), at)).collect(),
            to_come,
            subjects: Vec::new(),
            bare: Vec::new(),
            narrowed: Vec::new(),
            fans: Vec::new(),
            effect: None,
            broken: ast.result.is_none() || !unread.is_empty(),
            unread,
            locals: Locals::new(taken),
            statements: Vec::new(),
        }
    }

    /// Any expression.
    fn expr(&mut self, ast: &ast::Expr) -> Expr {
        if let Some(known) = self.narrowed_path(ast) {
            return known;
        }
        let span = ast.span;
        match &ast.kind {
            ast::ExprKind::Literal(literal) => self.literal(literal),
            ast::ExprKind::Interpolated(parts) => self.interpolated(parts, span),
            ast::ExprKind::Name(name) => self.name(name),
            ast::ExprKind::Subject(name) => self.subject_field(name, span),
            ast::ExprKind::Field { base, name } => self.field_expr(base, name, span),
            ast::ExprKind::Apply { callee, args } => self.apply(callee, args, None, span),
            ast::ExprKind::Optional { base, mark } => self.optional(base, *mark, span),
            ast::ExprKind::Index { base, index } => self.index(base, index, span),
            ast::ExprKind::Slice { base, from, to, inclusive } => {
                let range = fields::Range { from: from.as_deref(), to: to.as_deref(), inclusive: *inclusive };
                self.slice(base, range, span)
            }
            ast::ExprKind::Select { base, entries } => {
                let base = self.expr(base);
                self.select(base, entries, span)
            }
            ast::ExprKind::Omit { base, paths } => {
                let base = self.expr(base);
                self.omit(base, paths, span)
            }
            ast::ExprKind::Object(entries) => self.object(entries, build::Form::Object, span),
            ast::ExprKind::Array(elements) => self.array(elements, span),
            ast::ExprKind::Unary { operator, operand } => self.unary(operator, operand, span),
            ast::ExprKind::Binary { operator, left, right } => self.binary(operator, left, right, span),
            ast::ExprKind::If { condition, then, otherwise } => self.if_then_else(condition, then, otherwise, span),
            ast::ExprKind::Match { .. } => self.not_yet("`match`", span),
            ast::ExprKind::Lambda { .. } => self.function_as_value(span),
            ast::ExprKind::Paren(inner) => self.expr(inner),
        }
    }

    // ── what every part uses ─────────────────────────────────────────────────────────────────────────────────────

    fn report(&mut self, diagnostic: Diagnostic) {
        let touches = |place: Span| {
            self.unread.iter().any(|it| it.file == place.file && it.start <= place.end && place.start <= it.end)
        };
        if !diagnostic.primary().is_some_and(touches) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Refuses what the language has and this version does not compile.
    fn not_yet(&mut self, what: &str, span: Span) -> Expr {
        self.report(Diagnostic::new(Code::GW0901, format!("{what} is not built yet"), span, "not yet"));
        invalid(span)
    }

    /// The type itself, or what it is a name for.
    fn structure<'t>(&self, ty: &'t Ty) -> &'t Ty
    where
        'a: 't,
    {
        let model = self.context.model;
        fit::structure(model, ty)
    }

    /// `value` where it is not null, null where it is: `body` gets what is behind it.
    fn present(&mut self, value: Expr, span: Span, body: impl FnOnce(&mut Self, Expr) -> Expr) -> Expr {
        let inner = match self.structure(&value.ty) {
            Ty::Optional(inner) => (**inner).clone(),
            _ => Ty::Unknown,
        };
        let hint = self.hint(&value);
        let item = self.locals.open(&hint);
        let body = body(self, local(item, inner, value.span));
        self.locals.close();
        let ty = optional(body.ty.clone());
        Expr { kind: ExprKind::Present { value: Box::new(value), item, body: Box::new(body) }, ty, span }
    }

    /// `body` for each element of `list`.
    fn map(&mut self, list: Expr, span: Span, body: impl FnOnce(&mut Self, Expr) -> Expr) -> Expr {
        let element = match self.structure(&list.ty) {
            Ty::List(element, _) => (**element).clone(),
            _ => Ty::Unknown,
        };
        let hint = self.element_hint(&list, &element);
        self.map_named(list, &hint, span, body)
    }

    /// The same, with a word for the element.
    fn map_named(&mut self, list: Expr, hint: &str, span: Span, body: impl FnOnce(&mut Self, Expr) -> Expr) -> Expr {
        let (element, bounds) = match self.structure(&list.ty) {
            Ty::List(element, bounds) => ((**element).clone(), *bounds),
            _ => (Ty::Unknown, crate::model::Bounds::default()),
        };
        let item = self.locals.open(hint);
        self.fans.push(None);
        let mut body = body(self, local(item, element, list.span));
        let said = self.fans.pop().flatten();
        self.locals.close();
        let hoisted = self.hoist(&mut body, item);
        let at_most = walk::makes_calls(&body).then(|| said.unwrap_or(bounds::USUAL_AT_ONCE));
        let ty = Ty::List(Rc::new(body.ty.clone()), bounds);
        let map = ExprKind::Map { list: Box::new(list), item, body: Box::new(body), at_most };
        hoist::bound(hoisted, Expr { kind: map, ty, span })
    }

    /// `body` with a name for `value`; what is a name already needs no other.
    fn bind(&mut self, value: Expr, span: Span, body: impl FnOnce(&mut Self, Expr) -> Expr) -> Expr {
        if is_name(&value) {
            return body(self, value);
        }
        let hint = self.hint(&value);
        let item = self.locals.open(&hint);
        let body = body(self, local(item, value.ty.clone(), value.span));
        self.locals.close();
        let ty = body.ty.clone();
        Expr { kind: ExprKind::Bind { value: Box::new(value), item, body: Box::new(body) }, ty, span }
    }

    /// A word for what an expression stands for.
    fn hint(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Field { name, .. } => name.clone(),
            ExprKind::Param(ParamId(at)) => {
                self.bindings.get(*at).map_or_else(String::new, |binding| binding.name.clone())
            }
            ExprKind::Let(LetId(at)) => match self.statements.get(*at) {
                Some(Statement::Let { name, .. }) => name.clone(),
                _ => String::new(),
            },
            ExprKind::Local(item) => self.locals.name(*item).to_owned(),
            ExprKind::Call(call) => {
                let operation = self.context.model.operations.get(call.operation.0);
                operation.map_or_else(String::new, |operation| operation.name.clone())
            }
            ExprKind::Index { base, .. } => self.element_hint(base, &Ty::Unknown),
            ExprKind::Slice { list: inner, .. } | ExprKind::Bind { value: inner, .. } | ExprKind::Reveal(inner) => {
                self.hint(inner)
            }
            ExprKind::Map { body, list, .. } => match &body.kind {
                ExprKind::Field { name, .. } => name.clone(),
                _ => self.hint(list),
            },
            ExprKind::Present { body, value, .. } => match &body.kind {
                ExprKind::Object(_) => self.hint(value),
                _ => self.hint(body),
            },
            ExprKind::OrElse { value, .. } => self.hint(value),
            ExprKind::OfList { list, what: OfList::First | OfList::Last } => self.element_hint(list, &Ty::Unknown),
            ExprKind::ByElement { list, .. } | ExprKind::OfList { list, .. } => self.hint(list),
            _ => "value".to_owned(),
        }
    }

    /// A word for an element of a list: one of its name's plural, or its type's name.
    fn element_hint(&self, list: &Expr, element: &Ty) -> String {
        let many = self.hint(list);
        locals::singular(&many).unwrap_or_else(|| match element {
            Ty::Object(id) | Ty::Enum(id) => describe::type_name(self.context.model, *id).to_owned(),
            _ => format!("{many}_item"),
        })
    }

    /// The enum that a type is, with its variants.
    fn enum_variants(&self, id: crate::model::TypeId) -> Option<&'a [crate::model::Variant]> {
        match &self.context.model.types.get(id.0)?.kind {
            TypeDeclKind::Enum { variants, .. } => Some(variants),
            TypeDeclKind::Alias { .. } | TypeDeclKind::Object { .. } => None,
        }
    }
}

/// The places inside an endpoint that the parser could not read.
fn unread(ast: &ast::Endpoint, diagnostics: &Diagnostics) -> Vec<Span> {
    let Some(body) = size::text_of(ast) else { return Vec::new() };
    let is_of_the_text = |diagnostic: &&Diagnostic| diagnostic.code.as_str().starts_with("GW00");
    let places = diagnostics.iter().filter(is_of_the_text).filter_map(Diagnostic::primary);
    places.filter(|place| place.file == body.file && (body.start..=body.end).contains(&place.start)).collect()
}

fn named_let(statement: &ast::Statement) -> Option<(String, Span)> {
    match statement {
        ast::Statement::Let(it) if it.name.text != "_" => Some((it.name.text.clone(), it.name.span)),
        ast::Statement::Let(_) | ast::Statement::Check(_) => None,
    }
}

/// An expression whose fault is reported.
fn invalid(span: Span) -> Expr {
    Expr { kind: ExprKind::Invalid, ty: Ty::Unknown, span }
}

fn local(item: LocalId, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::Local(item), ty, span }
}

/// Whether evaluating it twice is reading a name twice.
fn is_name(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Local(_) | ExprKind::Param(_) | ExprKind::Let(_))
}

/// `T?`; of a `T?` the same.
fn optional(ty: Ty) -> Ty {
    match ty {
        Ty::Unknown | Ty::Null | Ty::Optional(_) => ty,
        other => Ty::Optional(Rc::new(other)),
    }
}
