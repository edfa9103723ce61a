//! What the endpoints and operations of a program use: services, types, parameters.

use std::collections::BTreeSet;

use crate::check::bodies::walk;
use crate::model::{Param, Ty, TypeDeclKind, TypeId, Value};
use crate::resolve::Declared;
use crate::syntax::ast;
use crate::typed::{Endpoint, Expr, ExprKind, Outcome, Statement, Typed, WithSet};

/// What is used.
pub(super) struct Uses {
    /// Services that something calls.
    pub(super) services: BTreeSet<usize>,
    /// Types that an operation, an endpoint or a used type names.
    pub(super) types: BTreeSet<TypeId>,
}

impl Uses {
    /// Looks at every operation and endpoint.
    pub(super) fn collect(declared: &Declared<'_>, typed: &Typed) -> Self {
        let mut services = BTreeSet::new();
        let mut found = Vec::new();
        let mut named_type = |ty: &Ty| found.extend(mentioned(ty));
        for operation in &typed.model.operations {
            operation.returns.iter().for_each(&mut named_type);
            params_types(&operation.params).for_each(&mut named_type);
        }
        for endpoint in &typed.endpoints {
            params_types(&endpoint.head.params).for_each(&mut named_type);
            each_expr(endpoint, &mut |expr| {
                named_type(&expr.ty);
                match &expr.kind {
                    ExprKind::Call(call) => {
                        services.extend(typed.model.operations.get(call.operation.0).map(|called| called.service.0));
                    }
                    ExprKind::Literal(Value::Variant(id, _)) => named_type(&Ty::Enum(*id)),
                    _ => {}
                }
            });
        }
        for endpoint in &declared.endpoints {
            written_types(endpoint, &mut |name| {
                found.extend(typed.model.types.iter().position(|decl| decl.name == name).map(TypeId));
            });
        }
        Self { services, types: reached(typed, found) }
    }
}

fn params_types(params: &[Param]) -> impl Iterator<Item = &Ty> {
    params.iter().map(|param| &param.ty)
}

/// The types that an endpoint names in its text: of its answer and of its `let`s.
fn written_types<'a>(endpoint: &'a ast::Endpoint, found: &mut dyn FnMut(&'a str)) {
    if let Some(written) = &endpoint.head.returns {
        written_names(written, found);
    }
    for statement in &endpoint.statements {
        if let ast::Statement::Let(ast::Let { ty: Some(written), .. }) = statement {
            written_names(written, found);
        }
    }
}

fn written_names<'a>(written: &'a ast::TypeExpr, found: &mut dyn FnMut(&'a str)) {
    match &written.kind {
        ast::TypeKind::Name(name) => found(&name.text),
        ast::TypeKind::List(element) => written_names(element, found),
        ast::TypeKind::Map(_, value) => written_names(value, found),
    }
}

/// The declared types that a type names.
fn mentioned(ty: &Ty) -> Vec<TypeId> {
    match ty {
        Ty::Alias(id) | Ty::Object(id) | Ty::Enum(id) => vec![*id],
        Ty::List(inner, _) | Ty::Map(inner) | Ty::Optional(inner) => mentioned(inner),
        Ty::Keyed { key, value } => mentioned(key).into_iter().chain(mentioned(value)).collect(),
        Ty::Built(fields) => fields.iter().flat_map(|field| mentioned(&field.ty)).collect(),
        Ty::Unknown | Ty::Null | Ty::Scalar(_) | Ty::Constrained(..) => Vec::new(),
    }
}

/// The types that a declared type names itself.
pub(super) fn named_by(typed: &Typed, id: TypeId) -> Vec<TypeId> {
    match typed.model.types.get(id.0).map(|decl| &decl.kind) {
        Some(TypeDeclKind::Alias { base }) => mentioned(base),
        Some(TypeDeclKind::Object { fields, .. }) => fields.iter().flat_map(|field| mentioned(&field.ty)).collect(),
        Some(TypeDeclKind::Enum { .. }) | None => Vec::new(),
    }
}

/// These types and all that they name, near and far.
pub(super) fn reached(typed: &Typed, from: impl IntoIterator<Item = TypeId>) -> BTreeSet<TypeId> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<TypeId> = from.into_iter().collect();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(named_by(typed, id));
        }
    }
    reached
}

/// The places of the parameters that the body reads.
pub(super) fn params(endpoint: &Endpoint) -> BTreeSet<usize> {
    let mut used = BTreeSet::new();
    each_expr(endpoint, &mut |expr| {
        if let ExprKind::Param(id) = &expr.kind {
            used.insert(id.0);
        }
    });
    used
}

/// Every expression of an endpoint, the outer before the inner.
fn each_expr(endpoint: &Endpoint, see: &mut dyn FnMut(&Expr)) {
    for statement in &endpoint.statements {
        match statement {
            Statement::Let { value, .. } | Statement::Require { value, .. } => expr(value, see),
            Statement::Check { condition, .. } => expr(condition, see),
        }
    }
    outcome(&endpoint.outcome, see);
}

fn outcome(of: &Outcome, see: &mut dyn FnMut(&Expr)) {
    let sets = |with: &[WithSet], see: &mut dyn FnMut(&Expr)| with.iter().for_each(|set| expr(&set.value, see));
    match of {
        Outcome::Respond { body, with, .. } => {
            if let Some(body) = body {
                expr(body, see);
            }
            sets(with, see);
        }
        Outcome::Redirect { target, with, .. } => {
            expr(target, see);
            sets(with, see);
        }
        Outcome::Reject(_) => {}
        Outcome::If { condition, then, otherwise } => {
            expr(condition, see);
            outcome(then, see);
            outcome(otherwise, see);
        }
    }
}

fn expr(of: &Expr, see: &mut dyn FnMut(&Expr)) {
    see(of);
    for child in walk::children(of) {
        expr(child, see);
    }
}
