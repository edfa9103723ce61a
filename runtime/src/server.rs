//! The server: an accept loop with a bound on everything that a client can make it wait for or hold.

mod limits;

pub use limits::Limits;
