//! What a gateway needs while it runs.

pub mod codegen;
