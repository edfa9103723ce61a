//! What the fuzzer checks, over the corpora and without the fuzzer.

use std::path::Path;

#[path = "fuzz/scanner.rs"]
mod scanner;

#[test]
fn the_corpora_hold() {
    for corpus in ["scanner", "json-test-suite"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus").join(corpus);
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            scanner::check(&std::fs::read(entry.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(count > 10, "{corpus} is nearly empty");
    }
}
