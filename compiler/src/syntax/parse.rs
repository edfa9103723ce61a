//! pest's pairs to the tree. Together with `recover.rs` this is the only part that knows pest.
//!
//! The grammar accepts every text, so building can't fail as a whole: what is broken is reported and left out.
//! A builder's `Option` is `None` only where the grammar and the builder disagree, and then the item is refused, not lost.

mod bodies;
mod exprs;
mod items;
mod literals;
mod numbers;
mod settings;
mod types;

use std::iter::Peekable;

use pest::Parser as _;
use pest::iterators::{Pair, Pairs};

use super::ast::{File, Name, Text};
use super::tokens::{Tokens, to_u32};
use super::{Parsed, recover};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The parser that pest makes of the grammar, and its `Rule`.
mod grammar {
    #![allow(clippy::pedantic, unreachable_pub, missing_docs, reason = "pest writes this code")]

    #[derive(pest_derive::Parser)]
    #[grammar = "syntax/gw.pest"]
    pub(in crate::syntax) struct Grammar;
}

pub(super) use grammar::{Grammar, Rule};

/// A pair of this grammar.
pub(super) type Node<'a> = Pair<'a, Rule>;

/// Builds the tree of a text whose nesting is known to be bounded.
pub(super) fn file(text: &str, file: FileId, tokens: Tokens) -> Parsed {
    let mut builder = Builder { text, file, tokens: &tokens, diagnostics: Vec::new(), broken: false, broken_end: None };
    let items = match Grammar::parse(Rule::file, text) {
        Ok(pairs) => builder.items(pairs),
        Err(error) => {
            builder.report(recover::refused(&builder, &error));
            Vec::new()
        }
    };
    if let Some(start) = tokens.open_comment {
        let place = Span::new(file, start, start + 2);
        builder.report(
            Diagnostic::new(Code::GW0003, "this comment never ends", place, "opened here")
                .note("comments nest: each `/*` needs a `*/` of its own"),
        );
    }
    let Builder { diagnostics, broken, .. } = builder;
    Parsed { file: File { items, broken }, trivia: tokens.trivia, diagnostics }
}

/// A text with more faults than this is no `.gw` text: the rest is not told, which also bounds the time they cost.
const MOST_FINDINGS: usize = 100;

/// What the building of every node needs: the text, its tokens, and where findings go.
pub(super) struct Builder<'a> {
    pub(super) text: &'a str,
    pub(super) file: FileId,
    pub(super) tokens: &'a Tokens,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) broken: bool,
    /// The end of the broken piece that was reported last: what goes on right behind it is no fault of its own.
    pub(super) broken_end: Option<u32>,
}

impl Builder<'_> {
    /// Keeps a finding; the file is broken from then on. Beyond [`MOST_FINDINGS`] there is nothing more to learn.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        if !self.is_full() {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether no more findings are kept.
    pub(super) fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST_FINDINGS
    }

    /// The place of a node, without the blanks and comments that pest counts to it.
    pub(super) fn span(&self, node: &Node<'_>) -> Span {
        let (start, end) = (to_u32(node.as_span().start()), to_u32(node.as_span().end()));
        Span::new(self.file, start, self.tokens.end_before(end).max(start))
    }

    /// A word.
    pub(super) fn name(&self, node: &Node<'_>) -> Name {
        Name { text: node.as_str().to_owned(), span: self.span(node) }
    }

    /// The documentation in front of a node.
    pub(super) fn docs(&mut self, kids: &mut Kids<'_>) -> Vec<Text> {
        let mut docs = Vec::new();
        while let Some(node) = kids.eat(Rule::doc) {
            let span = self.span(&node);
            let value = match Kids::of(node).last() {
                Some(line) if line.as_rule() == Rule::doc_line => line.as_str().get(3..).unwrap_or_default().to_owned(),
                // `#[doc = "…"]`: the string stands before the bracket.
                _ => self.doc_attribute(span),
            };
            let value = value.strip_prefix(' ').unwrap_or(&value).trim_end().to_owned();
            docs.push(Text { value, span });
        }
        docs
    }

    fn doc_attribute(&mut self, span: Span) -> String {
        let string = self.tokens.within(span.start, span.end).iter().rev().nth(1).copied();
        string.map_or_else(String::new, |token| {
            let at = Span::new(self.file, token.start, token.end);
            self.string_value(at)
        })
    }

    /// Reports a `,` that is not there; everything else is as if it were.
    pub(super) fn missing_comma(&mut self, node: &Node<'_>) {
        let found = to_u32(node.as_span().start());
        let end = self.tokens.end_before(found);
        let place = Span::new(self.file, end, end);
        self.report(
            Diagnostic::new(Code::GW0010, "a `,` is missing between two entries", place, "expected `,` here").fix(
                "write the `,`",
                place,
                ",",
            ),
        );
    }
}

/// The children of a node, taken one after the other.
pub(super) struct Kids<'a> {
    pairs: Peekable<Pairs<'a, Rule>>,
}

impl<'a> Kids<'a> {
    /// The children of `node`.
    pub(super) fn of(node: Node<'a>) -> Self {
        Self { pairs: node.into_inner().peekable() }
    }

    /// The next child if it is of that rule.
    pub(super) fn eat(&mut self, rule: Rule) -> Option<Node<'a>> {
        self.pairs.next_if(|pair| pair.as_rule() == rule)
    }

    /// Whether the next child is of that rule; it is passed over then.
    pub(super) fn pass(&mut self, rule: Rule) -> bool {
        self.eat(rule).is_some()
    }

    /// The rule of the next child.
    pub(super) fn peek(&mut self) -> Option<Rule> {
        self.pairs.peek().map(Pair::as_rule)
    }
}

impl<'a> Iterator for Kids<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        self.pairs.next()
    }
}
