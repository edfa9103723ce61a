//! The `gateway!` macro.
