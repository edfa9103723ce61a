//! All that generated code may name: `use gatewright::codegen as gw;`.
//!
//! Code that people write should use the crate's root instead; what stands here may change with the compiler.

// === HTTP: calls, answers, steps, the server ===

// === Data: scanning, writing and checking JSON ===
