//! Rust's tokens back to the text they were, and each place of that text back to its token.
//!
//! Every token is written at its own line and column, so that the compiler speaks of the lines of the Rust file.
//! rust-analyzer gives all tokens one position; they are then joined by single blanks, which the language allows:
//! nothing in it hangs on two tokens touching beyond what Rust's own lexer keeps together.

use proc_macro2::{Delimiter, Group, Punct, Spacing, Span, TokenStream, TokenTree};

/// The text of a macro call.
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// The text.
    pub(crate) text: String,
    /// Its tokens, in order.
    pieces: Vec<Piece>,
}

/// A token in the text.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    span: Span,
}

impl Text {
    /// Writes all tokens of a macro call.
    pub(crate) fn of(tokens: TokenStream) -> Self {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let placed = match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => Position::start(first.span()) != Position::end(last.span()),
            _ => false,
        };
        let mut writer = Writer::new(placed);
        writer.trees(&tokens);
        writer.text
    }

    /// The first and the last token of a range of the text; for an empty range the token at or before it.
    /// A text without tokens is at the macro's call.
    pub(crate) fn ends(&self, start: u32, end: u32) -> (Span, Span) {
        let (start, end) = (start as usize, end as usize);
        let first = self.pieces.partition_point(|piece| piece.end <= start);
        let behind = self.pieces.partition_point(|piece| piece.start < end);
        if let Some([first, .., last] | [first @ last]) = self.pieces.get(first..behind) {
            return (first.span, last.span);
        }
        let behind = self.pieces.partition_point(|piece| piece.start <= start);
        let nearest = self.pieces.get(behind.saturating_sub(1));
        let span = nearest.map_or_else(Span::call_site, |piece| piece.span);
        (span, span)
    }
}

/// A place in Rust's text: the line from 1, the column in characters from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Position {
    line: usize,
    column: usize,
}

impl Position {
    const FIRST: Self = Self { line: 1, column: 0 };

    fn start(span: Span) -> Self {
        let at = span.start();
        Self { line: at.line, column: at.column }
    }

    fn end(span: Span) -> Self {
        let at = span.end();
        Self { line: at.line, column: at.column }
    }
}

struct Writer {
    text: Text,
    /// Whether tokens have positions of their own.
    placed: bool,
    /// Where the text written so far ends.
    at: Position,
    /// Whether the next token may touch the last one.
    touching: bool,
}

impl Writer {
    fn new(placed: bool) -> Self {
        Self { text: Text::default(), placed, at: Position::FIRST, touching: true }
    }

    fn trees(&mut self, trees: &[TokenTree]) {
        let mut rest = trees;
        while let Some((tree, behind)) = rest.split_first() {
            rest = behind;
            match (tree, behind) {
                (TokenTree::Punct(hash), [TokenTree::Group(group), behind @ ..]) if hash.as_char() == '#' => {
                    if let Some(doc) = doc_value(group) {
                        self.doc(hash, &doc, behind.first());
                        rest = behind;
                    } else {
                        self.put("#", hash.span());
                    }
                }
                (tree, _) => self.tree(tree),
            }
        }
    }

    fn tree(&mut self, tree: &TokenTree) {
        match tree {
            TokenTree::Group(group) => self.group(group),
            TokenTree::Ident(ident) => self.put(&ident.to_string(), ident.span()),
            TokenTree::Literal(literal) => self.put(&literal.to_string(), literal.span()),
            TokenTree::Punct(punct) => {
                self.put(punct.as_char().encode_utf8(&mut [0; 4]), punct.span());
                self.touching = punct.spacing() == Spacing::Joint;
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ("{", "}"),
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            // What a `macro_rules!` around the call has put in: its tokens stand for themselves.
            Delimiter::None => ("", ""),
        };
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        self.put(open, group.span_open());
        self.trees(&inner);
        self.put(close, group.span_close());
    }

    /// Documentation goes back to `///` where a line end follows it, and stays an attribute where none does.
    fn doc(&mut self, hash: &Punct, doc: &str, next: Option<&TokenTree>) {
        let line = hash.span().start().line;
        let ends_line = self.placed && next.is_some_and(|next| next.span().start().line > line);
        if ends_line && !doc.contains('\n') && !doc.starts_with('/') {
            self.put(&format!("///{doc}"), hash.span());
        } else {
            self.put(&format!("#[doc = r#\"{}\"#]", doc.replace("\"#", "\" #")), hash.span());
        }
    }

    /// Writes one token at its place. One that came from elsewhere (through a macro around the call) may lie
    /// before what is written already: it follows behind a blank.
    fn put(&mut self, token: &str, span: Span) {
        if token.is_empty() {
            return;
        }
        let place = Position::start(span);
        if self.placed && place >= self.at {
            while self.at.line < place.line {
                self.write("\n");
            }
            while self.at.column < place.column {
                self.write(" ");
            }
            if self.would_join(token) {
                self.write(" ");
            }
        } else if !self.touching {
            self.write(" ");
        }
        let start = self.text.text.len();
        self.write(token);
        self.text.pieces.push(Piece { start, end: self.text.text.len(), span });
        self.touching = false;
    }

    /// Whether two words would become one.
    fn would_join(&self, token: &str) -> bool {
        let is_word = |character: char| character == '_' || character.is_alphanumeric();
        self.text.text.ends_with(is_word) && token.starts_with(is_word)
    }

    fn write(&mut self, text: &str) {
        self.text.text.push_str(text);
        for character in text.chars() {
            self.at.column += 1;
            if character == '\n' {
                self.at = Position { line: self.at.line + 1, column: 0 };
            }
        }
    }
}

/// The text of `[doc = "…"]`.
fn doc_value(group: &Group) -> Option<String> {
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
    match inner.as_slice() {
        [TokenTree::Ident(word), TokenTree::Punct(equals), TokenTree::Literal(text)]
            if word == "doc" && equals.as_char() == '=' =>
        {
            string_value(text)
        }
        _ => None,
    }
}

/// The value of a string literal.
pub(crate) fn string_value(literal: &proc_macro2::Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
