//! The plan of each case as text, beside it. `UPDATE=1` writes it anew.

use std::path::{Path, PathBuf};

use gatewright_compiler::compile;
use gatewright_compiler::diagnostic::human;
use gatewright_compiler::files::MemoryFiles;
use gatewright_compiler::plan::print::print;

#[test]
fn plans_are_as_they_are_written_beside_the_cases() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/plan"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gw"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 5, "the walk finds the cases");
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(case: &Path) -> Option<String> {
    let text = std::fs::read_to_string(case).unwrap_or_default();
    let compiled = compile(&MemoryFiles::one("case.gw", text), "case.gw");
    let Some(plan) = &compiled.plan else {
        return Some(format!(
            "{}:\n{}",
            case.display(),
            human::render(&compiled.diagnostics, &compiled.sources, false)
        ));
    };
    let written = print(plan);
    let beside = case.with_extension("plan");
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(&beside, &written).err().map(|error| format!("{}: {error}", beside.display()));
    }
    let expected = std::fs::read_to_string(&beside).unwrap_or_default();
    (expected != written).then(|| format!("{}:\n{written}\ninstead of\n{expected}", case.display()))
}
