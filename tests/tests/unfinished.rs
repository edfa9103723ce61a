//! Unfinished text: whatever a person has typed so far, the compiler answers with diagnostics and never panics.

use std::path::{Path, PathBuf};

use gatewright_compiler::compile;
use gatewright_tests::files::CaseFiles;

/// Every `.gw` file of the examples and the cases.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut open: Vec<PathBuf> = vec![root.join("examples"), root.join("tests/cases")];
    let mut texts = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).into_iter().flatten().flatten();
            open.extend(entries.map(|entry| entry.path()).filter(|entry| !entry.ends_with("target")));
        } else if path.extension().is_some_and(|extension| extension == "gw") {
            texts.extend(std::fs::read_to_string(&path));
        }
    }
    texts.sort();
    texts
}

#[test]
fn any_beginning_of_any_file_compiles_or_says_why() {
    let sources = sources();
    assert!(!sources.is_empty());
    for text in sources {
        // Every byte of the shortest files, a hundred places of a long one.
        let step = text.len() / 100 + 1;
        for end in (0..text.len()).step_by(step).filter(|end| text.is_char_boundary(*end)) {
            let compiled = compile(&CaseFiles::one("main.gw", &text[..end]), "main.gw");
            assert!(compiled.typed.is_some() || !compiled.diagnostics.is_empty(), "{end} bytes of:\n{text}");
        }
    }
}

#[test]
fn any_file_without_one_of_its_lines_compiles_or_says_why() {
    for text in sources() {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for left_out in 0..lines.len() {
            let kept: String =
                lines.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, line)| *line).collect();
            let compiled = compile(&CaseFiles::one("main.gw", &kept), "main.gw");
            assert!(
                compiled.typed.is_some() || !compiled.diagnostics.is_empty(),
                "without line {}:\n{text}",
                left_out + 1
            );
        }
    }
}
