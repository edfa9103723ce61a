//! What holds for any text as a program: what is said of it has a place in it, what is laid out stays as it is, and what has no
//! error becomes Rust that parses.

use gatewright_compiler::emit::rust::{self, Options};
use gatewright_compiler::files::MemoryFiles;
use gatewright_compiler::source::FileId;
use gatewright_compiler::{compile, fmt, syntax};

/// Reads a text and lays it out.
pub(crate) fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let parsed = syntax::parse(text, FileId(0));
    assert_eq!(parsed.file.broken, !parsed.diagnostics.is_empty());
    for label in parsed.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "a place outside of the text");
    }
    let once = fmt::format(&parsed.file, &parsed.trivia, text);
    if parsed.file.broken {
        return;
    }
    let again = syntax::parse(&once, FileId(0));
    assert!(!again.file.broken, "what was laid out can't be read: {once}");
    assert_eq!(fmt::format(&again.file, &again.trivia, &once), once, "laid out twice, it differs");
}

/// Compiles a text as far as it goes.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let compiled = compile(&MemoryFiles::one("main.gw", text), "main.gw");
    assert!(compiled.plan.is_some() || !compiled.diagnostics.is_empty(), "no plan, and nothing is said of it");
    for label in compiled.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        let _ = compiled.sources.place(label.span);
    }
    if let Some(plan) = &compiled.plan {
        let code = rust::generate(plan, &compiled.sources, &Options::of_crate());
        for file in code.files_at("main", "main/") {
            assert!(file.text.parse::<proc_macro2::TokenStream>().is_ok(), "{} is no Rust", file.path);
        }
    }
}
