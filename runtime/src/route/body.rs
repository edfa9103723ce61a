//! A client's body: whole, within its bound and its time, or refused.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::error::Error;

/// Takes the body. With a limit of 0 the endpoint takes none, and one that comes is refused.
pub(super) async fn read(body: Body, limit: usize, time: Duration) -> Result<Bytes, Error> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = body.size_hint().lower();
    if announced > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large(limit));
    }
    match timeout(time, collect(body, limit)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::request(StatusCode::REQUEST_TIMEOUT, "the body did not come in time")),
    }
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, Error> {
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Error::bad_request("the body is broken"))?;
        // Trailers are dropped: nothing that a client sends goes on unless the file names it.
        let Ok(data) = frame.into_data() else { continue };
        if first.len() + whole.len() + data.len() > limit {
            return Err(too_large(limit));
        }
        // A body that comes in one piece is not copied.
        if first.is_empty() && whole.is_empty() {
            first = data;
            continue;
        }
        if whole.is_empty() {
            whole.extend_from_slice(&std::mem::take(&mut first));
        }
        whole.extend_from_slice(&data);
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

fn too_large(limit: usize) -> Error {
    if limit == 0 {
        return Error::bad_request("this endpoint takes no body");
    }
    Error::request(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is over {limit} bytes"))
}
