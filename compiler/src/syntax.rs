//! Text to tree. Parsing never fails: what can't be read is reported and left out, and the rest stands.

pub mod ast;
