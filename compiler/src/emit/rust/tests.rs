//! Tests of the Rust emitter.

use super::*;
use crate::files::MemoryFiles;

#[test]
fn storefront_is_written() {
    let text = include_str!("../../../../examples/storefront/frontpage.gw");
    let files = MemoryFiles::one("frontpage.gw", text);
    let compiled = crate::compile(&files, "frontpage.gw");
    assert_eq!(compiled.diagnostics, []);
    let plan = compiled.plan.expect("a plan");
    let generated = generate(&plan, &compiled.sources, &Options::of_crate());
    let paths: Vec<String> = generated.files().into_iter().map(|file| file.path).collect();
    assert!(paths.contains(&"src/endpoints/frontpage.rs".to_owned()));
}
