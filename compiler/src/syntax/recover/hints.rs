//! Mistakes that people make again and again: each has its own words, and where possible the text to write.

use super::{Fault, Piece};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::spelling::nearest;
use crate::syntax::parse::{Builder, Node, Rule};
use crate::syntax::tokens::{Token, TokenKind};

/// The words that items start with.
const ITEM_WORDS: &[&str] =
    &["gateway", "type", "enum", "union", "auth", "policy", "service", "group", "endpoint", "extern", "test", "use"];

/// The words that statements start with.
const STATEMENT_WORDS: &[&str] = &["let", "check", "respond", "redirect", "proxy", "reject"];

/// What other languages call them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("return", "respond"),
    ("var", "let"),
    ("const", "let"),
    ("assert", "check"),
    ("require", "check"),
    ("throw", "reject"),
    ("forward", "proxy"),
];

/// The methods, in the order in which people look for them.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"];

/// No word of the language comes near this length, and comparing words costs their lengths' product.
const LONGEST_WORD: usize = 24;

impl Builder<'_> {
    /// The words for a well-known mistake, if it is one.
    pub(super) fn hint(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        self.unreadable_token(fault)
            .or_else(|| self.closes_nothing(fault))
            .or_else(|| self.never_closed(fault))
            .or_else(|| self.bare_address(fault))
            .or_else(|| self.bare_method(fault))
            .or_else(|| self.misspelt_start(fault))
            .or_else(|| self.misspelt_method(fault))
            .or_else(|| self.unbuilt(fault))
            .or_else(|| self.wrong_sign(fault))
            .or_else(|| self.value_mistake(fault))
            .or_else(|| self.missing_else(fault))
    }

    /// Whether a token could be the first of an item: a word at the start of its line, nearly an item's.
    pub(super) fn looks_like_item(&self, token: Token) -> bool {
        let before = self.text.get(..token.start as usize).unwrap_or_default();
        let word = self.token_text(token);
        (before.is_empty() || before.ends_with('\n'))
            && token.kind == TokenKind::Word
            && word.len() <= LONGEST_WORD
            && nearest(word, ITEM_WORDS.iter().copied()).is_some()
    }

    pub(super) fn at(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    fn unreadable_token(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let token = fault.found?;
        let text = self.token_text(token);
        match token.kind {
            TokenKind::Unterminated => {
                let open = Span::new(self.file, token.start, token.start + 1);
                let diagnostic = Diagnostic::new(Code::GW0003, "this string never ends", open, "opened here");
                let note = "a string ends on its line, a raw string (`r\"…\"`) where its quote is closed";
                Some(diagnostic.also(self.at(token).at_end(), "expected `\"` up to here").note(note))
            }
            TokenKind::Unknown => {
                let message = format!("{} is no part of the language", self.describe(Some(token)));
                let diagnostic = Diagnostic::new(Code::GW0001, message, self.at(token), "unknown character");
                Some(match text {
                    "'" | "`" | "“" | "”" => self.quoted(token, diagnostic.note("strings stand in `\"`")),
                    ";" => diagnostic.note("nothing separates statements: each starts with its own word").fix(
                        "leave it out",
                        self.at(token),
                        "",
                    ),
                    _ => diagnostic,
                })
            }
            _ => None,
        }
    }

    /// Offers the quotes of the language for those of another, where both are there.
    fn quoted(&self, open: Token, diagnostic: Diagnostic) -> Diagnostic {
        let (quote, behind) = (self.token_text(open), self.text.get(open.end as usize..).unwrap_or_default());
        let closing = if quote == "“" { "”" } else { quote };
        let line = behind.split('\n').next().unwrap_or_default();
        let Some((text, _)) = line.split_once(closing).filter(|(text, _)| !text.contains(['"', '\\'])) else {
            return diagnostic;
        };
        let end = open.end + crate::syntax::tokens::to_u32(text.len() + closing.len());
        diagnostic.fix("write `\"`", Span::new(self.file, open.start, end), format!("\"{text}\""))
    }

    fn closes_nothing(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let token = fault.found.filter(|token| token.kind == TokenKind::Close)?;
        let text = self.token_text(token);
        let outside = matches!(fault.piece, Piece::Item) && fault.at == fault.place.start;
        outside.then(|| {
            Diagnostic::new(
                Code::GW0004,
                format!("this `{text}` closes nothing"),
                self.at(token),
                "nothing is open here",
            )
        })
    }

    /// The end of the file, or the next item, in the middle of brackets.
    fn never_closed(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        if fault.found.is_some_and(|found| found.start < fault.place.end) {
            return None;
        }
        let mut open = Vec::new();
        for token in self.tokens.within(fault.place.start, fault.place.end) {
            match token.kind {
                TokenKind::Open => open.push(*token),
                TokenKind::Close => {
                    open.pop();
                }
                _ => {}
            }
        }
        let token = open.pop()?;
        let (opening, closing) = match self.token_text(token) {
            "{" => ("{", "}"),
            "(" => ("(", ")"),
            _ => ("[", "]"),
        };
        let end = Span::new(self.file, self.tokens.end_before(fault.at), self.tokens.end_before(fault.at));
        let message = format!("this `{opening}` is never closed");
        let expected = format!("expected `{closing}` before {}", self.describe(fault.found));
        Some(Diagnostic::new(Code::GW0004, message, self.at(token), "opened here").also(end, expected))
    }

    /// `service A at http://a`: the `//` starts a comment, so nothing behind it was read.
    fn bare_address(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let found = fault.found?;
        let rest = self.text.get(found.start as usize..)?;
        let scheme = self.tokens.before(found.start).filter(|token| token.end == found.start)?;
        if !rest.starts_with("://") || scheme.kind != TokenKind::Word {
            return None;
        }
        let length = rest.find(|next: char| next.is_whitespace() || next == '{').unwrap_or(rest.len());
        let end = found.start + crate::syntax::tokens::to_u32(length);
        let place = Span::new(self.file, scheme.start, end);
        let quoted = format!("\"{}\"", self.slice(place));
        Some(
            Diagnostic::new(Code::GW0013, "an address is a string", place, "no string")
                .note("outside of a string `//` starts a comment")
                .fix("set quotes", place, quoted),
        )
    }

    /// A piece whose first word is nearly one that could stand there.
    fn misspelt_start(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let tokens = self.tokens.within(fault.place.start, fault.place.end);
        let first = tokens.iter().find(|token| token.kind != TokenKind::Doc).copied()?;
        let known = match fault.piece {
            Piece::Item => ITEM_WORDS,
            Piece::GroupItem => &["endpoint", "group"],
            Piece::Statement | Piece::Setting => STATEMENT_WORDS,
            _ => return None,
        };
        if first.start < fault.at.min(fault.place.start) || first.kind != TokenKind::Word {
            return None;
        }
        let word = self.token_text(first);
        if known.contains(&word) || METHODS.contains(&word) || word.len() > LONGEST_WORD || fault.at > first.end {
            return None;
        }
        let meant = nearest(word, known.iter().copied())?;
        Some(self.misspelt(self.at(first), word, meant, what_is(fault.piece)))
    }

    fn misspelt(&self, place: Span, word: &str, meant: &str, what: &str) -> Diagnostic {
        debug_assert_eq!(self.slice(place), word);
        Diagnostic::new(Code::GW0009, format!("`{word}` starts no {what}"), place, "unknown word").fix(
            format!("did you mean `{meant}`?"),
            place,
            meant,
        )
    }

    /// `get "/x" x()` in a service, `GET "/x" x()` outside of one.
    fn bare_method(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let [method, path, name, paren, ..] = self.tokens.within(fault.place.start, fault.place.end) else {
            return None;
        };
        let kinds = [method.kind, path.kind, name.kind, paren.kind];
        if kinds != [TokenKind::Word, TokenKind::String, TokenKind::Word, TokenKind::Open] || fault.at > method.end {
            return None;
        }
        let outside = matches!(fault.piece, Piece::Item | Piece::GroupItem);
        if outside && METHODS.contains(&self.token_text(*method)) {
            let place = self.at(*method);
            return Some(
                Diagnostic::new(Code::GW0001, "an endpoint starts with `endpoint`", place, "expected an item").fix(
                    "write `endpoint`",
                    place.at_start(),
                    "endpoint ",
                ),
            );
        }
        matches!(fault.piece, Piece::Setting | Piece::Operation).then(|| self.no_method(*method))
    }

    fn misspelt_method(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let token = fault.found.filter(|token| token.kind == TokenKind::Word)?;
        if !fault.expected.iter().any(|rule| matches!(rule, Rule::method | Rule::head)) {
            return None;
        }
        Some(self.no_method(token))
    }

    fn no_method(&self, token: Token) -> Diagnostic {
        let (word, place) = (self.token_text(token), self.at(token));
        let diagnostic = Diagnostic::new(Code::GW0001, format!("`{word}` is no method"), place, "expected a method");
        let meant = Some(word).filter(|word| word.len() <= LONGEST_WORD);
        let meant = meant.and_then(|word| nearest(word, METHODS.iter().copied()));
        match meant {
            Some(meant) => diagnostic.fix(format!("did you mean `{meant}`?"), place, meant),
            None => diagnostic.note(format!("the methods are {}", METHODS.join(", "))),
        }
    }

    /// `=` where `:` belongs, or the other way round.
    fn wrong_sign(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        if let Some(diagnostic) = self.let_with_colon(fault) {
            return Some(diagnostic);
        }
        let found = fault.found?;
        let place = self.at(found);
        let expects = |rule| fault.expected.contains(&rule);
        let (message, title, text) = match self.token_text(found) {
            "=" if expects(Rule::colon) => ("a key and its value are joined by `:`", "write `:`", ":"),
            ":" if expects(Rule::eq) => ("a name gets its value by `=`", "write `=`", "="),
            "=" if expects(Rule::compare) => ("`=` gives a name its value", "write `==` to compare", "=="),
            ":" | "=>" if expects(Rule::arrow) => ("the type of an answer stands behind `->`", "write `->`", "->"),
            "->" if expects(Rule::fat_arrow) => ("a function's body stands behind `=>`", "write `=>`", "=>"),
            "=" | ":" if fault.piece == Piece::Setting => ("a setting's value follows its name", "leave it out", ""),
            _ => return None,
        };
        // A colon follows its key closely, every other sign stands apart.
        let start = if text == "=" || text == ":" { self.tokens.end_before(found.start) } else { found.start };
        let apart = if text == "=" { " " } else { "" };
        let behind = self.text.get(found.end as usize..).is_some_and(|next| next.starts_with(char::is_whitespace));
        let gap = if text == ":" && !behind { " " } else { "" };
        let edit = Span::new(self.file, start, found.end);
        Some(Diagnostic::new(Code::GW0011, message, place, "wrong sign").fix(
            title,
            edit,
            format!("{apart}{text}{gap}"),
        ))
    }

    /// `let x: value`: read as a type, so the fault shows only behind it.
    fn let_with_colon(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let tokens = self.tokens.within(fault.place.start, fault.place.end);
        let [first, name, colon, ..] = tokens else { return None };
        let is_let =
            fault.piece == Piece::Statement && self.token_text(*first) == "let" && name.kind == TokenKind::Word;
        let has_eq = tokens.iter().any(|token| self.token_text(*token) == "=");
        if !is_let || has_eq || self.token_text(*colon) != ":" {
            return None;
        }
        let place = self.at(*colon);
        Some(
            Diagnostic::new(Code::GW0011, "`let` gives a value by `=`", place, "wrong sign")
                .note("behind `:` stands the value's type: `let name: Type = value`")
                .fix("write `=`", place, " ="),
        )
    }

    fn missing_else(&self, fault: &Fault<'_>) -> Option<Diagnostic> {
        let first = self.tokens.within(fault.place.start, fault.place.end).first().copied()?;
        let is_check = fault.piece == Piece::Statement && self.token_text(first) == "check";
        if !is_check || !fault.expected.contains(&Rule::k_else) || fault.expected.contains(&Rule::k_then) {
            return None;
        }
        let place = self.where_to_point(fault);
        let diagnostic =
            Diagnostic::new(Code::GW0014, "a `check` says what is answered when it fails", place, "expected `else`")
                .note("`check condition else 403 \"why\"`");
        Some(match fault.found {
            Some(token) if token.kind == TokenKind::Number => {
                diagnostic.fix("write `else`", self.at(token).at_start(), "else ")
            }
            _ => diagnostic,
        })
    }

    /// Whether an unknown word in a body is a misspelt `respond`, `let` …; it is reported then.
    pub(in crate::syntax) fn meant_as_statement(&mut self, node: &Node<'_>) -> bool {
        let place = self.span(node);
        let Some(first) = self.tokens.from(place.start) else { return false };
        let word = self.token_text(first).to_owned();
        if word.len() > LONGEST_WORD {
            return false;
        }
        let other = ELSEWHERE.iter().find(|(other, _)| *other == word).map(|(_, ours)| *ours);
        let near = nearest(&word, STATEMENT_WORDS.iter().copied()).filter(|_| !METHODS.contains(&word.as_str()));
        let Some(meant) = other.or(near) else { return false };
        let diagnostic = self.misspelt(self.at(first), &word, meant, "statement");
        self.report(diagnostic);
        self.broken_end = Some(place.end);
        true
    }
}

fn what_is(piece: Piece) -> &'static str {
    match piece {
        Piece::Item | Piece::GroupItem => "item",
        _ => "statement",
    }
}
