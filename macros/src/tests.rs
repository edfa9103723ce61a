//! What the macro hands back, without rustc around it: `tests/ui` has that.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gatewright_compiler::files::{FileError, Files};
use gatewright_compiler::{Compiled, compile, plan};
use proc_macro2::{TokenStream, TokenTree};

use super::expand;
use super::tokens::Text;

/// A gateway of all that the language has so far, as it stands in a file and in the macro.
const WHOLE: &str = include_str!("tests/whole.gw");

/// The files of a folder, one of them with another text.
struct Folder<'a> {
    path: &'a Path,
    root: (&'a str, String),
}

impl Files for Folder<'_> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        if path == self.root.0 {
            return Ok(self.root.1.clone());
        }
        std::fs::read_to_string(self.path.join(path)).map_err(|_| FileError::Missing)
    }
}

/// What was found, with places as people read them, and the plan as text.
fn shown(compiled: &Compiled) -> String {
    let mut shown = String::new();
    for diagnostic in &compiled.diagnostics {
        let _ = writeln!(shown, "{} {}", diagnostic.code, diagnostic.message);
        for label in &diagnostic.labels {
            let _ = writeln!(shown, "  {} {}", compiled.sources.place(label.span), label.text);
        }
    }
    compiled.plan.as_ref().map_or(shown.clone(), |found| shown + &plan::print::print(found))
}

#[test]
fn a_text_means_the_same_in_the_macro_and_in_a_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in examples() {
        let source = std::fs::read_to_string(&path).expect("text");
        let (folder, name) = (path.parent().unwrap_or(folder), path.file_name().and_then(|name| name.to_str()));
        let name = name.expect("a name");
        let text = Text::of(source.parse().expect("Rust's tokens")).text;
        let from_file = compile(&Folder { path: folder, root: (name, source) }, name);
        let inline = compile(&Folder { path: folder, root: (name, text) }, name);
        assert_eq!(shown(&from_file), shown(&inline), "{}", path.display());
    }
}

#[test]
fn the_whole_language_compiles() {
    let compiled = compile(&Folder { path: Path::new("."), root: ("whole.gw", WHOLE.to_owned()) }, "whole.gw");
    assert_eq!(shown(&Compiled { plan: None, ..compiled }), "");
}

/// Every `.gw` file of the repository that is meant to be read.
fn examples() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["../examples", "../compiler/tests/examples", "src/tests"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    found.sort();
    assert!(found.len() > 5, "there are examples: {found:?}");
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "gw") {
            found.push(path);
        }
    }
}

/// The places of all `compile_error!`s and their messages.
fn errors(tokens: TokenStream, found: &mut Vec<(usize, usize, String)>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        match (tree, trees.get(at + 2)) {
            (TokenTree::Ident(word), Some(TokenTree::Group(text))) if word == "compile_error" => {
                let start = word.span().start();
                found.push((start.line, start.column, text.stream().to_string()));
            }
            (TokenTree::Group(group), _) => errors(group.stream(), found),
            _ => {}
        }
    }
}

#[test]
fn errors_stand_on_their_tokens() {
    let source = "gateway Shop {}\ntype A { x: Sting }\ntype B { y: Itn }";
    let mut found = Vec::new();
    errors(expand(source.parse().expect("tokens")), &mut found);
    found.sort();
    let places: Vec<_> = found.iter().map(|(line, column, _)| (*line, *column)).collect();
    assert_eq!(places, [(2, 12), (3, 12)]);
    assert!(found[0].2.contains("there is no type `Sting`") && found[0].2.contains("did you mean `String`?"));
}

#[test]
fn a_broken_gateway_still_has_its_names() {
    let source = "gateway Shop {}\ntype my_user { x: Sting }\nservice UserBase at \"http://a\" {}";
    let tokens = expand(source.parse().expect("tokens")).to_string();
    for name in
        ["pub mod shop", "pub type Shop", "pub type Builder", "pub mod types", "pub mod user_base", "pub type UserBase"]
    {
        assert!(tokens.contains(name), "{name} in {tokens}");
    }
}

#[test]
fn files_that_were_read_are_marked() {
    let file = expand("\"../examples/embed-in-axum/shop.gw\"".parse().expect("tokens")).to_string();
    assert!(file.contains("include_bytes") && file.contains("embed-in-axum/shop.gw"), "{file}");
    let missing = expand("\"nowhere.gw\"".parse().expect("tokens")).to_string();
    assert!(missing.contains("there is no file `nowhere.gw`") && !missing.contains("include_bytes"), "{missing}");
}

#[test]
fn an_empty_call_is_one_error() {
    let mut found = Vec::new();
    errors(expand(TokenStream::new()), &mut found);
    assert_eq!(found.len(), 1, "{found:?}");
}
