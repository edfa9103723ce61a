//! All that generated code may name: `use gatewright::codegen as gw;`.
//!
//! Code that people write should use the crate's root instead; what stands here may change with the compiler.

/// Generated code names this, so that a runtime of another version than its compiler's doesn't compile with it.
#[derive(Debug)]
pub struct V0_1;

#[doc(hidden)]
pub use serde;
pub use serde::{Deserialize, Serialize};

// === HTTP: calls, answers, steps, the server ===

#[doc(hidden)]
pub use tokio;

pub use std::convert::Infallible as Never;
pub use std::sync::Arc;
pub use std::time::Duration;

pub use axum::Router;
pub use axum::http::{HeaderMap, Method};
pub use bytes::Bytes;

pub use crate::__try_join as try_join;
pub use crate::answer::Answer;
pub use crate::call::Call;
pub use crate::config::{Config, ConfigError, Gateway, Runtime, Service, Setting};
pub use crate::error::Error;
pub use crate::route::{Endpoint, Route, route, router};
pub use crate::serve::Serve;
pub use crate::server::Limits;
pub use crate::step::{Shared, after, each, known, shared};
pub use crate::upstream::{Address, Operation, Request, Upstream, encoded, encoded_path};

// === Data: scanning, writing and checking JSON ===
pub use crate::input::{BodyScanner, Field, Input, Rejection, Violation};
pub use crate::json::{
    Aside, Broken, Drift, DriftSlot, Fragment, Json, Map, ObjectWriter, Raw, Scanner, Slot, ToJson, Writer,
};
pub use crate::value::math::Arithmetic;
pub use crate::value::{
    Bounds, Date, Decimal, Float, NumberRange, Path, Pattern, Reason, TextRule, Time, Url, Uuid, Variant, element,
    has_text, math, numbers, rows, secret, slice, slice_range, strings, text,
};
