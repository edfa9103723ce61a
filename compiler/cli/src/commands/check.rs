//! `gw check`: finds every error of every program named, and mends what has one clear mend.

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

/// Checks every program named.
pub(crate) fn check(arguments: &Check, terminal: &Terminal) -> Outcome {
    let mut counts = Counts::default();
    let mut gap = "";
    for path in &arguments.paths {
        let program = if path == Path::new("-") { stdin() } else { on_disk(path, arguments, terminal)? };
        let report = program.report(arguments.format, terminal.out_colour());
        if !report.is_empty() {
            terminal.out(&format!("{gap}{report}"));
            gap = if arguments.format == Format::Human { "\n" } else { "" };
        }
        counts.add(program.diagnostics());
    }
    if arguments.format == Format::Human {
        terminal.done("Checked", &counts.summary(arguments.paths.len()));
    }
    Ok(if counts.errors == 0 { Exit::Fine } else { Exit::Errors })
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

fn on_disk(path: &Path, arguments: &Check, terminal: &Terminal) -> Outcome<Program> {
    let project = Project::find(path)?;
    if arguments.fix {
        return fixes::mend(&project, terminal);
    }
    Ok(Program::compile(&project))
}

/// How much was found.
#[derive(Debug, Default)]
struct Counts {
    errors: usize,
    warnings: usize,
}

impl Counts {
    fn add(&mut self, diagnostics: &[Diagnostic]) {
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
        self.errors += errors;
        self.warnings += diagnostics.len() - errors;
    }

    fn summary(&self, programs: usize) -> String {
        let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
        let of = count(programs, "program");
        match (self.errors, self.warnings) {
            (0, 0) => format!("{of}, nothing to say"),
            (errors, 0) => format!("{of}: {}", count(errors, "error")),
            (0, warnings) => format!("{of}: {}", count(warnings, "warning")),
            (errors, warnings) => format!("{of}: {}, {}", count(errors, "error"), count(warnings, "warning")),
        }
    }
}
