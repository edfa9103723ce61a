//! The text cut into tokens, before the grammar reads it: for the exact ends of nodes, for what was found where
//! something else was expected, for comments and blank lines, and to bound what the grammar is given.
//!
//! It knows no grammar. Where it and `gw.pest` name a token alike, a test holds them to the same cut.

use super::trivia::{Comment, Trivia};
use crate::source::{FileId, Span};

/// What a token is, as far as messages and bounds need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Number,
    String,
    Raw,
    Doc,
    Open,
    Close,
    Sign,
    /// A string or raw string that never ends.
    Unterminated,
    /// A character that no token starts with.
    Unknown,
}

/// One token: its place in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// All tokens of a text, in order, with what stands between them.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) list: Vec<Token>,
    pub(super) trivia: Trivia,
    /// Where a `/*` that nothing closes starts.
    pub(super) open_comment: Option<u32>,
    /// How deep comments lie in comments, at most.
    pub(super) comment_depth: u32,
}

impl Tokens {
    /// Cuts a text.
    pub(super) fn of(text: &str, file: FileId) -> Self {
        let mut lexer = Lexer { text, file, at: 0, tokens: Self::default() };
        while lexer.step() {}
        lexer.tokens
    }

    /// The end of the last token that ends at or before `offset`: where a node really ends, without blanks and comments.
    pub(super) fn end_before(&self, offset: u32) -> u32 {
        let count = self.list.partition_point(|token| token.end <= offset);
        count.checked_sub(1).and_then(|last| self.list.get(last)).map_or(0, |token| token.end)
    }

    /// The first token that starts at or behind `offset`.
    pub(super) fn from(&self, offset: u32) -> Option<Token> {
        self.list.get(self.index_from(offset)).copied()
    }

    /// The last token that ends at or before `offset`.
    pub(super) fn before(&self, offset: u32) -> Option<Token> {
        let count = self.list.partition_point(|token| token.end <= offset);
        count.checked_sub(1).and_then(|last| self.list.get(last)).copied()
    }

    /// The tokens that lie in a range.
    pub(super) fn within(&self, start: u32, end: u32) -> &[Token] {
        let to = self.list.partition_point(|token| token.end <= end);
        self.list.get(self.index_from(start)..to).unwrap_or_default()
    }

    fn index_from(&self, offset: u32) -> usize {
        self.list.partition_point(|token| token.start < offset)
    }
}

/// Signs of several characters, longest first.
const SIGNS: &[&str] = &["...", "..=", "..", "->", "=>", "==", "!=", "<=", ">=", "||", "&&", "::"];

struct Lexer<'a> {
    text: &'a str,
    file: FileId,
    at: usize,
    tokens: Tokens,
}

impl Lexer<'_> {
    /// Reads one token, comment or run of blanks; false at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return false };
        match first {
            ' ' | '\t' | '\r' | '\n' => self.blanks(),
            '/' if rest.starts_with("/*") => self.block_comment(),
            '/' if is_doc(rest) => self.take(TokenKind::Doc, line_length(rest)),
            '/' if rest.starts_with("//") && !rest.starts_with("//!") => self.comment(line_length(rest)),
            '"' => self.string(),
            'r' if rest.starts_with("r\"") => self.raw(2, "\""),
            'r' if rest.starts_with("r#\"") => self.raw(3, "\"#"),
            '{' | '(' | '[' => self.take(TokenKind::Open, 1),
            '}' | ')' | ']' => self.take(TokenKind::Close, 1),
            '0'..='9' => self.number(),
            first if is_word_start(first) => {
                let length = rest.find(|next| !is_word_character(next)).unwrap_or(rest.len());
                self.take(TokenKind::Word, length);
            }
            first => self.sign(first),
        }
        true
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, kind: TokenKind, length: usize) {
        let start = to_u32(self.at);
        self.at += length;
        self.tokens.list.push(Token { kind, start, end: to_u32(self.at) });
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        let length = rest.find(|next| !matches!(next, ' ' | '\t' | '\r' | '\n')).unwrap_or(rest.len());
        let lines = rest.bytes().take(length).filter(|byte| *byte == b'\n').count();
        self.at += length;
        // A line comment leaves its own line end to these blanks, as a token does.
        if lines > 1 {
            self.tokens.trivia.blank_lines.push(to_u32(self.at));
        }
    }

    fn comment(&mut self, length: usize) {
        let start = self.at;
        self.at += length;
        let before = self.text.get(..start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        self.tokens.trivia.comments.push(Comment {
            span: Span::new(self.file, to_u32(start), to_u32(self.at)),
            own_line: line.bytes().all(|byte| byte.is_ascii_whitespace()),
        });
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0;
        let mut at = self.at;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            if rest.starts_with("/*") {
                depth += 1;
                self.tokens.comment_depth = self.tokens.comment_depth.max(depth);
                at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                at += 2;
            } else if let Some(next) = rest.chars().next() {
                at += next.len_utf8();
            } else {
                self.tokens.open_comment.get_or_insert(to_u32(start));
                break;
            }
            if depth == 0 {
                break;
            }
        }
        self.comment(at - start);
    }

    /// A string ends on its line; where it does not, the rest of the line is taken for it.
    fn string(&mut self) {
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((place, character)) = characters.next() {
            match character {
                '"' => return self.take(TokenKind::String, place + 1),
                '\n' => return self.take(TokenKind::Unterminated, place),
                '\\' => match characters.next() {
                    Some((place, '\n')) => return self.take(TokenKind::Unterminated, place),
                    Some(_) => {}
                    None => break,
                },
                _ => {}
            }
        }
        self.take(TokenKind::Unterminated, self.rest().len());
    }

    fn raw(&mut self, opening: usize, closing: &str) {
        let body = self.rest().get(opening..).unwrap_or_default();
        match body.find(closing) {
            Some(length) => self.take(TokenKind::Raw, opening + length + closing.len()),
            None => self.take(TokenKind::Unterminated, line_length(self.rest())),
        }
    }

    fn number(&mut self) {
        let bytes = self.rest().as_bytes();
        let mut length = 0;
        while let Some(byte) = bytes.get(length) {
            let digit_follows = bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
            if !(byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'.' && digit_follows) {
                break;
            }
            length += 1;
        }
        self.take(TokenKind::Number, length);
    }

    fn sign(&mut self, first: char) {
        let rest = self.rest();
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            return self.take(TokenKind::Sign, sign.len());
        }
        let known = matches!(first, '#' | '=' | ':' | ',' | '.' | '?' | '!' | '-' | '+' | '*' | '/' | '%' | '<' | '>');
        self.take(if known { TokenKind::Sign } else { TokenKind::Unknown }, first.len_utf8());
    }
}

fn is_doc(rest: &str) -> bool {
    rest.starts_with("///") && !rest.starts_with("////")
}

fn line_length(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

fn is_word_start(character: char) -> bool {
    character == '_' || unicode_ident::is_xid_start(character)
}

fn is_word_character(character: char) -> bool {
    unicode_ident::is_xid_continue(character)
}

/// Files are bounded far below 4 GiB when they are loaded, so a place in one always fits.
pub(super) fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
