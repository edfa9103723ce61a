//! From a plan to what people and machines use: today a crate in Rust.
//!
//! An emitter reads the plan and the sources, nothing else, and cannot fail.

pub mod rust;
