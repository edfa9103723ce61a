//! What the tests of syntax and layout share.
#![allow(dead_code, reason = "each test file uses its own part")]

use gatewright_compiler::source::FileId;
use gatewright_compiler::syntax::{self, Parsed};

/// The example programs, by name.
pub(crate) const EXAMPLES: &[(&str, &str)] = &[
    ("types.gw", include_str!("../examples/types.gw")),
    ("frontpage.gw", include_str!("../examples/frontpage.gw")),
    ("orders.gw", include_str!("../examples/orders.gw")),
    ("edge.gw", include_str!("../examples/edge.gw")),
];

/// Reads a text.
pub(crate) fn parse(text: &str) -> Parsed {
    syntax::parse(text, FileId(0))
}

/// Lays a text out.
pub(crate) fn format(text: &str) -> String {
    let parsed = parse(text);
    gatewright_compiler::fmt::format(&parsed.file, &parsed.trivia, text)
}

/// The tree of a text without its places.
pub(crate) fn outline(text: &str) -> String {
    let parsed = parse(text);
    let tree = format!("{:#?}", parsed.file);
    let mut outline = String::new();
    let mut rest = tree.as_str();
    while let Some((before, behind)) = rest.split_once("Span {") {
        outline.push_str(before);
        rest = behind.split_once('}').map_or("", |(_, rest)| rest);
    }
    outline.push_str(rest);
    outline
}

/// What is wrong with a text: `line:column code message`.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let source = gatewright_compiler::source::Source::new("test.gw", text);
    let fault = |diagnostic: &gatewright_compiler::diagnostic::Diagnostic| {
        let place = diagnostic.primary().map(|span| source.position(span.start)).expect("a place");
        format!("{}:{} {} {}", place.line, place.column, diagnostic.code, diagnostic.message)
    };
    parse(text).diagnostics.iter().map(fault).collect()
}
