//! Fan-outs: `at most n at once`, and how many that is where nobody says.

use super::{Elaborator, walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::Spanned;
use crate::typed::{Expr, ExprKind};

/// How many elements of a list are in work at once where nobody says.
pub(super) const USUAL_AT_ONCE: u32 = 8;

/// A length, as the bounds of a list have it.
pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Elaborator<'_> {
    /// `value at most n at once`: of the lists that `value` maps with calls, else of the list around it.
    pub(super) fn at_most(&mut self, value: &mut Expr, at_most: &Spanned<u32>, span: Span) {
        if at_most.value == 0 {
            self.report(
                Diagnostic::new(
                    Code::GW0602,
                    "`at most 0 at once` would never call",
                    at_most.span,
                    "expected 1 or more",
                )
                .fix("one after the other: `1`", at_most.span, "1"),
            );
            return;
        }
        if walk::is_broken(value) || limit_fans(value, at_most.value) {
            return;
        }
        let calls = walk::makes_calls(value);
        match self.fans.last_mut() {
            Some(fan) if calls => *fan = Some(fan.map_or(at_most.value, |said| said.min(at_most.value))),
            _ => {
                let why = if calls { "there is one call, and no list around it" } else { "nothing is called here" };
                self.report(
                    Diagnostic::new(Code::GW0602, "`at most` bounds nothing here", span, why)
                        .note("it bounds how many elements of a list are in work at once, where each makes calls"),
                );
            }
        }
    }
}

/// Bounds the outermost lists in `value` whose elements make calls; says whether there is one.
fn limit_fans(value: &mut Expr, most: u32) -> bool {
    if let ExprKind::Map { list, at_most: Some(at_most), .. } = &mut value.kind {
        *at_most = most;
        let _ = limit_fans(list, most);
        return true;
    }
    let mut found = false;
    for child in walk::children_mut(value) {
        found |= limit_fans(child, most);
    }
    found
}
