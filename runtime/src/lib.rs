//! What a gateway needs while it runs.
//!
//! The Gatewright compiler turns a `.gw` file into Rust. That Rust names the calls, their order, and what is read of each
//! answer; everything that holds for every gateway is here. Three kinds of programs use this crate.
//!
//! **A generated gateway** is a crate of its own, written by `gw generate`, and its `main` is one line:
//! `gatewright::serve(storefront::Storefront::builder())`. [`serve`] reads the environment, tells all that is wrong with it
//! at once, listens, and finishes what is in hand when it is told to stop.
//!
//! **A program with routes of its own** has a gateway beside them, by the macro `gateway!`, and calls the gateway's services as
//! typed clients. Its routes are merged or nested in any `axum::Router`.
//!
//! Everything that is promised of an endpoint comes with its route, and so holds there too: the deadline, the request's id,
//! its line in the log, a panic kept to its request, and safe calls that stop when the client leaves. What is promised of
//! connections comes with the server: axum's own has no such bounds, [`Server`] has them for any router:
//!
//! ```no_run
//! # async fn run() -> std::io::Result<()> {
//! let app = axum::Router::new().route("/", axum::routing::get(async || "hello"));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! let limits = gatewright::Limits { connections: 1_000, ..gatewright::Limits::DEFAULT };
//! let stop = async { drop(tokio::signal::ctrl_c().await) };
//! gatewright::Server::new(app).limits(limits).health("/healthz").run(listener, stop, std::future::pending()).await;
//! # Ok(())
//! # }
//! ```
//!
//! **The compiler's output itself** names [`codegen`] and nothing else. That page may change with the compiler; the rest of
//! this crate's root is for people.
//!
//! # What the client may read, and what the log keeps
//!
//! An [`Error`] has two sides. The client gets `application/problem+json` with a sentence of ours, the operation's name and
//! the request's id; what an upstream sent, where it is, and which field broke its contract are in the log under that id.
//!
//! # How it is laid out
//!
//! | | |
//! |---|---|
//! | `server` | the accept loop, and the bounds of connections and requests |
//! | `route` | what stands around a handler |
//! | `call`, `answer`, `error` | a client's request, and what it gets |
//! | `upstream` | requests to services, and what their answers may be |
//! | `step` | how the steps of one request wait for each other |
//! | [`json`], [`value`], [`input`] | bodies and values: scanned, written, checked |
//! | `config`, `serve`, `log`, `health` | the program around it |
//!
//! Nothing here is `unsafe`, and nothing a client or a service sends makes it panic.

#![warn(missing_docs)]

mod answer;
mod bridge;
mod call;
pub mod codegen;
mod config;
mod error;
mod health;
pub mod input;
pub mod json;
mod log;
mod route;
mod serve;
mod server;
mod step;
mod upstream;
pub mod value;

pub use answer::Answer;
pub use call::Call;
pub use config::{Config, ConfigError};
pub use error::{Error, Kind, Side};
pub use input::Violation;
pub use log::Log;
pub use serve::{Serve, serve};
pub use server::{Limits, Server};

/// A gateway in a crate of your own, from a text in the macro or from a file: `gateway!("shop.gw")`.
///
/// It makes a public module that is named after the gateway:
///
/// - `shop::Shop` is the gateway. `Shop::builder()` sets it up: `from_env()` reads the variables that the text names, and
///   each service's address can be given in code; `build()` tells of everything that is missing or malformed, together.
/// - `router()` has its endpoints, to be merged or nested in any [`axum::Router`].
/// - `services()` has its services as typed clients, for code of your own.
/// - `shop::types` has the types that the text declares.
///
/// ```no_run
/// gatewright::gateway! {
///     gateway Shop {}
///
///     type Product { id: Int, name: String, price: Decimal }
///
///     service Catalog at env("CATALOG_URL", "http://localhost:9001") {
///         GET "/products/{id}" product(id: Int) -> Product
///     }
///
///     endpoint GET "/products/{id}" product(id: Int) {
///         public
///         respond Catalog.product(id) { name, price }
///     }
/// }
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let shop = shop::Shop::builder().from_env()?.build()?;
/// let pen = shop.services().catalog.product(1).await?;
/// println!("{}", pen.name);
///
/// let app = axum::Router::new()
///     .route("/", axum::routing::get(|| async { "hello" }))
///     .nest("/shop", shop.router());
/// # let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
/// # axum::serve(listener, app).await?;
/// # Ok(())
/// # }
/// ```
///
/// Files are found from the folder of the crate's `Cargo.toml`: the one that the macro names, and what a text in the macro uses
/// (`use "./types.gw"`). When one of them changes, cargo builds again.
///
/// What is wrong with a text in the macro is underlined at its words. What is wrong with a file is drawn in the message, with its
/// line and column. Warnings are those of the lint `deprecated`, for want of a better way.
///
/// The dependency must be named `gatewright`; nothing else but axum is needed.
#[cfg(feature = "macros")]
pub use gatewright_macros::gateway;
