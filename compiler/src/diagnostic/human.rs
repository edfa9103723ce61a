//! Diagnostics drawn as rustc draws them, with annotate-snippets.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::{Diagnostic, Fix, Label, Severity};
use crate::source::{FileId, SourceMap, Span};

/// Draws all of them, a blank line between two.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut drawn = String::new();
    for diagnostic in diagnostics {
        if !drawn.is_empty() {
            drawn.push('\n');
        }
        drawn.push_str(&renderer.render(&report(diagnostic, sources)));
        drawn.push('\n');
    }
    drawn
}

fn report<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Vec<Group<'a>> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.as_str());
    let mut main = title.elements(snippets(diagnostic, sources));
    for note in &diagnostic.notes {
        main = main.element(Level::NOTE.message(note));
    }
    std::iter::once(main).chain(diagnostic.fixes.iter().filter_map(|fix| help(fix, sources))).collect()
}

/// A drawing for each file that has labels, the file of the primary one first.
fn snippets<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut files: Vec<FileId> = Vec::new();
    for file in diagnostic.primary().into_iter().chain(diagnostic.labels.iter().map(|label| label.span)) {
        if !files.contains(&file.file) {
            files.push(file.file);
        }
    }
    let labels_in = |file| diagnostic.labels.iter().filter(move |label: &&Label| label.span.file == file);
    files
        .into_iter()
        .filter_map(|file| {
            let source = sources.get(file)?;
            let annotations = labels_in(file).map(|label| annotation(label, &source.text));
            Some(Snippet::source(&source.text).path(&source.name).annotations(annotations))
        })
        .collect()
}

fn annotation<'a>(label: &'a Label, text: &str) -> Annotation<'a> {
    let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(range(label.span, text));
    if label.text.is_empty() { annotation } else { annotation.label(&label.text) }
}

/// "help: did you mean `price`?", with the lines as they would be.
fn help<'a>(fix: &'a Fix, sources: &'a SourceMap) -> Option<Group<'a>> {
    let file = fix.edits.first()?.0.file;
    let source = sources.get(file)?;
    let edits = fix.edits.iter().filter(|(span, _)| span.file == file);
    let patches = edits.map(|(span, text)| Patch::new(range(*span, &source.text), text));
    Some(
        Level::HELP
            .secondary_title(&fix.title)
            .element(Snippet::source(&source.text).path(&source.name).patches(patches)),
    )
}

/// A span as a range that surely lies in its text, whoever made it.
fn range(span: Span, text: &str) -> Range<usize> {
    let start = text.floor_char_boundary((span.start as usize).min(text.len()));
    let end = text.ceil_char_boundary((span.end as usize).clamp(start, text.len()));
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Source;

    fn one_file(text: &str) -> SourceMap {
        let mut sources = SourceMap::default();
        sources.add(Source::new("shop.gw", text));
        sources
    }

    fn span(start: u32, end: u32) -> Span {
        Span::new(FileId(0), start, end)
    }

    #[test]
    fn a_diagnostic_looks_like_one_of_rustc() {
        let sources = one_file("type A {\n    a = Int,\n}\n");
        let diagnostic =
            Diagnostic::new(Code::GW0011, "a key and its value are joined by `:`", span(15, 16), "wrong sign")
                .also(span(0, 6), "in this type")
                .note("as in JSON")
                .fix("write `:`", span(15, 16), ":");
        let drawn = render(&[diagnostic], &sources, false);
        let expected = r"error[GW0011]: a key and its value are joined by `:`
 --> shop.gw:2:7
  |
1 | type A {
  | ------ in this type
2 |     a = Int,
  |       ^ wrong sign
  |
  = note: as in JSON
help: write `:`
  |
2 -     a = Int,
2 +     a : Int,
  |
";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn no_place_is_too_strange_to_draw() {
        let sources = one_file("é");
        for (start, end) in [(0, 0), (1, 1), (0, 1), (2, 2), (2, 9), (7, 9), (9, 7)] {
            let diagnostic =
                Diagnostic::new(Code::GW0001, "a fault", span(start, end), "").fix("a mend", span(start, end), "x");
            assert!(render(&[diagnostic], &sources, true).contains("a fault"));
        }
        assert!(
            render(&[Diagnostic::new(Code::GW0001, "a fault", span(0, 0), "")], &one_file(""), false)
                .contains("a fault")
        );
        let elsewhere = Diagnostic::new(Code::GW0001, "a fault", Span::new(FileId(7), 0, 0), "");
        assert!(render(&[elsewhere], &sources, false).starts_with("error[GW0001]: a fault"));
    }
}
