//! What a gateway needs while it runs.

mod answer;
mod call;
pub mod codegen;
mod error;
pub mod input;
pub mod json;
mod log;
mod step;
mod upstream;
pub mod value;

pub use answer::Answer;
pub use call::Call;
pub use error::{Error, Kind, Side, Violation};
pub use log::Log;
