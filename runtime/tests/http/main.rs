//! The runtime over real sockets: a small gateway in the form that the compiler writes, upstreams that misbehave byte by
//! byte, and clients that do.

#![allow(clippy::unwrap_used, reason = "a test says what failed by panicking")]

mod calls;
mod client;
mod embed;
mod ending;
mod framing;
mod once;
mod program;
mod requests;
mod shop;
mod times;
mod tls;
mod upstream;
