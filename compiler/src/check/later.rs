//! What the language names and this version does not build yet, where the grammar reads it.

use crate::diagnostic::later::not_yet;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::Declared;
use crate::syntax::ast;

/// Reports every item that is refused.
pub(super) fn items(declared: &Declared<'_>, diagnostics: &mut Diagnostics) {
    for item in &declared.later {
        diagnostics.push(not_yet(&item.keyword.text, item.keyword.span));
    }
}

/// Reports a setting or a source that is refused, by its word.
pub(super) fn word(name: &ast::Name, diagnostics: &mut Diagnostics) {
    diagnostics.push(not_yet(&name.text, name.span));
}

/// Reports `as xml`.
pub(super) fn format(name: &ast::Name, diagnostics: &mut Diagnostics) {
    let message = format!("`as {}` is not built yet", name.text);
    diagnostics.push(
        Diagnostic::new(Code::GW0901, message, name.span, "not yet")
            .note("it will read answers of other formats; until then an answer is JSON"),
    );
}
