//! Any text as a program, read and laid out.
#![no_main]

#[allow(dead_code, reason = "each target uses its own part")]
#[path = "../../tests/fuzz/programs.rs"]
mod programs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| programs::parse(bytes));
