//! Where the two halves of this crate meet: HTTP on one side, the scanning, writing and checking of JSON on the other.

use axum::http::StatusCode;
use bytes::Bytes;
use serde::Serialize;

use crate::call::Call;
use crate::error::Error;
use crate::input::{Input, Rejection, Source};
use crate::json::{self, Broken, Fragment, Scanner, Writer};
use crate::log::line::{self, Drift};
use crate::upstream::{Read, Request};
use crate::value::math::Arithmetic;

impl<'c> Input<'c> {
    /// Begins to read what the client of this call sent.
    pub fn of(call: &'c Call) -> Self {
        Self::new(Source { path: call.path_values(), query: call.query(), headers: call.headers(), body: call.body() })
    }
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Invalid(violations) => Self::violations(violations),
            Rejection::Malformed { .. } => Self::bad_request(rejection.to_string()),
            Rejection::UnsupportedMediaType => {
                Self::request(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body has to be application/json")
            }
        }
    }
}

impl From<Arithmetic> for Error {
    fn from(arithmetic: Arithmetic) -> Self {
        Self::arithmetic(arithmetic.to_string())
    }
}

impl Fragment {
    /// Any value of Rust as JSON, for the body of a typed client's request.
    pub fn encode<T: Serialize>(value: T) -> Result<Self, Error> {
        match serde_json::to_vec(&value) {
            Ok(text) => Ok(Self::new(text.into())),
            Err(error) => Err(Error::answer(format!("a value can't be written as JSON: {error}"))),
        }
    }
}

impl From<Writer> for Bytes {
    fn from(writer: Writer) -> Self {
        writer.into_bytes()
    }
}

impl From<Fragment> for Bytes {
    fn from(fragment: Fragment) -> Self {
        fragment.into_bytes()
    }
}

impl Request<'_> {
    /// Sends it and reads its answer, of a type that has no null.
    pub async fn fetch<T>(
        self,
        call: &Call,
        reader: impl FnOnce(&mut Scanner<'_>) -> Result<T, Broken>,
    ) -> Result<T, Error> {
        self.fetch_with(call, |body| read(body, reader)).await
    }

    /// Sends it and reads its answer, of a type `T?`: nothing for null, no body, and the statuses under `absent`.
    pub async fn fetch_if_any<T>(
        self,
        call: &Call,
        reader: impl FnOnce(&mut Scanner<'_>) -> Result<T, Broken>,
    ) -> Result<Option<T>, Error> {
        self.fetch_if_any_with(call, |body| read(body, reader)).await
    }

    /// `call?`: nothing where the call fails, and the answer says that it isn't complete. Only what is for the client
    /// fails: a relayed status, and a value of its own that can't stand in a path.
    pub async fn fetch_or_null<T>(
        self,
        call: &Call,
        reader: impl FnOnce(&mut Scanner<'_>) -> Result<T, Broken>,
    ) -> Result<Option<T>, Error> {
        self.fetch_or_null_with(call, |body| read(body, reader)).await
    }
}

fn read<T>(body: &Bytes, reader: impl FnOnce(&mut Scanner<'_>) -> Result<T, Broken>) -> Read<T> {
    let read = json::read(body, reader).map_err(|broken| broken.to_string())?;
    let drifted = read.drifts.into_iter();
    let drifted = drifted.map(|drift| Drift {
        field: drift.field,
        why: line::bounded(&drift.why).into_owned(),
        times: drift.times,
    });
    Ok((read.value, drifted.collect()))
}
