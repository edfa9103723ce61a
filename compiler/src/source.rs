//! Where text comes from: files, spans in them, and lines and columns for people and editors.
//!
//! Nothing here knows the language. A [`Span`] is small and `Copy`, so that every node can carry one.

/// A file of one compilation, by its place in the [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the range is in.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// A range of bytes of `file`.
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest span that covers both; `other` must be of the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        debug_assert_eq!(self.file, other.file, "a span lies in one file");
        Self::new(self.file, self.start.min(other.start), self.end.max(other.end))
    }

    /// The empty span just before this one.
    #[must_use]
    pub const fn at_start(self) -> Self {
        Self::new(self.file, self.start, self.start)
    }

    /// The empty span just after this one.
    #[must_use]
    pub const fn at_end(self) -> Self {
        Self::new(self.file, self.end, self.end)
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// One file's name and text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as people wrote it, for messages.
    pub name: String,
    /// The whole text.
    pub text: String,
    line_starts: Vec<u32>,
}

impl Source {
    /// Keeps the text and finds its lines.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(text.bytes().zip(1..).filter(|(byte, _)| *byte == b'\n').map(|(_, next)| next))
            .collect();
        Self { name: name.into(), text, line_starts }
    }

    /// The line and column of a byte; a byte past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1) - 1;
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        let before = self.text.get(start as usize..offset as usize).unwrap_or("");
        Position { line: to_u32(line) + 1, column: to_u32(before.chars().count()) + 1 }
    }

    /// The text of a span of this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    fn floor_char_boundary(&self, offset: u32) -> u32 {
        to_u32(self.text.floor_char_boundary(offset as usize))
    }
}

/// All files of one compilation, in the order in which they were loaded; the first is the root.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// Adds a file and gives its id.
    pub fn add(&mut self, source: Source) -> FileId {
        self.sources.push(source);
        FileId(to_u32(self.sources.len()) - 1)
    }

    /// The file of an id that this map gave.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.sources.get(file.0 as usize)
    }

    /// The text of a span, or nothing where its file is unknown.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |source| source.slice(span))
    }

    /// `shop.gw:14:9`, as people and terminals read a place.
    pub fn place(&self, span: Span) -> String {
        self.get(span.file).map_or_else(String::new, |source| {
            let Position { line, column } = source.position(span.start);
            format!("{}:{line}:{column}", source.name)
        })
    }

    /// Every file with its id, the root first.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.sources.iter().zip(0..).map(|(source, id)| (FileId(id), source))
    }
}

/// Files are bounded far below 4 GiB when they are loaded, so a place in one always fits.
fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("a.gw", "é\nab\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(2), Position { line: 1, column: 2 });
        assert_eq!(source.position(4), Position { line: 2, column: 2 });
        assert_eq!(source.position(99), Position { line: 3, column: 1 });
    }
}
