//! Every case under `cases`: the compiler says what is written there, and its fixes mend.

use std::path::Path;

use gatewright_tests::cases::run_all;

#[test]
fn cases_are_as_they_say() {
    let outcome = run_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"));
    assert!(outcome.count > 0, "there are cases");
    assert!(outcome.failures.is_empty(), "run with UPDATE=1 to accept:\n{}", outcome.failures.join("\n"));
}
