//! The rules of the house that no compiler checks: what each file opens with, sizes, and which module may use which.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// No file is longer, generated ones aside: past it, it is two things.
const MAX_FILE_LINES: usize = 600;

/// No function is longer.
const MAX_FUNCTION_LINES: usize = 80;

/// Nine functions in ten are no longer.
const USUAL_FUNCTION_LINES: usize = 35;

/// Which parts of the compiler each part may use. An arrow that is missing here is a decision, not an oversight.
const ARROWS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("files", &[]),
    ("spelling", &[]),
    ("diagnostic", &["source"]),
    ("syntax", &["source", "diagnostic", "spelling"]),
    ("load", &["source", "diagnostic", "files", "syntax"]),
    ("model", &["source"]),
    ("functions", &["model"]),
    ("resolve", &["source", "model", "diagnostic", "syntax", "load", "spelling"]),
    ("typed", &["source", "model", "functions"]),
    ("check", &["source", "diagnostic", "syntax", "load", "model", "functions", "resolve", "typed", "spelling"]),
    ("plan", &["source", "model", "functions", "typed"]),
    ("explain", &["source", "model", "functions", "plan"]),
    ("emit", &["source", "model", "functions", "plan"]),
    ("fmt", &["source", "syntax"]),
];

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> =
        rust_files().into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(path, _)| path).collect();
    assert!(silent.is_empty(), "files that do not open with `//!`: {silent:#?}");
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<_> = rust_files()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_FILE_LINES)
        .collect();
    assert!(long.is_empty(), "files of more than {MAX_FILE_LINES} lines: {long:#?}");
}

#[test]
fn functions_are_short() {
    let mut found = Vec::new();
    for (path, text) in rust_files() {
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut here = Vec::new();
        functions(tokens, &mut here);
        found.extend(here.into_iter().map(|(name, lines)| (format!("{}: {name}", path.display()), lines)));
    }
    let long: Vec<_> = found.iter().filter(|(_, lines)| *lines > MAX_FUNCTION_LINES).collect();
    assert!(long.is_empty(), "functions of more than {MAX_FUNCTION_LINES} lines: {long:#?}");
    let usual = found.iter().filter(|(_, lines)| *lines <= USUAL_FUNCTION_LINES).count();
    assert!(
        usual * 10 >= found.len() * 9,
        "only {usual} of {} functions have at most {USUAL_FUNCTION_LINES} lines",
        found.len()
    );
}

#[test]
fn arrows_of_the_compiler_point_one_way() {
    let source = root().join("compiler/src");
    let mut wrong = String::new();
    for (path, text) in rust_files() {
        let Ok(inside) = path.strip_prefix(&source) else { continue };
        let Some(part) = inside.components().next().and_then(|part| Path::new(part.as_os_str()).file_stem()?.to_str())
        else {
            continue;
        };
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == part) else { continue };
        // Tests may take programs from anywhere.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if inside.ends_with("tests.rs") {
            continue;
        }
        for (used, line) in used_parts(code) {
            if used != part && !allowed.contains(&used.as_str()) {
                let _ = writeln!(wrong, "{}:{line}: `{part}` must not use `{used}`", path.display());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn nothing_is_left_for_later_without_a_word() {
    let marks = ["TODO", "FIXME", "XXX", "unimplemented!", "todo!"];
    let left: Vec<_> = rust_files()
        .into_iter()
        .filter(|(path, _)| !path.ends_with("tests/tests/tidy.rs"))
        .flat_map(|(path, text)| {
            let found: Vec<_> = text
                .lines()
                .enumerate()
                .filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)))
                .map(|(number, line)| format!("{}:{}: {}", path.display(), number + 1, line.trim()))
                .collect();
            found
        })
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

/// `crate::plan::…` and `use crate::{plan, model}` in a text, with their lines.
fn used_parts(code: &str) -> Vec<(String, usize)> {
    let mut parts = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let line = line.split("//").next().unwrap_or_default();
        for after in line.split("crate::").skip(1) {
            let names = match after.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or_default(),
                None => after,
            };
            for name in names.split(',') {
                let word: String =
                    name.trim().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                if ARROWS.iter().any(|(part, _)| *part == word) {
                    parts.push((word, number + 1));
                }
                if !after.starts_with('{') {
                    break;
                }
            }
        }
    }
    parts
}

/// The name and the number of lines of every function in some tokens.
fn functions(tokens: TokenStream, found: &mut Vec<(String, usize)>) {
    let mut name = None;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "fn" => {
                if let Some(TokenTree::Ident(next)) = tokens.peek() {
                    name = Some(next.to_string());
                }
            }
            // A function without a body: in a trait, or a type.
            TokenTree::Punct(punct) if punct.as_char() == ';' => name = None,
            TokenTree::Group(group) => {
                if group.delimiter() == Delimiter::Brace
                    && let Some(name) = name.take()
                {
                    let lines = group.span_close().end().line - group.span_open().start().line + 1;
                    found.push((name, lines));
                }
                functions(group.stream(), found);
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Every Rust file that people wrote; what is generated has rules of its own.
fn rust_files() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for folder in ["compiler", "macros", "runtime", "examples", "tests"] {
        collect(&root().join(folder), &mut files);
    }
    files.sort();
    assert!(files.len() > 30, "the walk finds the project's files");
    files
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let skipped = ["target", "golden", "ui", "corpus", "node_modules"].iter().any(|skipped| name == *skipped);
        if path.is_dir() && !skipped {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            files.push((path, text));
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
