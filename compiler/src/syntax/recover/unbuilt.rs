//! Pieces of what this version does not build yet. How they are written can't be guessed, so they are refused as a whole.

use super::{Fault, Piece};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::later::{knows, not_yet};
use crate::source::Span;
use crate::syntax::parse::Builder;
use crate::syntax::tokens::TokenKind;

impl Builder<'_> {
    /// The refusal of a broken item, statement or setting that would be refused if it were sound.
    pub(super) fn unbuilt(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let tokens = self.tokens.within(fault.place.start, fault.place.end);
        let mut words = tokens.iter().skip_while(|token| token.kind == TokenKind::Doc);
        let first = words.next().filter(|first| first.kind == TokenKind::Word)?;
        let place = self.at(*first);
        let word = self.token_text(*first);
        match fault.piece {
            Piece::Item if word == "extern" => {
                let second = words.next().filter(|second| self.token_text(**second) == "fn")?;
                Some(not_yet("extern fn", Span::new(self.file, first.start, second.end)))
            }
            Piece::Statement if word == "proxy" => Some(not_yet(word, place)),
            // Where the word itself is the fault, it is no setting of that name.
            Piece::Item | Piece::Setting if fault.at > first.start && knows(word) => Some(not_yet(word, place)),
            _ => None,
        }
    }
}
