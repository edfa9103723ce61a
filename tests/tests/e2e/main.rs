//! Whole gateways on loopback, from client to services and back. Every test runs twice: through the generated files that `gw`
//! writes, and through `gateway!`; nobody can tell the two apart.

mod bodies;
mod client;
mod gateway;
mod orders;
mod parameters;
mod programs;
mod schedule;
mod storefront;
mod upstream;
