//! Any bytes as an upstream's answer and as a client's body.
#![no_main]

#[path = "../../../runtime/tests/fuzz/scanner.rs"]
mod scanner;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| scanner::check(bytes));
