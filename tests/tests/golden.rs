//! Generated code lies beside its cases, as a crate that is compiled and run: here it is held against what is generated now.
//!
//! `UPDATE=1 cargo test -p gatewright-tests --test golden` writes it anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gatewright_compiler::diagnostic::Severity;
use gatewright_compiler::emit::rust::{self, Options};
use gatewright_compiler::files::MemoryFiles;

#[test]
fn generated_code_is_as_it_was() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let wanted = generated(&folder);
    let update = std::env::var_os("UPDATE").is_some();
    if update {
        write(&folder, &wanted);
    }
    let found = found(&folder);
    let differing: Vec<&String> = wanted
        .iter()
        .filter(|(path, text)| found.get(*path) != Some(text))
        .map(|(path, _)| path)
        .chain(found.keys().filter(|path| !wanted.contains_key(*path)))
        .collect();
    assert!(differing.is_empty(), "generated code differs, `UPDATE=1` writes it anew: {differing:#?}");
}

/// What is generated of every case, by its path in the crate's `src`.
fn generated(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut modules = String::new();
    for case in cases(folder) {
        let name = case.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let file = format!("{name}.gw");
        let text = fs::read_to_string(&case).expect("a case");
        let compiled = gatewright_compiler::compile(&MemoryFiles::one(file.clone(), text), &file);
        let errors: Vec<_> = compiled
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity() == Severity::Error)
            .map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message))
            .collect();
        let plan = compiled.plan.unwrap_or_else(|| panic!("{file}: {errors:#?}"));
        let code = rust::generate(&plan, &compiled.sources, &Options::of_crate());
        modules.extend(["#[rustfmt::skip]\npub mod ", &name, ";\n"]);
        let code = code.files_at(&name, &format!("{name}/"));
        files.extend(code.into_iter().map(|file| (file.path, file.text)));
    }
    let docs = "//! Generated code of every case in `cases`, a module each. `UPDATE=1` writes it anew.\n\n";
    files.insert("lib.rs".to_owned(), format!("{docs}{modules}"));
    files
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("cases")).expect("the cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("a case").path()).collect();
    cases.sort();
    cases
}

fn write(folder: &Path, files: &BTreeMap<String, String>) {
    for old in found(folder).keys().filter(|path| !files.contains_key(*path)) {
        fs::remove_file(folder.join("src").join(old)).expect("an old file");
    }
    for (path, text) in files {
        let path = folder.join("src").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// Everything that lies in the crate's `src`.
fn found(folder: &Path) -> BTreeMap<String, String> {
    let source = folder.join("src");
    let (mut found, mut folders) = (BTreeMap::new(), vec![source.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&source).expect("a path in it").to_string_lossy().replace('\\', "/");
            found.insert(name, fs::read_to_string(&path).expect("a file"));
        }
    }
    found
}
