//! Helpers that the tests share.

pub mod cases;
pub mod files;
