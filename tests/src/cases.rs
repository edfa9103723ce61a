//! Cases: `.gw` files with what the compiler says of them written under the lines it speaks of.
//!
//! ```text
//! type User { nme: Strng }
//! //               ^^^^^ error[GW0204]: there is no type `Strng`
//! ```
//!
//! A case is a file, or a folder whose root is `main.gw`. `UPDATE=1` writes what the compiler says today.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gatewright_compiler::compile;
use gatewright_compiler::diagnostic::{Diagnostic, Severity};
use gatewright_compiler::source::{FileId, Source};

use crate::files::CaseFiles;

/// What becomes of all cases below a folder: how many there are, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many cases were run.
    pub count: usize,
    /// A text for each that failed.
    pub failures: Vec<String>,
}

/// Runs every case below `folder`.
pub fn run_all(folder: &Path) -> Outcome {
    let mut outcome = Outcome::default();
    for path in sorted_entries(folder) {
        let is_case = if path.is_dir() { path.join("main.gw").exists() } else { has_gw_extension(&path) };
        if is_case {
            outcome.count += 1;
            outcome.failures.extend(run(&path).err());
        } else if path.is_dir() {
            let inner = run_all(&path);
            outcome.count += inner.count;
            outcome.failures.extend(inner.failures);
        }
    }
    outcome
}

fn sorted_entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn has_gw_extension(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gw")
}

/// Compiles a case and compares what is said with what is written under its lines.
fn run(case: &Path) -> Result<(), String> {
    let (folder, root) = if case.is_dir() {
        (case.to_owned(), "main.gw".to_owned())
    } else {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (case.parent().unwrap_or(Path::new(".")).to_owned(), name)
    };
    let mut written = CaseFiles::default();
    if case.is_dir() {
        collect(&folder, "", &mut written);
    } else {
        written.files.insert(root.clone(), read(case)?);
    }
    let mut bare = written.clone();
    for bytes in bare.files.values_mut() {
        if let Ok(text) = std::str::from_utf8(bytes) {
            *bytes = without_expectations(text).into_bytes();
        }
    }

    let compiled = compile(&bare, &root);
    let mut faults = String::new();
    for (id, source) in compiled.sources.iter() {
        let said = with_expectations(id, source, &compiled.diagnostics);
        let before = written.files.get(&source.name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let Some(before) = before.filter(|before| *before != said) else { continue };
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(folder.join(&source.name), said).map_err(|error| error.to_string())?;
        } else {
            let path = folder.join(&source.name);
            let _ = write!(faults, "{}:\n{}", path.display(), difference(&before, &said));
        }
    }
    faults.push_str(&unmended(&bare, &root, &compiled.diagnostics));
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn collect(folder: &Path, prefix: &str, files: &mut CaseFiles) {
    for path in sorted_entries(folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else if let Ok(bytes) = std::fs::read(&path) {
            files.files.insert(name, bytes);
        }
    }
}

// ── expectations ─────────────────────────────────────────────────────────────────────────────────────────────────

fn is_expectation(line: &str) -> bool {
    let Some(comment) = line.strip_prefix("//") else { return false };
    let words = comment.trim_start().trim_start_matches('^').trim_start();
    words.starts_with("error[GW") || words.starts_with("warning[GW")
}

fn without_expectations(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !is_expectation(line)).collect()
}

/// The text with what is said of each line under it. What has no place stands at the top.
fn with_expectations(id: FileId, source: &Source, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.primary().is_none()) {
        if id == FileId(0) {
            let _ = writeln!(out, "// {}", said(diagnostic));
        }
    }
    if source.text.is_empty() {
        diagnostics.iter().filter(|diagnostic| diagnostic.primary().is_some()).for_each(|diagnostic| {
            let _ = writeln!(out, "// {}", said(diagnostic));
        });
    }
    let mut offset = 0;
    for line in source.text.split_inclusive('\n') {
        out.push_str(line);
        let range = offset..offset + line.len();
        offset = range.end;
        let is_last = offset == source.text.len();
        for diagnostic in diagnostics {
            let Some(span) = diagnostic.primary().filter(|span| span.file == id) else { continue };
            let start = span.start as usize;
            if range.contains(&start) || (is_last && start == range.end) {
                if !out.ends_with('\n') {
                    out.push('\n');
                }
                let end = (span.end as usize).min(range.start + line.trim_end().len());
                let column = source.text.get(range.start..start).map_or(0, |text| text.chars().count());
                let width = source.text.get(start..end).map_or(1, |text| text.chars().count());
                let _ = writeln!(out, "{} {}", carets(column, width), said(diagnostic));
            }
        }
    }
    out
}

/// Carets under the columns, as far as the two slashes let them.
fn carets(column: usize, width: usize) -> String {
    let end = (column + width.max(1)).max(3);
    let column = column.max(2);
    format!("//{}{}", " ".repeat(column - 2), "^".repeat(end - column))
}

fn said(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!("{severity}[{}]: {}", diagnostic.code, diagnostic.message)
}

fn difference(before: &str, after: &str) -> String {
    let mut out = String::new();
    for line in before.lines().filter(|line| is_expectation(line) && !after.lines().any(|other| other == *line)) {
        let _ = writeln!(out, "  - {line}");
    }
    for line in after.lines().filter(|line| is_expectation(line) && !before.lines().any(|other| other == *line)) {
        let _ = writeln!(out, "  + {line}");
    }
    if out.is_empty() {
        out.push_str("  the same words stand under other lines\n");
    }
    out
}

// ── fixes ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Every fix that may be applied unasked must take its diagnostic away, and every one must leave a text that can be read.
fn unmended(files: &CaseFiles, root: &str, diagnostics: &[Diagnostic]) -> String {
    let mut faults = String::new();
    for diagnostic in diagnostics {
        for fix in &diagnostic.fixes {
            let mended = apply(files, root, fix);
            let after = compile(&mended, root).diagnostics;
            let same = |list: &[Diagnostic]| {
                list.iter().filter(|other| other.code == diagnostic.code && other.message == diagnostic.message).count()
            };
            let unreadable = |list: &[Diagnostic]| list.iter().filter(|other| other.code.as_str() < "GW0100").count();
            let stays = fix.applicable && same(&after) >= same(diagnostics);
            if stays || unreadable(&after) > unreadable(diagnostics) {
                let _ = writeln!(faults, "  the fix `{}` does not mend: {}", fix.title, said(diagnostic));
            }
        }
    }
    faults
}

fn apply(files: &CaseFiles, root: &str, fix: &gatewright_compiler::diagnostic::Fix) -> CaseFiles {
    let compiled = compile(files, root);
    let mut mended = files.clone();
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse((span.file, span.start)));
    for (span, text) in edits {
        let Some(source) = compiled.sources.get(span.file) else { continue };
        if let Some(bytes) = mended.files.get_mut(&source.name) {
            bytes.splice(span.start as usize..span.end as usize, text.bytes());
        }
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expectations_are_comments_of_one_form() {
        assert!(is_expectation("//    ^^^^ error[GW0204]: there is no type `Strng`"));
        assert!(is_expectation("// error[GW0101]: there is no file `main.gw`"));
        assert!(!is_expectation("// an error"));
        assert_eq!(carets(5, 3), "//   ^^^");
        assert_eq!(carets(0, 2), "//^");
    }
}
