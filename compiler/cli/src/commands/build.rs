//! `gw build`: an optimised binary.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use crate::args::Build;
use crate::cache::Cache;
use crate::cargo::{self, Built, Profile};
use crate::failure::{Exit, Failure, Outcome};
use crate::layout::{self, Purpose};
use crate::program;
use crate::project::{Project, shown};
use crate::signals::Signals;
use crate::terminal::{Style, Terminal, elapsed, size};

/// Builds the binary and puts it where it is wanted.
pub(crate) fn build(arguments: &Build, terminal: &Terminal) -> Outcome {
    let project = Project::find(&arguments.path)?;
    let Some((plan, program)) = program::plan(&project, terminal) else {
        return Ok(Exit::Errors);
    };
    let started = Instant::now();
    let gateway = &plan.model.gateway.name;
    let name = layout::crate_name(gateway);
    let out = match &arguments.out {
        Some(path) if path.is_dir() => path.join(&name),
        Some(path) => path.clone(),
        None => PathBuf::from(&name),
    };
    if out.is_dir() {
        return Err(Failure::new(format!("`{}` is a folder", out.display())).note("say where the binary goes: -o PATH"));
    }
    let cache = Cache::open()?;
    let package = layout::package(&plan, &program.compiled.sources, Purpose::Run);
    let folder = cache.write(&project.folder.join(&project.root), &name, &package)?;
    let built = crate::block_on(async {
        let mut signals = Signals::listen()?;
        cargo::build(&folder, &cache.target(), Profile::Release, terminal, &mut signals).await
    })?;
    let Built::Binary(binary) = built else {
        return Err(Failure::new("stopped before it was built"));
    };
    cargo::copy(&binary, &out)?;
    let bytes = fs::metadata(&out).map_err(|why| Failure::file("read", &out, &why))?.len();
    terminal.done("Built", &format!("{gateway} in {}", elapsed(started.elapsed())));
    let path = shown(&out);
    terminal.out(&format!("{} {}\n", terminal.paint(Style::Bold, &path), terminal.paint(Style::Dim, &size(bytes))));
    Ok(Exit::Fine)
}
