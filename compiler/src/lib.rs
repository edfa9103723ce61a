//! The Gatewright compiler: `.gw` text in, a plan and Rust text out.
//!
//! It reads no file, no environment and no clock, and prints nothing: shells (`gw`, the macro, an editor) do that.
//! The same input always gives the same output, byte for byte.

mod check;
pub mod diagnostic;
pub mod explain;
pub mod files;
pub mod model;
pub mod plan;
pub mod resolve;
pub mod source;
pub mod spelling;
pub mod syntax;
pub mod typed;
