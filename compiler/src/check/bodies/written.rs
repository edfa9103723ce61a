//! Types that are written in a body.

use super::super::types::type_of;
use super::Elaborator;
use crate::model::Ty;
use crate::syntax::ast;

impl Elaborator<'_> {
    /// The type that is written; unknown where it is wrong.
    pub(super) fn type_expr(&mut self, written: &ast::TypeExpr) -> Ty {
        type_of(written, self.context.names, self.diagnostics)
    }
}
