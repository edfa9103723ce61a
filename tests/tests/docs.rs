//! Every `.gw` block in the README and in the book goes through the compiler.
//!
//! A block is fenced with what it is: `gw` is a whole program, `gw,items` are items added to `docs/prelude.gw`, `gw,body` is
//! the body of an endpoint there. With `,fails` the program must have errors, and only errors that are not about its syntax.

use std::path::{Path, PathBuf};

use gatewright_compiler::compile;
use gatewright_compiler::diagnostic::{Severity, human};
use gatewright_compiler::files::MemoryFiles;

#[test]
fn every_block_of_the_docs_compiles() {
    let mut faults = Vec::new();
    let mut blocks = 0;
    for path in pages() {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for (line, kind, program) in gw_blocks(&text) {
            blocks += 1;
            if let Some(fault) = fault(&kind, &program) {
                faults.push(format!("{}:{line} ({kind})\n{fault}", path.display()));
            }
        }
    }
    assert!(blocks > 15, "the walk finds the blocks");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// What is wrong with a block, if anything.
fn fault(kind: &str, block: &str) -> Option<String> {
    let words: Vec<&str> = kind.split(',').map(str::trim).collect();
    let prelude = std::fs::read_to_string(root().join("docs/prelude.gw")).unwrap_or_default();
    let program = if words.contains(&"items") {
        format!("{prelude}\n{block}")
    } else if words.contains(&"body") {
        format!("{prelude}\nendpoint GET \"/example\" example() {{\n    public\n{block}\n}}\n")
    } else {
        block.to_owned()
    };
    let compiled = compile(&MemoryFiles::one("block.gw", program), "block.gw");
    let errors: Vec<_> =
        compiled.diagnostics.iter().filter(|found| found.severity() == Severity::Error).cloned().collect();
    match (words.contains(&"fails"), errors.is_empty()) {
        (false, false) => Some(human::render(&errors, &compiled.sources, false)),
        (true, true) => Some("must fail, and does not".to_owned()),
        (true, false) if errors.iter().any(|error| error.code.as_str().starts_with("GW00")) => {
            Some(human::render(&errors, &compiled.sources, false))
        }
        (false, true) | (true, false) => None,
    }
}

/// The line, the words behind the fence, and the text of every block in the language.
fn gw_blocks(text: &str) -> Vec<(usize, String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(kind)) => open = Some((number + 1, kind.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take().filter(|(_, kind, _)| is_gw(kind))),
            (Some((_, _, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

fn is_gw(kind: &str) -> bool {
    kind.split(',').next().is_some_and(|word| word.trim() == "gw")
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    collect(&root().join("docs"), &mut pages);
    collect(&root().join("examples"), &mut pages);
    pages.sort();
    pages
}

fn collect(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("codes") {
            collect(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
