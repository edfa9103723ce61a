//! What a name can mean at one place of a body: parameters, `let`s, the subject of a selection, and what a `check` made sure of.

use super::{Elaborator, local};
use crate::model::{Param, Ty};
use crate::source::Span;
use crate::syntax::ast;
use crate::typed::{Expr, ExprKind, LetId, LocalId, ParamId};

/// A parameter or a `let`.
pub(super) struct Binding {
    pub(super) name: String,
    /// `Param`, `Let` or `Local`.
    pub(super) kind: ExprKind,
    pub(super) ty: Ty,
    /// Where its name stands.
    pub(super) origin: Span,
    /// Whether something uses it, or nobody minds that nothing does.
    pub(super) used: bool,
}

impl Binding {
    pub(super) fn param(id: ParamId, param: &Param) -> Self {
        Self {
            name: param.name.clone(),
            kind: ExprKind::Param(id),
            ty: param.ty.clone(),
            origin: param.origin,
            used: false,
        }
    }

    pub(super) fn value(id: LetId, name: &ast::Name, ty: Ty) -> Self {
        Self { name: name.text.clone(), kind: ExprKind::Let(id), ty, origin: name.span, used: false }
    }

    pub(super) fn required(id: LocalId, name: &ast::Name, ty: Ty) -> Self {
        Self { name: name.text.clone(), kind: ExprKind::Local(id), ty, origin: name.span, used: true }
    }
}

/// A path that a `check` found to be no null.
pub(super) struct Narrowed {
    /// The path as written: `order.buyer`.
    pub(super) path: String,
    /// What it is from here on.
    pub(super) item: LocalId,
    pub(super) ty: Ty,
}

impl Elaborator<'_> {
    /// What a lower-case name of the scope outside of selections means.
    pub(super) fn binding(&mut self, name: &str) -> Option<&mut Binding> {
        let at = *self.places.get(name)?;
        self.bindings.get_mut(at)
    }

    /// Gives a name its meaning for all that follows.
    pub(super) fn bind_name(&mut self, binding: Binding) {
        self.places.insert(binding.name.clone(), self.bindings.len());
        self.bindings.push(binding);
    }

    /// Whether there is such a parameter or `let`.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// What a path is after a `check` that it is no null.
    pub(super) fn narrowed_path(&mut self, ast: &ast::Expr) -> Option<Expr> {
        if self.narrowed.is_empty() {
            return None;
        }
        let path = self.path(ast)?;
        let known = self.narrowed.iter().find(|narrowed| narrowed.path == path)?;
        Some(local(known.item, known.ty.clone(), ast.span))
    }

    /// A path of names that starts in the scope outside of selections, as text.
    pub(super) fn path(&self, ast: &ast::Expr) -> Option<String> {
        match &ast.kind {
            ast::ExprKind::Name(name) if self.bare.contains(&name.span) => None,
            ast::ExprKind::Name(name) => self.is_bound(&name.text).then(|| name.text.clone()),
            ast::ExprKind::Field { base, name } => Some(format!("{}.{}", self.path(base)?, name.text)),
            ast::ExprKind::Paren(inner) => self.path(inner),
            _ => None,
        }
    }
}
