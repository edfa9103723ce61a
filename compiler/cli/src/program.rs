//! Compiles a program and shows what the compiler found, with paths as they are read from the current folder.

use gatewright_compiler::Compiled;
use gatewright_compiler::diagnostic::{Diagnostic, Severity, human, json};
use gatewright_compiler::files::Files;
use gatewright_compiler::plan::Plan;
use gatewright_compiler::source::{Source, SourceMap};

use crate::args::Format;
use crate::project::{DiskFiles, Project, shown};
use crate::terminal::Terminal;

/// A program that was compiled.
pub(crate) struct Program {
    /// What the compiler made of it; its sources are named from the root file's folder.
    pub(crate) compiled: Compiled,
    /// The same sources, named for people.
    pub(crate) sources: SourceMap,
}

impl Program {
    /// Compiles a project.
    pub(crate) fn compile(project: &Project) -> Self {
        Self::compile_with(project, &DiskFiles::new(&project.folder))
    }

    /// Compiles a project whose files are these.
    pub(crate) fn compile_with(project: &Project, files: &dyn Files) -> Self {
        let compiled = gatewright_compiler::compile(files, &project.root);
        let mut sources = SourceMap::default();
        for (_, source) in compiled.sources.iter() {
            sources.add(Source::new(shown(&project.folder.join(&source.name)), source.text.clone()));
        }
        Self { compiled, sources }
    }

    /// What was found.
    pub(crate) fn diagnostics(&self) -> &[Diagnostic] {
        &self.compiled.diagnostics
    }

    /// What was found, in a format.
    pub(crate) fn report(&self, format: Format, colour: bool) -> String {
        report(self.diagnostics(), &self.sources, format, colour)
    }
}

/// Whether one of them is an error.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}

/// Findings in a format.
pub(crate) fn report(diagnostics: &[Diagnostic], sources: &SourceMap, format: Format, colour: bool) -> String {
    match format {
        Format::Human => human::render(diagnostics, sources, colour),
        Format::Json => json::render(diagnostics, sources),
        Format::Github => json::github(diagnostics, sources),
    }
}

/// Compiles a project that is to be built: shows what was found, and gives the plan where there is one.
pub(crate) fn plan(project: &Project, terminal: &Terminal) -> Option<(Plan, Program)> {
    let mut program = Program::compile(project);
    terminal.say_raw(&program.report(Format::Human, terminal.err_colour()));
    program.compiled.plan.take().map(|plan| (plan, program))
}
