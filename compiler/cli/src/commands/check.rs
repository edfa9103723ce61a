//! `gw check`: finds every error of every program named, and mends what has one clear mend.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use gatewright_compiler::diagnostic::{Diagnostic, Severity};

use crate::args::{Check, Format};
use crate::failure::{Exit, Outcome};
use crate::fixes;
use crate::program::Program;
use crate::project::{self, DiskFiles, Project};
use crate::settings::Settings;
use crate::terminal::Terminal;

/// The name under which standard input is known.
pub(crate) const STDIN: &str = "<stdin>";

/// Checks every program named, each once.
pub(crate) fn check(arguments: &Check, terminal: &Terminal) -> Outcome {
    let mut counts = Counts::default();
    let mut roots = BTreeSet::new();
    let mut gap = "";
    for path in &arguments.paths {
        let program = if path == Path::new("-") {
            stdin()
        } else {
            let project = whole(Project::find(path)?, path);
            if !roots.insert(project.identity()) {
                continue;
            }
            if arguments.fix { fixes::mend(&project, terminal)? } else { Program::compile(&project) }
        };
        let report = program.report(arguments.format, terminal.out_colour());
        if !report.is_empty() {
            terminal.out(&format!("{gap}{report}"));
            gap = if arguments.format == Format::Human { "\n" } else { "" };
        }
        counts.add(program.diagnostics());
    }
    if arguments.format == Format::Human {
        terminal.done("Checked", &counts.summary());
    }
    Ok(if counts.errors == 0 { Exit::Fine } else { Exit::Errors })
}

/// The program that a file is a part of, where it has no gateway of its own: by itself it would be wrong in ways that it is not.
fn whole(project: Project, path: &Path) -> Project {
    if path.is_dir() || project::has_gateway(path) {
        return project;
    }
    match Project::around(path) {
        Some(around) if uses(&around, path) => around,
        _ => project,
    }
}

fn uses(project: &Project, path: &Path) -> bool {
    let compiled = Program::compile(project).compiled;
    let wanted = fs::canonicalize(path).ok();
    let mut files = compiled.sources.iter().map(|(_, source)| project.folder.join(&source.name));
    wanted.is_some() && files.any(|file| fs::canonicalize(file).ok() == wanted)
}

/// Checks what is on standard input; the files it uses lie in the current folder.
fn stdin() -> Program {
    let here = Path::new("");
    let project = Project {
        folder: here.to_owned(),
        root: STDIN.to_owned(),
        base: here.to_owned(),
        settings: Settings::default(),
    };
    let files = DiskFiles::new(here).with(STDIN, project::text(io::stdin().lock()));
    Program::compile_with(&project, &files)
}

/// How much was found.
#[derive(Debug, Default)]
struct Counts {
    programs: usize,
    errors: usize,
    warnings: usize,
}

impl Counts {
    fn add(&mut self, diagnostics: &[Diagnostic]) {
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
        self.programs += 1;
        self.errors += errors;
        self.warnings += diagnostics.len() - errors;
    }

    fn summary(&self) -> String {
        let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
        let of = count(self.programs, "program");
        match (self.errors, self.warnings) {
            (0, 0) => format!("{of}, nothing to say"),
            (errors, 0) => format!("{of}: {}", count(errors, "error")),
            (0, warnings) => format!("{of}: {}", count(warnings, "warning")),
            (errors, warnings) => format!("{of}: {}, {}", count(errors, "error"), count(warnings, "warning")),
        }
    }
}
