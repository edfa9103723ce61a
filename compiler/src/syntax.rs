//! Text to tree. Parsing never fails: what can't be read is reported and left out, and the rest stands.

pub mod ast;
mod bounds;
mod parse;
mod recover;
mod tokens;
pub mod trivia;
mod words;

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use tokens::Tokens;
use trivia::Trivia;

/// What a text says.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// Its tree, without what is broken.
    pub file: ast::File,
    /// Its comments and blank lines.
    pub trivia: Trivia,
    /// What is wrong with its syntax, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a text. It takes any text, in time about linear to its length and with a bounded stack.
pub fn parse(text: &str, file: FileId) -> Parsed {
    let tokens = Tokens::of(text, file);
    if let Err(diagnostic) = bounds::check(text, file, &tokens) {
        let file = ast::File { items: Vec::new(), broken: true };
        return Parsed { file, trivia: tokens.trivia, diagnostics: vec![diagnostic] };
    }
    let mut parsed = parse::file(text, file, tokens);
    parsed.diagnostics.sort_by_key(Diagnostic::primary);
    parsed
}
