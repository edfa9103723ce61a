//! Diagnostics for programs: one JSON object per line, and the annotations of GitHub's workflows.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Diagnostic, Fix, Label, Severity};
use crate::source::{SourceMap, Span};

/// One JSON object per diagnostic, each on its own line.
///
/// Lines and columns count from 1, columns in characters; `byte_start` and `byte_end` are offsets in the file.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut lines = String::new();
    for diagnostic in diagnostics {
        // Strings and numbers always serialise; the line is left out rather than broken if they ever do not.
        if let Ok(line) = serde_json::to_string(&Line::of(diagnostic, sources)) {
            lines.push_str(&line);
            lines.push('\n');
        }
    }
    lines
}

/// One `::error file=…` command per diagnostic: GitHub shows it at the line in a pull request.
pub fn github(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut lines = String::new();
    for diagnostic in diagnostics {
        let place = diagnostic.primary().map(|span| Place::of(span, sources)).unwrap_or_default();
        let mut message = diagnostic.message.clone();
        for more in diagnostic.notes.iter().chain(diagnostic.fixes.iter().map(|fix| &fix.title)) {
            message.push('\n');
            message.push_str(more);
        }
        let _ = writeln!(
            lines,
            "::{} file={},line={},col={},endLine={},endColumn={},title={}::{}",
            severity(diagnostic),
            property(place.file),
            place.line,
            place.column,
            place.end_line,
            place.end_column,
            property(diagnostic.code.as_str()),
            data(&message),
        );
    }
    lines
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    labels: Vec<LabelLine<'a>>,
    notes: &'a [String],
    fixes: Vec<FixLine<'a>>,
}

#[derive(Serialize)]
struct LabelLine<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
    primary: bool,
}

#[derive(Serialize)]
struct FixLine<'a> {
    title: &'a str,
    applicable: bool,
    edits: Vec<EditLine<'a>>,
}

#[derive(Serialize)]
struct EditLine<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

/// A span as editors and people count.
#[derive(Serialize, Default)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    byte_start: u32,
    byte_end: u32,
}

impl<'a> Line<'a> {
    fn of(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Self {
        Self {
            code: diagnostic.code.as_str(),
            severity: severity(diagnostic),
            message: &diagnostic.message,
            place: diagnostic.primary().map(|span| Place::of(span, sources)).unwrap_or_default(),
            labels: diagnostic.labels.iter().map(|label| LabelLine::of(label, sources)).collect(),
            notes: &diagnostic.notes,
            fixes: diagnostic.fixes.iter().map(|fix| FixLine::of(fix, sources)).collect(),
        }
    }
}

impl<'a> LabelLine<'a> {
    fn of(label: &'a Label, sources: &'a SourceMap) -> Self {
        Self { place: Place::of(label.span, sources), text: &label.text, primary: label.primary }
    }
}

impl<'a> FixLine<'a> {
    fn of(fix: &'a Fix, sources: &'a SourceMap) -> Self {
        let edits = fix.edits.iter().map(|(span, text)| EditLine { place: Place::of(*span, sources), text });
        Self { title: &fix.title, applicable: fix.applicable, edits: edits.collect() }
    }
}

impl<'a> Place<'a> {
    fn of(span: Span, sources: &'a SourceMap) -> Self {
        let Some(source) = sources.get(span.file) else { return Self::default() };
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self {
            file: &source.name,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            byte_start: span.start,
            byte_end: span.end,
        }
    }
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Text behind the `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::{FileId, Source};

    fn example() -> (Vec<Diagnostic>, SourceMap) {
        let mut sources = SourceMap::default();
        sources.add(Source::new("a,b.gw", "// é\ntype A { a = Int }\n"));
        let place = Span::new(FileId(0), 17, 18);
        let diagnostic =
            Diagnostic::new(Code::GW0011, "a key and its value\nare joined by `:` 100%", place, "wrong sign")
                .note("as in JSON")
                .fix("write `:`", place, ":");
        (vec![diagnostic], sources)
    }

    #[test]
    fn a_line_is_one_json_object() {
        let (diagnostics, sources) = example();
        let lines = render(&diagnostics, &sources);
        let line: serde_json::Value = serde_json::from_str(lines.trim_end()).expect("one object on one line");
        assert_eq!(lines.matches('\n').count(), 1);
        assert_eq!(line["code"], "GW0011");
        assert_eq!(line["severity"], "error");
        assert_eq!((line["line"].as_u64(), line["column"].as_u64()), (Some(2), Some(12)));
        assert_eq!((line["byte_start"].as_u64(), line["end_column"].as_u64()), (Some(17), Some(13)));
        assert_eq!(line["labels"][0]["text"], "wrong sign");
        assert_eq!(line["fixes"][0]["edits"][0]["text"], ":");
        assert_eq!(line["fixes"][0]["applicable"], true);
    }

    #[test]
    fn a_workflow_command_stays_one_command() {
        let (diagnostics, sources) = example();
        assert_eq!(
            github(&diagnostics, &sources),
            "::error file=a%2Cb.gw,line=2,col=12,endLine=2,endColumn=13,title=GW0011::\
             a key and its value%0Aare joined by `:` 100%25%0Aas in JSON%0Awrite `:`\n"
        );
    }
}
