//! Broken pieces to diagnostics: each is read once more, alone and strictly, for the exact place and the words.
//!
//! Here, and nowhere else, the grammar's `broken_…` pairs are looked into.

mod hints;
mod unbuilt;
mod values;

use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};

use super::parse::{Builder, Grammar, Node, Rule};
use super::tokens::{Token, TokenKind, to_u32};
use super::words::{Words, words};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// What a broken piece should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Item,
    GroupItem,
    Operation,
    Setting,
    Statement,
    Field,
    Variant,
    Tag,
}

impl Piece {
    fn strict(self) -> Rule {
        match self {
            Self::Item => Rule::only_item,
            Self::GroupItem => Rule::only_group_item,
            Self::Operation => Rule::only_operation,
            Self::Setting => Rule::only_setting,
            Self::Statement => Rule::only_statement,
            Self::Field => Rule::only_field,
            Self::Variant => Rule::only_variant,
            Self::Tag => Rule::only_tag,
        }
    }

    /// What may follow a whole one.
    fn next(self) -> &'static str {
        match self {
            Self::Item | Self::GroupItem => "an item",
            Self::Operation => "an operation",
            Self::Setting => "a setting",
            Self::Statement => "a statement",
            Self::Field | Self::Variant | Self::Tag => "`,`",
        }
    }
}

/// A fault in a broken piece: where the strict parse stopped, and what it would have taken there.
pub(super) struct Fault<'a> {
    pub(super) piece: Piece,
    /// All of the piece.
    pub(super) place: Span,
    /// Where the strict parse stopped.
    pub(super) at: u32,
    /// What stands there, if anything.
    pub(super) found: Option<Token>,
    /// The rules that would have matched there.
    pub(super) expected: &'a [Rule],
}

impl Builder<'_> {
    /// Reports a piece that no strict rule reads. `previous` is what stands before it in its block.
    pub(super) fn broken(&mut self, piece: Piece, place: Span, previous: Option<(Piece, Span)>) {
        self.broken = true;
        let goes_on = self.broken_end.is_some_and(|end| !self.line_ends_between(end, place.start));
        self.broken_end = Some(place.end);
        if goes_on || self.is_full() || self.closes_what_is_lost(place) {
            return;
        }
        let mut previous = previous;
        for part in self.parts_of(piece, place) {
            let diagnostic = self.explain(piece, part, previous.take());
            self.report(diagnostic);
        }
    }

    /// A broken item takes all up to the next sound one: several broken ones in a row are told apart by their lines.
    fn parts_of(&self, piece: Piece, place: Span) -> Vec<Span> {
        let (mut parts, mut start) = (Vec::new(), place.start);
        let mut before: Option<Token> = None;
        for token in self.tokens.within(place.start, place.end) {
            let behind_block = before.is_some_and(|before| self.token_text(before) == "}");
            let starts = piece == Piece::Item && behind_block && token.start > start && self.looks_like_item(*token);
            if starts {
                parts.push(Span::new(self.file, start, self.tokens.end_before(token.start)));
                start = token.start;
            }
            before = Some(*token);
        }
        parts.push(Span::new(self.file, start, place.end));
        parts
    }

    /// A `}` too many right after a fault is most likely its consequence.
    fn closes_what_is_lost(&self, place: Span) -> bool {
        self.slice(place).trim_start_matches(['}', ' ', '\n', '\t', '\r']).is_empty() && !self.diagnostics.is_empty()
    }

    fn line_ends_between(&self, start: u32, end: u32) -> bool {
        self.text.get(start as usize..end as usize).is_some_and(|between| between.contains('\n'))
    }

    /// What stands before a broken piece is often its first half, `let x = a` before `+ + b`: both are read as one too,
    /// and the reading that comes further is the better explanation.
    fn explain(&self, piece: Piece, place: Span, previous: Option<(Piece, Span)>) -> Diagnostic {
        let previous = previous.filter(|(kind, previous)| self.may_go_on(*kind, *previous, place));
        let joined = previous.map(|(kind, previous)| (kind, Span::new(self.file, previous.start, place.end)));
        let mut furthest = (place.start, piece, Vec::new());
        for (piece, range) in [(piece, place)].into_iter().chain(joined) {
            if let Err(error) = Grammar::parse(piece.strict(), self.slice(range)) {
                let at = range.start + location(&error);
                if at >= furthest.0 {
                    furthest = (at, piece, expected(&error));
                }
            }
        }
        let (at, piece, expected) = furthest;
        let fault = Fault { piece, place, at, found: self.tokens.from(at), expected: &expected };
        self.hint(&fault).unwrap_or_else(|| self.plain(&fault))
    }

    /// An item that ends in its `}` is whole.
    fn may_go_on(&self, piece: Piece, previous: Span, place: Span) -> bool {
        let item = matches!(piece, Piece::Item | Piece::GroupItem);
        previous.end <= place.start && !(item && self.slice(previous).ends_with('}'))
    }

    /// "expected X, found Y"
    fn plain(&self, fault: &Fault<'_>) -> Diagnostic {
        let expected = list(&spoken(fault.piece, fault.expected));
        let message = format!("expected {expected}, found {}", self.describe(fault.found));
        let place = self.where_to_point(fault);
        let diagnostic = Diagnostic::new(Code::GW0001, message, place, format!("expected {expected}"));
        match fault.found {
            Some(token) if token.kind == TokenKind::Doc => {
                diagnostic.note("`///` documents the item, field or operation below it; a comment starts with `//`")
            }
            Some(token) if self.is_reserved(token) && wants_name(fault.expected) => {
                let word = self.token_text(token);
                diagnostic.note(format!("`{word}` is a reserved word and can't name a value"))
            }
            _ => diagnostic,
        }
    }

    /// The token that was found; or, where that stands on a later line, the place behind the one before it.
    pub(super) fn where_to_point(&self, fault: &Fault<'_>) -> Span {
        let before = self.tokens.before(fault.at);
        let end = before.map_or(fault.at, |token| token.end);
        match fault.found {
            Some(token) if before.is_none() || !self.line_ends_between(end, token.start) => {
                Span::new(self.file, token.start, token.end)
            }
            Some(token) if fault.at == fault.place.start => Span::new(self.file, token.start, token.end),
            _ => Span::new(self.file, end, end),
        }
    }

    /// A token as a message names it.
    pub(super) fn describe(&self, token: Option<Token>) -> String {
        let Some(token) = token else { return "the end of the file".to_owned() };
        match token.kind {
            TokenKind::Doc => "documentation".to_owned(),
            TokenKind::String | TokenKind::Raw if self.token_text(token).len() > 32 => "a string".to_owned(),
            _ => {
                let text: String = self.token_text(token).chars().take(32).collect();
                format!("`{}`", text.replace(char::is_control, " "))
            }
        }
    }

    pub(super) fn token_text(&self, token: Token) -> &str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    fn is_reserved(&self, token: Token) -> bool {
        token.kind == TokenKind::Word
            && Grammar::parse(Rule::reserved, self.token_text(token)).is_ok()
            && Grammar::parse(Rule::name, self.token_text(token)).is_err()
    }

    /// Reports a block that nothing closes, unless a broken piece in it may have swallowed its end.
    pub(super) fn unclosed(&mut self, node: &Node<'_>, block: Span) {
        let found = to_u32(node.as_span().start());
        if self.tokens.open_comment.is_some() || self.is_full() {
            return;
        }
        let lost = |span: Span| block.start <= span.start && span.start <= found;
        self.broken = true;
        if self.diagnostics.iter().filter_map(Diagnostic::primary).any(lost) && self.unbalanced(block.start, found) {
            return;
        }
        let open = self.tokens.within(block.start, found).iter().find(|token| self.token_text(**token) == "{").copied();
        let place = open.map_or(block.at_start(), |token| Span::new(self.file, token.start, token.end));
        let end = Span::new(self.file, self.tokens.end_before(found), self.tokens.end_before(found));
        self.report(
            Diagnostic::new(Code::GW0004, "this `{` is never closed", place, "opened here")
                .also(end, format!("expected `}}` before {}", self.describe(self.tokens.from(found)))),
        );
    }

    /// Whether the brackets in a range are not balanced beyond the one that is known to be open.
    fn unbalanced(&self, start: u32, end: u32) -> bool {
        let mut kinds = [0_i32; 3];
        for token in self.tokens.within(start, end) {
            match self.token_text(*token) {
                "{" => kinds[0] += 1,
                "}" => kinds[0] -= 1,
                "(" => kinds[1] += 1,
                ")" => kinds[1] -= 1,
                "[" => kinds[2] += 1,
                "]" => kinds[2] -= 1,
                _ if token.kind == TokenKind::Unterminated => return true,
                _ => {}
            }
        }
        kinds != [1, 0, 0]
    }
}

/// The report of a text that pest gave up on as a whole, which the grammar rules out.
pub(super) fn refused(builder: &Builder<'_>, error: &Error<Rule>) -> Diagnostic {
    let at = location(error);
    let place = Span::new(builder.file, at, at);
    Diagnostic::new(Code::GW0001, "this file can't be read", place, "not understood from here on")
}

fn location(error: &Error<Rule>) -> u32 {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => to_u32(at),
    }
}

fn expected(error: &Error<Rule>) -> Vec<Rule> {
    match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.clone(),
        ErrorVariant::CustomError { .. } => Vec::new(),
    }
}

fn wants_name(expected: &[Rule]) -> bool {
    expected.iter().any(|rule| matches!(rule, Rule::name | Rule::expr | Rule::operand | Rule::primary))
}

/// The words for what was expected, the likeliest alone where there are any.
fn spoken(piece: Piece, expected: &[Rule]) -> Vec<String> {
    let (mut named, mut goes_on) = (Vec::new(), Vec::new());
    for rule in expected.iter().filter(|rule| !is_noise(**rule, expected)) {
        match words(*rule) {
            Words::Named(name) => named.push(name),
            Words::GoesOn(name) => goes_on.push(name.to_owned()),
            Words::Silent if *rule == Rule::EOI => named.push(piece.next().to_owned()),
            Words::Silent => {}
        }
    }
    let mut spoken = if named.is_empty() { goes_on } else { named };
    if spoken.is_empty() {
        spoken.push(piece.next().to_owned());
    }
    let mut seen = std::collections::BTreeSet::new();
    spoken.retain(|name| seen.insert(name.clone()));
    // Brackets and commas close or go on; what a person meant to write comes first.
    spoken.sort_by_key(|name| name.starts_with('`') && name.len() <= 3);
    if spoken.len() > MOST_WORDS {
        return vec![piece.next().to_owned()];
    }
    spoken
}

/// A longer list of what could stand somewhere helps nobody.
const MOST_WORDS: usize = 5;

/// What could stand there but is not what is missing: the ways in which a whole value, type or entry could go on.
fn is_noise(rule: Rule, expected: &[Rule]) -> bool {
    let has = |rule| expected.contains(&rule);
    let behind_value = has(Rule::question) && (has(Rule::k_omit) || has(Rule::omit));
    let behind_type = has(Rule::question) && !behind_value;
    let may_end = has(Rule::comma) || has(Rule::EOI) || has(Rule::close_paren);
    match rule {
        Rule::open_paren => behind_value || behind_type,
        Rule::open_bracket | Rule::open_brace | Rule::dot | Rule::fat_arrow | Rule::k_at => behind_value,
        Rule::colon => has(Rule::fat_arrow),
        Rule::eq | Rule::k_else | Rule::k_with | Rule::k_sensitive | Rule::k_secret => may_end && !has(Rule::k_then),
        _ => false,
    }
}

/// "a, b or c"
fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
