//! What rustc says of `gateway!`: the texts in `tests/ui/*.stderr`. They follow the wording of the toolchain in
//! `rust-toolchain.toml`; `TRYBUILD=overwrite` writes them anew.
//!
//! They are few: each rule of the language has its case in `tests/cases`, through the compiler alone.

use std::path::Path;

#[test]
fn findings_land_where_they_belong() {
    give_files();
    let tests = trybuild::TestCases::new();
    tests.compile_fail("ui/*.rs");
}

/// `gateway!("shop.gw")` reads in the folder of its crate, and trybuild makes a crate of its own for the cases.
fn give_files() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target folder");
    let package = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME"));
    std::fs::create_dir_all(&package).expect("a folder");
    for entry in std::fs::read_dir("ui").expect("the cases") {
        let path = entry.expect("a case").path();
        if path.extension().is_some_and(|extension| extension == "gw") {
            std::fs::copy(&path, package.join(path.file_name().expect("a name"))).expect("copied");
        }
    }
}
