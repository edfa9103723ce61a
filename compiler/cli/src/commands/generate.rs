//! `gw generate`: writes the gateway as a crate of its own.

use crate::args::Generate;
use crate::failure::{Exit, Outcome};
use crate::layout::{self, Purpose};
use crate::package::{self, Written};
use crate::program;
use crate::project::{Project, shown};
use crate::terminal::Terminal;

/// Writes the crate.
pub(crate) fn generate(arguments: &Generate, terminal: &Terminal) -> Outcome {
    let project = Project::find(&arguments.path)?;
    let Some((plan, program)) = program::plan(&project, terminal) else {
        return Ok(Exit::Errors);
    };
    let package = layout::package(&plan, &program.compiled.sources, Purpose::Own);
    let Written { changed, removed, kept } = package::write(&arguments.out, &package, arguments.force)?;
    let folder = shown(&arguments.out);
    let changed = changed.len() + removed.len();
    let summary = match (changed, kept) {
        (0, kept) => format!("{folder}: all {kept} files stand as they are"),
        (changed, 0) => format!("{folder}: {changed} files"),
        (1, kept) => format!("{folder}: one file changed, {kept} stand as they are"),
        (changed, kept) => format!("{folder}: {changed} files changed, {kept} stand as they are"),
    };
    terminal.done("Generated", &summary);
    Ok(Exit::Fine)
}
