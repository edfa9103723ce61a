//! Every page of a code: its failing programs break exactly that rule, its right ones none.

use std::fmt::Write as _;

use gatewright_compiler::compile;
use gatewright_compiler::diagnostic::Code;
use gatewright_tests::files::CaseFiles;

/// A fenced block: whether it fails, and its text.
struct Block {
    fails: bool,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line, &mut open) {
            ("```gw", None) => open = Some(Block { fails: false, text: String::new() }),
            ("```gw,fails", None) => open = Some(Block { fails: true, text: String::new() }),
            ("```", Some(_)) => blocks.extend(open.take()),
            (line, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (_, None) => {}
        }
    }
    blocks
}

#[test]
fn pages_show_their_code_and_its_mend() {
    let mut faults = String::new();
    for code in Code::ALL {
        let page = code.page();
        let title = format!("# {code}: {}\n", code.title());
        if !page.starts_with(&title) {
            let _ = writeln!(faults, "{code}: the page must begin with `{}`", title.trim());
        }
        let blocks = blocks(page);
        if !blocks.iter().any(|block| block.fails) || !blocks.iter().any(|block| !block.fails) {
            let _ = writeln!(faults, "{code}: the page shows no program that fails, or none that is right");
        }
        for block in blocks {
            let said = compile(&CaseFiles::one("main.gw", &block.text), "main.gw").diagnostics;
            let codes: Vec<Code> = said.iter().map(|diagnostic| diagnostic.code).collect();
            let expected: &[Code] = if block.fails { std::slice::from_ref(code) } else { &[] };
            if codes != expected {
                let messages: Vec<&str> = said.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
                let kind = if block.fails { "failing" } else { "right" };
                let _ = writeln!(faults, "{code}: the {kind} program gives {codes:?}: {messages:?}");
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}
