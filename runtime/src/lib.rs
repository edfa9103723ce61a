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

#[cfg(feature = "macros")]
pub use gatewright_macros::gateway;
