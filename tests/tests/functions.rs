//! The table of functions in the reference, and a golden case in which every example of it is compiled and run.
//!
//! `UPDATE=1 cargo test -p gatewright-tests --test functions` writes both anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gatewright_compiler::functions::{EXAMPLE_VALUES, FUNCTIONS, Function, Gives};
use gatewright_compiler::model::Scalar;

/// The page that has the tables, between these two lines.
const PAGE: &str = "docs/src/language/methods.md";
const START: &str = "<!-- the tables of functions: UPDATE=1 writes them -->\n";
const END: &str = "<!-- end of the tables -->\n";

/// The case that has the examples.
const CASE: &str = "tests/golden/cases/methods.gw";

#[test]
fn the_reference_lists_every_function() {
    let path = root().join(PAGE);
    let text = std::fs::read_to_string(&path).expect("the page");
    let (before, rest) = text.split_once(START).expect("the start of the tables");
    let (_, after) = rest.split_once(END).expect("the end of the tables");
    same(&path, &format!("{before}{START}{}{END}{after}", tables()));
}

#[test]
fn every_example_is_compiled_and_run() {
    same(&root().join(CASE), &case());
}

/// Functions of one kind of value.
struct Family {
    title: &'static str,
    intro: &'static str,
    kinds: &'static [Option<Scalar>],
}

const FAMILIES: &[Family] = &[
    Family {
        title: "Strings",
        intro: "Of `String`, `Path` and `Url`. A length is in characters: Unicode scalar values.",
        kinds: &[Some(Scalar::String)],
    },
    Family {
        title: "Numbers",
        intro: "Of `Int`, `Decimal` and `Float`, as the first column says.",
        kinds: &[Some(Scalar::Int), Some(Scalar::Decimal), Some(Scalar::Float)],
    },
];

fn tables() -> String {
    let values: Vec<String> = EXAMPLE_VALUES.iter().map(|(name, _, text)| format!("`{name}` is `{text}`")).collect();
    let mut text = format!("\nEach example holds where {}.\n", values.join(", "));
    let mut listed = 0;
    for family in FAMILIES {
        let _ = write!(text, "\n### {}\n\n{}\n\n", family.title, family.intro);
        let _ = writeln!(text, "| | gives | | example |\n|---|---|---|---|");
        for kind in family.kinds {
            for function in FUNCTIONS.iter().filter(|function| function.is_on(*kind)) {
                let _ = writeln!(text, "{}", row(function, *kind, family));
                listed += 1;
            }
        }
    }
    assert_eq!(listed, FUNCTIONS.len(), "every function belongs to a family");
    text.push('\n');
    text
}

fn row(function: &Function, kind: Option<Scalar>, family: &Family) -> String {
    let on = match kind {
        Some(kind) if family.kinds.len() > 1 => kind.as_str(),
        _ => "",
    };
    let cell = |text: &str| text.replace('|', "\\|");
    let (signature, example) = (cell(&function.signature()), cell(function.example));
    format!("| `{on}{signature}` | `{}` | {} | `{example}` |", gives(function.gives), cell(function.docs))
}

fn gives(gives: Gives) -> String {
    match gives {
        Gives::Plain(scalar) => scalar.as_str().to_owned(),
        Gives::Strings(most) => format!("[String](1..={most})"),
    }
}

fn case() -> String {
    let mut text = String::from(
        "// Every example of the table of functions, compiled and run: each is true. `UPDATE=1` writes this file.\n\ngateway Methods {\n    listen \"127.0.0.1:8080\"\n}\n",
    );
    for family in FAMILIES {
        let name = family.title.to_lowercase();
        let of_family = |function: &&Function| family.kinds.iter().any(|kind| function.is_on(*kind));
        let examples: Vec<&str> = FUNCTIONS.iter().filter(of_family).map(|function| function.example).collect();
        let used = |name: &str| examples.iter().any(|example| words(example).any(|word| word == name));
        let params: Vec<String> = EXAMPLE_VALUES
            .iter()
            .filter(|(name, ..)| used(name))
            .map(|(name, kind, value)| format!("{name}: {kind} = {value}"))
            .collect();
        let params = params.join(", ");
        let _ = write!(text, "\nendpoint GET \"/{name}\" {name}({params}) {{\n    public\n\n    respond [\n");
        for example in examples {
            let _ = writeln!(text, "        {example},");
        }
        text.push_str("    ]\n}\n");
    }
    text
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}

fn same(path: &Path, written: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, written).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == written, "{} is not what UPDATE=1 writes", path.display());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
