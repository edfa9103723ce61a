//! Refuses, before the grammar sees it, a text whose tree would be too deep: the parser and every later stage go down
//! the tree by calls, and the stack is finite.
//!
//! It counts tokens, not grammar: brackets and `if` nest, and in a row of operators, fields and calls each is one
//! level of the tree as well.

use super::tokens::{Token, TokenKind, Tokens};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// Brackets and `if`s in one another.
const MAX_NESTING: u32 = 64;

/// Levels of the tree: nesting, and the operators, fields and calls in a row.
const MAX_DEPTH: u32 = 256;

/// Words that stand between two values, or before one, and so end no entry.
const JOINING_WORDS: &[&str] = &["or", "in", "omit", "reveal", "then", "else", "match"];

/// What is open around a place: for each bracket the `if`s and the links of the row in it.
#[derive(Default)]
struct Level {
    ifs: u32,
    links: u32,
    /// Whether the last token can end a value, so that a word behind it starts something new.
    behind_value: bool,
}

/// Refuses what is too deep.
pub(super) fn check(text: &str, file: FileId, tokens: &Tokens) -> Result<(), Diagnostic> {
    if tokens.comment_depth > MAX_NESTING {
        let start = tokens.trivia.comments.first().map_or(Span::new(file, 0, 0), |comment| comment.span.at_start());
        return Err(too_deep(start, "comments", MAX_NESTING));
    }
    let mut levels = Levels { stack: vec![Level::default()], ifs: 0, links: 0 };
    for token in &tokens.list {
        levels.step(token, text.get(token.start as usize..token.end as usize).unwrap_or_default());
        let place = Span::new(file, token.start, token.end);
        if levels.nesting() > MAX_NESTING {
            return Err(too_deep(place, "brackets and `if`s", MAX_NESTING));
        }
        if levels.depth() > MAX_DEPTH {
            return Err(too_deep(place, "operators, fields and calls in one expression", MAX_DEPTH));
        }
    }
    Ok(())
}

fn too_deep(place: Span, of_what: &str, limit: u32) -> Diagnostic {
    Diagnostic::new(Code::GW0002, "this is nested too deeply", place, format!("more than {limit} {of_what}"))
        .note("nothing of this file was read; give parts of it names of their own")
}

struct Levels {
    stack: Vec<Level>,
    ifs: u32,
    links: u32,
}

impl Levels {
    fn nesting(&self) -> u32 {
        u32::try_from(self.stack.len()).unwrap_or(u32::MAX).saturating_add(self.ifs)
    }

    fn depth(&self) -> u32 {
        self.nesting().saturating_add(self.links)
    }

    fn step(&mut self, token: &Token, text: &str) {
        match token.kind {
            TokenKind::Open => self.stack.push(Level::default()),
            TokenKind::Close => {
                if self.stack.len() > 1 {
                    self.end_row();
                    self.stack.pop();
                }
                self.link();
                self.value();
            }
            TokenKind::Word if text == "if" => {
                self.start_row_behind_value();
                self.ifs += 1;
                self.top(|level| level.ifs += 1);
            }
            TokenKind::Word if JOINING_WORDS.contains(&text) => {
                self.link();
                self.top(|level| level.behind_value = false);
            }
            TokenKind::Word | TokenKind::Number | TokenKind::String | TokenKind::Raw => {
                self.start_row_behind_value();
                self.value();
            }
            TokenKind::Sign if matches!(text, "," | ":" | "=" | "=>" | "->") => self.end_row(),
            TokenKind::Sign if text == "?" => self.link(),
            TokenKind::Sign => {
                self.link();
                self.top(|level| level.behind_value = false);
            }
            TokenKind::Doc | TokenKind::Unterminated | TokenKind::Unknown => {}
        }
    }

    fn top(&mut self, change: impl FnOnce(&mut Level)) {
        if let Some(level) = self.stack.last_mut() {
            change(level);
        }
    }

    /// One more link of the row: a level of the tree.
    fn link(&mut self) {
        self.links += 1;
        self.top(|level| level.links += 1);
    }

    fn value(&mut self) {
        self.top(|level| level.behind_value = true);
    }

    /// Two values side by side are no row: the second starts the next setting, statement or item.
    fn start_row_behind_value(&mut self) {
        if self.stack.last().is_some_and(|level| level.behind_value) {
            self.end_row();
        }
    }

    fn end_row(&mut self) {
        let (mut ifs, mut links) = (0, 0);
        self.top(|level| (ifs, links) = (std::mem::take(&mut level.ifs), std::mem::take(&mut level.links)));
        self.top(|level| level.behind_value = false);
        self.ifs -= ifs;
        self.links -= links;
    }
}
