//! Applies the fixes that are surely meant, until there is none left.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use gatewright_compiler::diagnostic::{Diagnostic, Fix};
use gatewright_compiler::source::{FileId, SourceMap, Span};

use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::project::Project;
use crate::terminal::Terminal;

/// A mend may bring up the next one. More rounds than this means that two of them undo each other.
const ROUNDS: usize = 20;

/// Changes the files of a project as its findings say, and gives what is found then.
pub(crate) fn mend(project: &Project, terminal: &Terminal) -> Outcome<Program> {
    let mut program = Program::compile(project);
    let mut seen = BTreeSet::new();
    for _ in 0..ROUNDS {
        let round = Round::of(program.diagnostics());
        // A text that stood there before would only come round again.
        if round.fixes.is_empty() || !seen.insert(texts(&program.sources)) {
            break;
        }
        for (file, edits) in round.edits {
            let Some(source) = program.sources.get(file) else { continue };
            let path = program.compiled.sources.get(file).map(|source| project.folder.join(&source.name));
            let path = path.unwrap_or_default();
            fs::write(&path, apply(&source.text, &edits)).map_err(|why| Failure::file("write", &path, &why))?;
        }
        for (code, fix) in round.fixes {
            let place = fix.edits.first().map(|(span, _)| program.sources.place(*span)).unwrap_or_default();
            terminal.done("Fixed", &format!("{place}: {} ({code})", fix.title));
        }
        program = Program::compile(project);
    }
    Ok(program)
}

fn texts(sources: &SourceMap) -> Vec<String> {
    sources.iter().map(|(_, source)| source.text.clone()).collect()
}

/// The fixes that can be made together.
struct Round<'a> {
    edits: BTreeMap<FileId, Vec<(Span, String)>>,
    fixes: Vec<(&'static str, &'a Fix)>,
}

impl<'a> Round<'a> {
    /// One fix of each finding, as long as it touches no place that another one changes.
    fn of(diagnostics: &'a [Diagnostic]) -> Self {
        let mut round = Round { edits: BTreeMap::new(), fixes: Vec::new() };
        for diagnostic in diagnostics {
            let Some(fix) = diagnostic.fixes.iter().find(|fix| fix.applicable) else { continue };
            if fix.edits.iter().any(|(span, _)| round.touches(*span)) {
                continue;
            }
            for (span, text) in &fix.edits {
                round.edits.entry(span.file).or_default().push((*span, text.clone()));
            }
            round.fixes.push((diagnostic.code.as_str(), fix));
        }
        round
    }

    fn touches(&self, span: Span) -> bool {
        let edits = self.edits.get(&span.file).map(Vec::as_slice).unwrap_or_default();
        edits.iter().any(|(other, _)| span.start <= other.end && other.start <= span.end)
    }
}

/// The text with its edits, none of which overlap.
fn apply(text: &str, edits: &[(Span, String)]) -> String {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in edits {
        changed.push_str(text.get(at..span.start as usize).unwrap_or_default());
        changed.push_str(new);
        at = span.end as usize;
    }
    changed.push_str(text.get(at..).unwrap_or_default());
    changed
}

#[cfg(test)]
mod tests {
    use gatewright_compiler::diagnostic::Code;

    use super::*;

    fn span(start: u32, end: u32) -> Span {
        Span::new(FileId(0), start, end)
    }

    #[test]
    fn edits_are_applied_from_front_to_back() {
        let edits = [(span(4, 5), "Z".to_owned()), (span(0, 1), "AA".to_owned()), (span(2, 2), "-".to_owned())];
        assert_eq!(apply("a bcd", &edits), "AA -bcZ");
    }

    #[test]
    fn a_fix_waits_for_another_at_its_place() {
        let wrong = |start, end| {
            Diagnostic::new(Code::GW0001, "wrong", span(start, end), "").fix("mend", span(start, end), "x")
        };
        let suggestion = Diagnostic::new(Code::GW0001, "wrong", span(9, 9), "").suggest("perhaps", span(9, 9), "y");
        let diagnostics = [wrong(0, 3), wrong(2, 4), wrong(6, 7), suggestion];
        assert_eq!(Round::of(&diagnostics).fixes.len(), 2);
    }
}
