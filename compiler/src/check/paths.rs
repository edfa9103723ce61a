//! Paths as they are written: `/users/{id}/orders`, `/files/{path..}`. Literal pieces stand on the wire as they are here.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::syntax::ast::Text;

/// Whose path it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// A path that we call.
    Operation,
    /// A path that we serve, or the prefix of a group.
    Endpoint,
}

/// A path, segment by segment.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    /// The whole.
    pub(super) text: String,
    /// What stands between two `/`.
    pub(super) segments: Vec<Piece>,
}

/// One segment.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// This text.
    Literal(String),
    /// A parameter's place.
    Placeholder(Placeholder),
}

/// `{id}` or `{path..}`
#[derive(Debug, Clone)]
pub(super) struct Placeholder {
    /// Its name.
    pub(super) name: String,
    /// Whether it takes the rest of the path.
    pub(super) rest: bool,
    /// Where its name stands.
    pub(super) span: Span,
}

impl Written {
    /// The places for parameters.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.segments.iter().filter_map(|piece| match piece {
            Piece::Placeholder(placeholder) => Some(placeholder),
            Piece::Literal(_) => None,
        })
    }

    /// A path in a group: `/` is the prefix itself.
    pub(super) fn under(&self, prefix: &Self) -> Self {
        if prefix.segments.is_empty() {
            return self.clone();
        }
        if self.text == "/" {
            return prefix.clone();
        }
        Self {
            text: format!("{}{}", prefix.text, self.text),
            segments: prefix.segments.iter().chain(&self.segments).cloned().collect(),
        }
    }
}

/// The path, or `None` where it is malformed.
pub(super) fn parse(text: &Text, side: Side, diagnostics: &mut Diagnostics) -> Option<Written> {
    match read(text, side) {
        Ok(written) => {
            report_repeated(&written, diagnostics);
            Some(written)
        }
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// The prefix of a group, which something follows.
pub(super) fn parse_prefix(text: &Text, diagnostics: &mut Diagnostics) -> Option<Written> {
    let written = parse(text, Side::Endpoint, diagnostics)?;
    if text.value.ends_with('/') {
        let better = text.value.trim_end_matches('/');
        let diagnostic =
            Diagnostic::new(Code::GW0401, "the prefix of a group does not end in `/`", text.span, "ends in `/`")
                .note("each path in it begins with one");
        diagnostics.push(if better.is_empty() {
            diagnostic
        } else {
            diagnostic.fix(format!("write `{better}`"), text.span, format!("\"{better}\""))
        });
        return None;
    }
    if let Some(rest) = written.placeholders().find(|placeholder| placeholder.rest) {
        diagnostics.push(rest_is_last(rest.span));
        return None;
    }
    Some(written)
}

fn read(text: &Text, side: Side) -> Result<Written, Diagnostic> {
    let value = text.value.as_str();
    let Some(rest) = value.strip_prefix('/') else {
        let diagnostic = Diagnostic::new(Code::GW0401, "a path begins with `/`", text.span, "does not");
        return Err(if value.contains("://") {
            diagnostic.note("the address stands on the service; an operation has the path alone")
        } else {
            diagnostic.fix(format!("write `/{value}`"), text.span, format!("\"/{value}\""))
        });
    };
    refuse_query(text)?;
    let mut segments = Vec::new();
    let mut offset = 1;
    let last = rest.split('/').count();
    for (place, segment) in rest.split('/').enumerate() {
        let span = inside(text, offset, segment.len());
        let is_last = place + 1 == last;
        if segment.is_empty() && !is_last {
            let message = "this path has an empty segment";
            return Err(fault(message, span, "`//`"));
        }
        let piece = read_segment(segment, text, offset, side)?;
        if let (Piece::Placeholder(Placeholder { rest: true, span, .. }), false) = (&piece, is_last) {
            return Err(rest_is_last(*span));
        }
        segments.push(piece);
        offset += segment.len() + 1;
    }
    Ok(Written { text: value.to_owned(), segments })
}

fn rest_is_last(span: Span) -> Diagnostic {
    Diagnostic::new(Code::GW0403, "what takes the rest of a path stands at its end", span, "something follows it")
}

fn refuse_query(text: &Text) -> Result<(), Diagnostic> {
    let Some(at) = text.value.find(['?', '#']) else { return Ok(()) };
    let before = text.value.get(..at).unwrap_or_default();
    if before.rfind('{') > before.rfind('}') {
        return Ok(());
    }
    let span = inside(text, at, text.value.len() - at);
    let (message, note) = if text.value.get(at..).is_some_and(|rest| rest.starts_with('?')) {
        (
            "a path has no query",
            "a query parameter stands among the parameters: `(page: Int)`, `(query \"page[size]\" size: Int)`",
        )
    } else {
        ("a path has no fragment", "a client never sends what follows `#`")
    };
    Err(Diagnostic::new(Code::GW0401, message, span, "not allowed here").note(note))
}

fn read_segment(segment: &str, text: &Text, offset: usize, side: Side) -> Result<Piece, Diagnostic> {
    let span = inside(text, offset, segment.len());
    if let Some(inner) = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'))
        && !inner.contains(['{', '}'])
    {
        return read_placeholder(inner, span, inside(text, offset + 1, inner.trim_end_matches('.').len()));
    }
    if segment.contains(['{', '}']) {
        return Err(Diagnostic::new(
            Code::GW0401,
            "a parameter fills a whole segment of a path",
            span,
            "has other text too",
        )
        .note("write `/{name}/`, and take the value apart where it is used"));
    }
    check_literal(segment, span, side)?;
    Ok(Piece::Literal(segment.to_owned()))
}

fn read_placeholder(inner: &str, span: Span, name_span: Span) -> Result<Piece, Diagnostic> {
    let (name, rest) = inner.strip_suffix("..").map_or((inner, false), |name| (name, true));
    if let Some((name, _)) = name.split_once(':') {
        let message = "the type of a path parameter stands among the parameters";
        return Err(Diagnostic::new(Code::GW0401, message, span, "has a type in the path")
            .note(format!("write `{{{0}}}` here and `({0}: T)` behind the endpoint's name", name.trim())));
    }
    let is_word = name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if !is_word {
        return Err(fault("this is no name of a parameter", span, "a name is expected in `{…}`"));
    }
    Ok(Piece::Placeholder(Placeholder { name: name.to_owned(), rest, span: name_span }))
}

/// The literal text of a segment is what both sides will see, so it has no second form: no dots, no hidden `/`.
fn check_literal(segment: &str, span: Span, side: Side) -> Result<(), Diagnostic> {
    if matches!(segment, "." | "..") {
        return Err(fault("a path has no `.` and `..` segments", span, "means another path"));
    }
    if side == Side::Endpoint {
        if let Some(name) = segment.strip_prefix(':') {
            return Err(in_braces("a path parameter is written in braces", span, name));
        }
        if segment.starts_with('*') {
            return Err(in_braces("a path has no wildcards", span, "path.."));
        }
    }
    let mut letters = segment.char_indices();
    while let Some((at, letter)) = letters.next() {
        let escape = segment.get(at + 1..at + 3);
        match letter {
            '%' if side == Side::Operation && escape.is_some_and(is_plain_escape) => {
                letters.nth(1);
            }
            '%' => {
                let note = "a path must have one form only: no escapes for letters, digits, `.`, `/`, `\\` or control characters";
                let found = fault("this escape is not allowed in a path", span, "`%` stands here");
                return Err(found.note(note));
            }
            letter if letter.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(letter) => {}
            letter => {
                let label = format!("{letter:?} stands here");
                let note = "letters, digits and `-._~!$&'()*+,;=:@` are, as HTTP has it";
                return Err(fault("this character is not allowed in a path", span, &label).note(note));
            }
        }
    }
    Ok(())
}

/// Two hexadecimal digits that stand for something which could not be written plainly and changes no path.
fn is_plain_escape(digits: &str) -> bool {
    u8::from_str_radix(digits, 16)
        .is_ok_and(|byte| byte > 0x1f && byte != 0x7f && !byte.is_ascii_alphanumeric() && !b"-._~/\\".contains(&byte))
}

fn fault(message: &str, span: Span, label: &str) -> Diagnostic {
    Diagnostic::new(Code::GW0401, message, span, label)
}

fn in_braces(message: &str, span: Span, name: &str) -> Diagnostic {
    let written = format!("{{{name}}}");
    fault(message, span, "not a parameter").suggest(format!("write `{written}`"), span, written)
}

fn report_repeated(written: &Written, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for placeholder in written.placeholders() {
        match seen.entry(&placeholder.name) {
            Entry::Vacant(free) => {
                free.insert(placeholder.span);
            }
            Entry::Occupied(first) => diagnostics.push(repeated(placeholder, *first.get())),
        }
    }
}

/// One parameter in two places of a path.
pub(super) fn repeated(placeholder: &Placeholder, first: Span) -> Diagnostic {
    let message = format!("`{{{}}}` stands twice in this path", placeholder.name);
    Diagnostic::new(Code::GW0404, message, placeholder.span, "again here").also(first, "first here")
}

/// The span of a part of a string, or of the whole where escapes hide the place.
fn inside(text: &Text, start: usize, length: usize) -> Span {
    let plain = (text.span.end - text.span.start) as usize == text.value.len() + 2;
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(0);
    if plain {
        let start = text.span.start + 1 + narrow(start);
        Span::new(text.span.file, start, start + narrow(length))
    } else {
        text.span
    }
}
