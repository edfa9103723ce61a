//! The book's list of error codes names every code there is. `UPDATE=1` writes it anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gatewright_compiler::diagnostic::{Code, Severity};

const FAMILIES: &[(&str, &str)] = &[
    ("GW00", "Text"),
    ("GW01", "Files"),
    ("GW02", "Names"),
    ("GW03", "Types"),
    ("GW04", "Routes and parameters"),
    ("GW05", "Calls, null and failure"),
    ("GW06", "Bounds and time"),
    ("GW07", "Waste"),
    ("GW08", "Settings"),
    ("GW09", "Not yet"),
    ("GW10", "Sensitive data"),
];

#[test]
fn the_book_lists_every_code() {
    let page = root().join("docs/src/codes.md");
    same(&page, &list());
    let summary = root().join("docs/src/SUMMARY.md");
    let text = std::fs::read_to_string(&summary).unwrap_or_default();
    let before = text.split("- [Error codes](codes.md)").next().unwrap_or_default();
    let mut written = format!("{before}- [Error codes](codes.md)\n");
    for code in Code::ALL {
        let _ = writeln!(written, "  - [{code}: {}](codes/{code}.md)", code.title());
    }
    same(&summary, &written);
}

fn list() -> String {
    let mut text = String::from(
        "# Error codes\n\nEvery error and warning has a code that never changes its meaning, and a page with a program that is wrong and one that is right.\n`gw codes GW0103` shows the page in a terminal.\n",
    );
    for (prefix, title) in FAMILIES {
        let _ = write!(text, "\n## {title}\n\n| code | | rule |\n|---|---|---|\n");
        for code in Code::ALL.iter().filter(|code| code.as_str().starts_with(prefix)) {
            let severity = match code.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let _ = writeln!(text, "| [{code}](codes/{code}.md) | {severity} | {} |", code.title());
        }
    }
    text
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
