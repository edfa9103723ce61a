//! Whole gateways on loopback, from client to services and back. Every test runs twice: through the generated files that `gw`
//! writes, and through `gateway!`; nobody can tell the two apart.

mod client;
mod gateway;
mod parameters;
mod programs;
mod storefront;
mod upstream;
