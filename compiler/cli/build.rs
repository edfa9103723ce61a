//! Puts the runtime's source into `gw`, so that a gateway can be built where there is no clone of the project.
//!
//! The copy's manifest stands by itself: what it takes from the workspace is written out, and what only the
//! workspace needs (tests, lints, the macro) is left out.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use toml::{Table, Value};

/// The crate with the macro: a generated gateway has no use for it.
const MACROS: &str = "gatewright-macros";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    let runtime = root.join("runtime");

    let manifest = standalone(&table(&runtime.join("Cargo.toml"))?, &table(&root.join("Cargo.toml"))?)?;
    fs::write(out.join("runtime.toml"), manifest)?;

    let mut files = vec![("Cargo.toml".to_owned(), out.join("runtime.toml"))];
    collect(&runtime.join("src"), "src", &mut files)?;
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        println!("cargo::rerun-if-changed={}", root.join(licence).display());
        if root.join(licence).is_file() {
            files.push((licence.to_owned(), root.join(licence)));
        }
    }
    files.sort();

    let mut list = String::from("&[\n");
    for (name, path) in &files {
        writeln!(list, "    ({name:?}, include_str!({:?})),", path.display().to_string())?;
    }
    list.push_str("]\n");
    fs::write(out.join("runtime.rs"), list)?;
    Ok(())
}

/// Every file below `folder`, by its name below the runtime's folder.
fn collect(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) -> Outcome<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path.file_name().and_then(|name| name.to_str()).ok_or("a file name that is no UTF-8")?;
        let name = format!("{name}/{file}");
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push((name, path));
        }
    }
    Ok(())
}

fn table(path: &Path) -> Outcome<Table> {
    println!("cargo::rerun-if-changed={}", path.display());
    Ok(fs::read_to_string(path)?.parse()?)
}

/// The runtime's manifest without its workspace.
fn standalone(runtime: &Table, workspace: &Table) -> Outcome<String> {
    let workspace = workspace.get("workspace").and_then(Value::as_table).ok_or("no [workspace]")?;
    let from = |name: &str| workspace.get(name).and_then(Value::as_table).ok_or("the workspace lacks a table");

    let mut text =
        String::from("# What a gateway needs while it runs: a copy of Gatewright's runtime crate.\n\n[package]\n");
    write_lines(&mut text, &inherit(section(runtime, "package")?, from("package")?))?;
    text.push_str("publish = false\n\n[features]\n");
    write_lines(&mut text, &features(section(runtime, "features")?))?;
    text.push_str("\n[dependencies]\n");
    for (name, wanted) in section(runtime, "dependencies")?.iter().filter(|(name, _)| *name != MACROS) {
        writeln!(text, "{name} = {}", dependency(name, wanted, from("dependencies")?)?)?;
    }
    Ok(text)
}

/// A table's entries, a line each: the name and the version first, as people write them.
fn write_lines(text: &mut String, table: &Table) -> Outcome<()> {
    let first = ["default", "name", "version"];
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| first.iter().position(|word| word == key).unwrap_or(first.len()));
    for (key, value) in entries {
        writeln!(text, "{key} = {value}")?;
    }
    Ok(())
}

fn section<'a>(manifest: &'a Table, name: &str) -> Outcome<&'a Table> {
    manifest.get(name).and_then(Value::as_table).ok_or_else(|| format!("the runtime has no [{name}]").into())
}

/// `key.workspace = true` becomes what the workspace says.
fn inherit(package: &Table, workspace: &Table) -> Table {
    let own = |(key, value): (&String, &Value)| {
        let inherited = value.get("workspace").is_some();
        Some((key.clone(), if inherited { workspace.get(key)?.clone() } else { value.clone() }))
    };
    package.iter().filter_map(own).collect()
}

/// The features, none of which turns the macro on.
fn features(features: &Table) -> Table {
    let of_macros = |value: &Value| {
        value.as_str().is_some_and(|text| text.trim_start_matches("dep:").split(['/', '?']).next() == Some(MACROS))
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let gone: Vec<&String> =
        features.iter().filter(|(_, value)| list(value).iter().any(of_macros)).map(|(name, _)| name).collect();
    let kept = |value: &Value| !of_macros(value) && !gone.iter().any(|name| value.as_str() == Some(name));
    features
        .iter()
        .map(|(name, value)| (name.clone(), Value::Array(list(value).into_iter().filter(kept).collect())))
        .collect()
}

/// One dependency as its line has it, with what the workspace says of it.
fn dependency(name: &str, wanted: &Value, workspace: &Table) -> Outcome<String> {
    let Some(wanted) = wanted.as_table().filter(|wanted| wanted.contains_key("workspace")) else {
        return Ok(wanted.to_string());
    };
    let known = workspace.get(name).ok_or("a dependency that the workspace does not know")?;
    let known = known.as_table().cloned().unwrap_or_else(|| Table::from_iter([("version".to_owned(), known.clone())]));
    let listed = |table: &Table| table.get("features").and_then(Value::as_array).cloned().unwrap_or_default();
    let features: Vec<Value> = listed(&known).into_iter().chain(listed(wanted)).collect();

    let mut parts: Vec<String> = Vec::new();
    for (key, value) in [
        ("version", known.get("version").cloned()),
        ("default-features", known.get("default-features").cloned()),
        ("features", (!features.is_empty()).then_some(Value::Array(features))),
        ("optional", wanted.get("optional").cloned()),
    ] {
        parts.extend(value.map(|value| format!("{key} = {value}")));
    }
    match parts.as_slice() {
        [version] if known.contains_key("version") => Ok(version.trim_start_matches("version = ").to_owned()),
        _ => Ok(format!("{{ {} }}", parts.join(", "))),
    }
}
