//! Methods of lists and maps, those that take a function among them.

use super::methods::is_known;
use super::{Elaborator, invalid};
use crate::source::Span;
use crate::syntax::ast::{Arg, ExprKind, Name};
use crate::typed::Expr;

/// Methods that lists and maps have in the language and this version does not compile.
pub(super) const LATER: &[&str] = &[
    "all", "any", "avg", "contains", "count", "distinct", "filter", "find", "first", "flat_map", "group_by",
    "index_by", "join", "keys", "last", "map", "max", "min", "reverse", "sort_by", "sum", "values",
];

impl Elaborator<'_> {
    /// A method of a list or a map that is not null.
    #[allow(clippy::needless_pass_by_value, reason = "what a method makes takes the list that it is called on")]
    pub(super) fn list_method(&mut self, base: Expr, name: &Name, args: &[Arg], span: Span) -> Expr {
        // What a function argument says can't be read before its method is known.
        if !args.iter().any(|arg| matches!(arg.value.kind, ExprKind::Lambda { .. })) {
            self.arguments_alone(args);
        }
        if !is_known(&name.text) {
            return self.unknown_method(&base, name, LATER, span);
        }
        let _ = self.not_yet(&format!("the method `{}`", name.text), name.span);
        invalid(span)
    }
}
