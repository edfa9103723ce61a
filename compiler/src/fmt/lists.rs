//! Rows and blocks of entries: what separates them, and where their comments and blank lines go.

use super::doc::Doc;
use super::{Layout, concat};
use crate::source::Span;
use crate::syntax::ast::Text;

/// How a list is laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// Whether a blank stands inside the brackets of a flat list.
    pub(super) padded: bool,
    /// Whether a `,` stands behind each line of a broken list too; in a flat one it separates always.
    pub(super) commas: bool,
}

/// `{ a, b }`
pub(super) const BRACES: Style = Style { open: "{", close: "}", padded: true, commas: true };
/// `(a, b)`
pub(super) const PARENS: Style = Style { open: "(", close: ")", padded: false, commas: true };
/// `[a, b]`
pub(super) const BRACKETS: Style = Style { open: "[", close: "]", padded: false, commas: true };
/// `{ timeout 2s, public }`, a line each where it is broken
pub(super) const SETTINGS: Style = Style { open: "{", close: "}", padded: true, commas: false };

/// An entry that is laid out.
#[allow(clippy::struct_excessive_bools, reason = "facts of the text that do not exclude each other")]
pub(super) struct Entry {
    /// Comments above it.
    above: Doc,
    /// Documentation above it, below the comments.
    documentation: Doc,
    /// Itself.
    main: Doc,
    /// A comment behind it.
    behind: Option<Doc>,
    /// Whether a blank line stands before it.
    blank: bool,
    /// Whether a blank line stands in or behind the comments above it, the first of which then belong to what stands before.
    blank_inside: bool,
    /// Whether a `,` must stand behind it even on a line of its own, since what follows could be read as part of it.
    apart: bool,
    /// Whether it is the `..` at the end, behind which no `,` stands.
    open_end: bool,
}

impl Entry {
    /// The `..` at the end of a list.
    pub(super) fn open_end() -> Self {
        Self {
            above: Doc::nothing(),
            documentation: Doc::nothing(),
            main: Doc::text(".."),
            behind: None,
            blank: false,
            blank_inside: false,
            apart: false,
            open_end: true,
        }
    }

    /// Its text, whether it takes several lines beside the comments above it, and whether a blank line must stand
    /// before it when that is so or was so of the item before (`long`).
    pub(super) fn print(self, width: usize, long_before: bool) -> (String, bool, bool) {
        let long = concat([self.documentation.clone(), self.main.clone()]).print(width).contains('\n');
        let blank = self.blank || (long || long_before) && !self.blank_inside;
        (self.line().print(width), long, blank)
    }

    /// Itself with all that stands above and behind it, for a line of its own.
    fn line(self) -> Doc {
        let comma = if self.apart { Doc::text(",") } else { Doc::nothing() };
        concat([self.above, self.documentation, self.main, comma, behind(self.behind)])
    }

    /// Sees to a `,` behind it, whatever its list has.
    pub(super) fn set_comma(&mut self) {
        self.apart = true;
    }

    /// Sees to a blank line between it and what stands before.
    fn set_apart(&mut self) {
        self.blank |= !self.blank_inside;
    }

    fn breaks(&self) -> bool {
        self.behind.is_some() || self.above.breaks() || self.documentation.breaks()
    }
}

fn behind(comment: Option<Doc>) -> Doc {
    comment.map_or_else(Doc::nothing, |comment| concat([Doc::text(" "), comment]))
}

impl Layout<'_> {
    /// Lays out one entry: `span` is its place without its documentation.
    pub(super) fn entry(&mut self, docs: &[Text], span: Span, build: impl FnOnce(&mut Self) -> Doc) -> Entry {
        let start = docs.first().map_or(span.start, |doc| doc.span.start);
        let first = self.comments.next_before(start).unwrap_or(start);
        let blank = self.comments.blank_before(first);
        let mut above = self.lines_before(start);
        let main = build(self);
        // What is left stands in the middle of it, where no line ends: it goes above.
        above.extend(self.lines_before(span.end));
        let blank_inside = above.iter().any(|line| matches!(line, Doc::BlankLine));
        let documentation = concat(docs.iter().flat_map(|doc| doc_lines(&doc.value)));
        let behind = self.comments.behind(span.end);
        Entry { above: concat(above), documentation, main, behind, blank, blank_inside, apart: false, open_end: false }
    }

    /// The comments before a place, a line each, with the blank lines between them and behind them.
    fn lines_before(&mut self, offset: u32) -> Vec<Doc> {
        let comments = self.comments.before(offset);
        let blank_behind = !comments.is_empty() && self.comments.blank_before(offset);
        let mut lines = Vec::new();
        for (index, (comment, blank)) in comments.into_iter().enumerate() {
            if index > 0 {
                lines.push(if blank { Doc::BlankLine } else { Doc::HardLine });
            }
            lines.push(comment);
        }
        if !lines.is_empty() {
            lines.push(if blank_behind { Doc::BlankLine } else { Doc::HardLine });
        }
        lines
    }

    /// The comments that stand before the end of a block, behind its last entry.
    pub(super) fn rest(&mut self, end: u32) -> Option<Entry> {
        let first = self.comments.next_before(end)?;
        let blank = self.comments.blank_before(first);
        let mut lines = self.lines_before(end);
        lines.pop();
        Some(Entry {
            above: Doc::nothing(),
            documentation: Doc::nothing(),
            main: concat(lines),
            behind: None,
            blank,
            blank_inside: false,
            apart: false,
            open_end: false,
        })
    }

    /// Entries in brackets: in a row where they fit, else a line each. `end` is the end of its closing bracket.
    pub(super) fn list<T>(
        &mut self,
        style: Style,
        entries: &[T],
        end: u32,
        mut build: impl FnMut(&mut Self, &T) -> Entry,
    ) -> Doc {
        let laid_out: Vec<Entry> = entries.iter().map(|entry| build(self, entry)).collect();
        self.row(style, laid_out, end)
    }

    /// The same for entries that are laid out.
    pub(super) fn row(&mut self, style: Style, entries: Vec<Entry>, end: u32) -> Doc {
        let rest = self.rest(end.saturating_sub(1));
        enclose(style, entries, rest)
    }

    /// Entries in braces, a line each.
    pub(super) fn block(&mut self, entries: Vec<Entry>, end: u32) -> Doc {
        let rest = self.rest(end.saturating_sub(1));
        if entries.is_empty() && rest.is_none() {
            return Doc::text("{}");
        }
        let lines = lines(entries.into_iter().chain(rest));
        concat([Doc::text("{"), concat([Doc::HardLine, lines]).indent(), Doc::HardLine, Doc::text("}")])
    }
}

/// Entries, a line each, with their blank lines.
pub(super) fn lines(entries: impl IntoIterator<Item = Entry>) -> Doc {
    let mut parts = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        if index > 0 {
            parts.push(if entry.blank { Doc::BlankLine } else { Doc::HardLine });
        }
        parts.push(entry.line());
    }
    Doc::Concat(parts)
}

/// The same entries, the first with a blank line before it.
pub(super) fn apart(mut entries: Vec<Entry>) -> Vec<Entry> {
    if let Some(first) = entries.first_mut() {
        first.set_apart();
    }
    entries
}

/// The same entries, each with a blank line before it.
pub(super) fn all_apart(mut entries: Vec<Entry>) -> Vec<Entry> {
    for entry in &mut entries {
        entry.set_apart();
    }
    entries
}

/// The lines of a documentation comment.
fn doc_lines(value: &str) -> Vec<Doc> {
    let line = |line: &str| if line.is_empty() { "///".to_owned() } else { format!("/// {line}") };
    value.split('\n').flat_map(|text| [Doc::text(line(text.trim_end())), Doc::HardLine]).collect()
}

fn enclose(style: Style, entries: Vec<Entry>, rest: Option<Entry>) -> Doc {
    if entries.is_empty() && rest.is_none() {
        return Doc::text(format!("{}{}", style.open, style.close));
    }
    let must_break =
        rest.is_some() || entries.iter().skip(1).any(|entry| entry.blank) || entries.iter().any(Entry::breaks);
    let edge = if style.padded { Doc::Line } else { Doc::SoftLine };
    let count = entries.len();
    let mut parts = vec![edge.clone()];
    for (index, entry) in entries.into_iter().enumerate() {
        if index > 0 {
            parts.push(if entry.blank { Doc::BlankLine } else { Doc::Line });
        }
        let separator = match (entry.open_end, entry.apart) {
            (true, _) => Doc::nothing(),
            (false, true) => Doc::text(","),
            (false, false) => separator(style, index + 1 == count),
        };
        parts.extend([entry.above, entry.documentation, entry.main, separator, behind(entry.behind)]);
    }
    if let Some(rest) = rest {
        if count > 0 {
            parts.push(if rest.blank { Doc::BlankLine } else { Doc::HardLine });
        }
        parts.push(rest.main);
    }
    let edge = if must_break { Doc::HardLine } else { edge };
    concat([Doc::text(style.open), Doc::Concat(parts).indent(), edge, Doc::text(style.close)]).group()
}

fn separator(style: Style, last: bool) -> Doc {
    match (style.commas, last) {
        (true, true) => Doc::IfBroken(","),
        (true, false) => Doc::text(","),
        (false, true) => Doc::nothing(),
        (false, false) => Doc::IfFlat(","),
    }
}
