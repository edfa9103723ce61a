//! What the fuzzer checks of programs, over every program of the repository and over what once broke something, without the fuzzer.

use std::path::{Path, PathBuf};

#[path = "fuzz/programs.rs"]
mod programs;

#[test]
fn the_corpus_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<PathBuf> =
        ["corpus/programs", "cases", "golden/cases", "../examples", "../compiler/tests/examples"]
            .map(|folder| root.join(folder))
            .into();
    let mut count = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "gw") {
            let text = std::fs::read(&path).expect("a file");
            programs::parse(&text);
            programs::check(&text);
            count += 1;
        }
    }
    assert!(count > 50, "only {count} programs");
}
