//! One file by itself, without what it uses: for the formatter.

use gatewright_compiler::fmt;
use gatewright_compiler::source::{FileId, Source, SourceMap};
use gatewright_compiler::syntax::{self, Parsed};

use crate::args::Format;
use crate::program;

/// A file that was parsed.
pub(crate) struct Text {
    parsed: Parsed,
    sources: SourceMap,
    file: FileId,
}

impl Text {
    /// Parses a text.
    pub(crate) fn parse(name: &str, text: String) -> Self {
        let mut sources = SourceMap::default();
        let file = sources.add(Source::new(name, text));
        let parsed = syntax::parse(sources.get(file).map_or("", |source| &source.text), file);
        Self { parsed, sources, file }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        self.sources.get(self.file).map_or("", |source| &source.name)
    }

    /// Its text as it is.
    pub(crate) fn text(&self) -> &str {
        self.sources.get(self.file).map_or("", |source| &source.text)
    }

    /// Its text as it should be; nothing where it can't be read as a program.
    pub(crate) fn laid_out(&self) -> Option<String> {
        let broken = self.parsed.file.broken || program::has_errors(&self.parsed.diagnostics);
        (!broken).then(|| fmt::format(&self.parsed.file, &self.parsed.trivia, self.text()))
    }

    /// What is wrong with it.
    pub(crate) fn report(&self, format: Format, colour: bool) -> String {
        program::report(&self.parsed.diagnostics, &self.sources, format, colour)
    }
}
