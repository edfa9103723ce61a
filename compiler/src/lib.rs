//! The Gatewright compiler: `.gw` text in, a plan and Rust text out.
//!
//! It reads no file, no environment and no clock, and prints nothing: shells (`gw`, the macro, an editor) do that.
//! The same input always gives the same output, byte for byte.

mod check;
pub mod diagnostic;
pub mod emit;
pub mod explain;
pub mod files;
pub mod fmt;
pub mod functions;
pub mod load;
pub mod model;
pub mod plan;
pub mod resolve;
pub mod source;
pub mod spelling;
pub mod syntax;
pub mod typed;

use diagnostic::{Diagnostic, Diagnostics};
use files::Files;
use plan::Plan;
use source::{FileId, SourceMap};
use syntax::{ast, trivia::Trivia};
use typed::Typed;

/// What a program says, and what is wrong with it.
#[derive(Debug)]
pub struct Compiled {
    /// The texts of its files, the root first.
    pub sources: SourceMap,
    /// Their trees, for the formatter and for editors.
    pub files: Vec<(FileId, ast::File, Trivia)>,
    /// What it means; only where there is no error.
    pub typed: Option<Typed>,
    /// What each request does; only where there is no error.
    pub plan: Option<Plan>,
    /// Every error and warning, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles the program whose root file is at `root`.
pub fn compile(files: &dyn Files, root: &str) -> Compiled {
    let mut diagnostics = Diagnostics::default();
    let program = load::load(files, root, &mut diagnostics);
    let (declared, names) = resolve::resolve(&program, &mut diagnostics);
    let typed = check::check(&program, &declared, &names, &mut diagnostics);
    let typed = (!diagnostics.has_errors()).then_some(typed);
    let plan = typed.as_ref().map(|typed| plan::lower(typed, &program.sources));
    Compiled {
        sources: program.sources,
        files: program.files.into_iter().map(|file| (file.id, file.tree, file.trivia)).collect(),
        typed,
        plan,
        diagnostics: diagnostics.finish(),
    }
}
