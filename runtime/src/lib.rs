//! What a gateway needs while it runs.

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
