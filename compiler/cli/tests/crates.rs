//! `gw generate` and `gw build` to the end: the crate is built by cargo alone, the binary runs by itself.

#![allow(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use support::Gw;

#[test]
fn a_generated_crate_builds_as_it_is_and_is_written_but_once() {
    let folder = support::folder("a-generated-crate");
    support::project(&folder, "");
    let (program, out) = (folder.join("quiet.gw"), folder.join("out"));
    let generate = |out: &Path| {
        let arguments = ["generate", program.to_str().unwrap(), "-o", out.to_str().unwrap()];
        assert_eq!(Gw::start(&arguments).wait(), Some(0));
    };
    generate(&out);
    let first = files(&out);
    generate(&out);
    assert_eq!(first, files(&out), "a second writing touches nothing");
    generate(&folder.join("again"));
    let texts = |files: &Files| files.iter().map(|(name, (text, _))| (name.clone(), text.clone())).collect::<Vec<_>>();
    assert_eq!(texts(&first), texts(&files(&folder.join("again"))), "the same everywhere, byte for byte");

    // The libraries are those of `gw run`: without debug information they are built already.
    let cargo = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--offline", "--manifest-path"])
        .arg(out.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(support::cache().join("target"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&cargo.stderr);
    assert!(cargo.status.success(), "{said}");
    assert!(!said.contains("warning"), "generated code has no warnings: {said}");
}

#[test]
fn a_built_binary_runs_by_itself() {
    let folder = support::folder("a-built-binary");
    support::project(&folder, "");
    let binary = folder.join("quiet");
    let mut gw = support::command(&["build", folder.to_str().unwrap(), "-o", binary.to_str().unwrap()]);
    // Optimising takes minutes and proves nothing here.
    gw.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "off");
    gw.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    let output = gw.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (path, size) = said.trim().split_once(' ').unwrap();
    assert_eq!(Path::new(path), binary);
    assert!(size.ends_with(" MB"), "{said}");

    let mut gateway = Gw::of(Command::new(&binary).env_clear().env("GATEWRIGHT_LISTEN", "127.0.0.1:0"));
    let address = gateway.wait_for("listens at http://");
    let address = address.split(' ').next().unwrap();
    assert_eq!(support::get(address, "/").body, "{\"quiet\":true}");
    assert_eq!(gateway.terminate(), Some(0));
}

/// Every file of a folder by its name, with its text and when it was written.
type Files = BTreeMap<PathBuf, (String, SystemTime)>;

fn files(folder: &Path) -> Files {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let written = fs::metadata(&path).unwrap().modified().unwrap();
            let text = fs::read_to_string(&path).unwrap();
            found.insert(path.strip_prefix(folder).unwrap().to_owned(), (text, written));
        }
    }
    found
}
